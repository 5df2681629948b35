/// An element of `rules`: about one group, or about all groups whose name fits a pattern.
enum RuleEntry: Codable {
    case rule(DirectorySettings.Rule)
    case pattern(GroupPattern)

    init(from decoder: any Decoder) throws {
        let container = try? decoder.container(keyedBy: MemberName.self)
        let hasPattern =
            try container?.contains(MemberName("pattern")) == true
            && container?.decodeNil(forKey: MemberName("pattern")) == false
        self =
            hasPattern
            ? .pattern(try GroupPattern(from: decoder)) : .rule(try DirectorySettings.Rule(from: decoder))
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .rule(let rule): try rule.encode(to: encoder)
        case .pattern(let pattern): try pattern.encode(to: encoder)
        }
    }
}

extension GroupPattern: Codable {
    /// `{"pattern":"registry-{org}-{team}"}`, or without a team and perhaps with a `role`.
    public init(from decoder: any Decoder) throws {
        let members = try MemberReader(decoder, knows: ["pattern", "role"])
        let text: String = try members.required("pattern", "a group's name with {org} in it")
        let role: OrganizationMember.Role? = try members.choice("role", OrganizationMember.Role.allCases)
        do {
            try self.init(text, role: role)
        } catch {
            throw members.error("pattern", value: text, reason: error.reason)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: MemberName.self)
        try container.encode(text, forKey: MemberName("pattern"))
        try container.encodeIfPresent(role, forKey: MemberName("role"))
    }
}

extension DirectorySettings.Rule {
    /// `{"group":…, "team":"nerd-dinner/ops"}`, `{"group":…, "org":"nerd-dinner", "role":"owner"}`
    /// (without a role, `member`) or `{"group":…, "system_admin":true}`.
    public init(from decoder: any Decoder) throws {
        let members = try MemberReader(decoder, knows: ["group", "team", "org", "role", "system_admin", "pattern"])
        let group: String = try members.required("group", "a group's DN, objectGUID or entryUUID")
        let team: String? = try members.optional("team", "organisation/team")
        let organization: String? = try members.optional("org", "an organisation's name")
        let isSystemAdmin = try members.optional("system_admin", "true or false", as: Bool.self) ?? false
        let role: OrganizationMember.Role? = try members.choice("role", OrganizationMember.Role.allCases)

        guard [team != nil, organization != nil, isSystemAdmin].count(where: { $0 }) == 1 else {
            throw members.error("a rule feeds exactly one of team, org and system_admin; write one rule for each")
        }
        if role != nil, organization == nil {
            throw members.error("role", reason: "belongs beside org only")
        }
        if let team {
            self.init(group: group, feeds: try Self.team(team, in: members))
        } else if let organization {
            let name = try Self.name(organization, of: "org", in: members)
            self.init(group: group, feeds: .organization(name, role: role ?? .member))
        } else {
            self.init(group: group, feeds: .systemAdmin)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: MemberName.self)
        try container.encode(group, forKey: MemberName("group"))
        switch feeds {
        case .team(let organization, let team):
            try container.encode("\(organization)/\(team)", forKey: MemberName("team"))
        case .organization(let name, let role):
            try container.encode(name, forKey: MemberName("org"))
            try container.encode(role, forKey: MemberName("role"))
        case .systemAdmin:
            try container.encode(true, forKey: MemberName("system_admin"))
        }
    }

    private static func team(_ text: String, in members: MemberReader) throws -> DirectorySettings.Feed {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw members.error("team", value: text, reason: "write organisation/team, as in nerd-dinner/ops")
        }
        let organization = try name(String(parts[0]), of: "team", in: members)
        do {
            return .team(organization: organization, team: try TeamName(parts[1]))
        } catch {
            throw members.error("team", value: text, reason: error.description)
        }
    }

    private static func name(_ text: String, of member: String, in members: MemberReader) throws -> AccountName {
        do {
            return try AccountName(text)
        } catch {
            throw members.error(member, value: text, reason: error.description)
        }
    }
}

extension DirectorySettings.Feed: CustomStringConvertible {
    /// `nerd-dinner/ops`, `the owners of nerd-dinner` or `the system administrators`, for sentences.
    public var description: String {
        switch self {
        case .team(let organization, let team): "\(organization)/\(team)"
        case .organization(let name, let role): "the \(role.rawValue)s of \(name)"
        case .systemAdmin: "the system administrators"
        }
    }
}
