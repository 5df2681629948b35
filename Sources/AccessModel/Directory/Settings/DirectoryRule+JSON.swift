public import StrictJSON

/// An element of `rules`: about one group, or about all groups whose name fits a pattern.
enum RuleEntry: JSONReadable, Encodable {
    case rule(DirectorySettings.Rule)
    case pattern(GroupPattern)

    init(json: JSONValue) throws(JSONError) {
        self =
            json["pattern"].isNull
            ? .rule(try DirectorySettings.Rule(json: json)) : .pattern(try GroupPattern(json: json))
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .rule(let rule): try rule.encode(to: encoder)
        case .pattern(let pattern): try pattern.encode(to: encoder)
        }
    }
}

extension GroupPattern: JSONReadable, Encodable {
    /// `{"pattern":"registry-{org}-{team}"}`, or without a team and perhaps with a `role`.
    public init(json: JSONValue) throws(JSONError) {
        var members = try JSONMembers(json)
        let text = try members.required(String.self, "pattern", "a group's name with {org} in it")
        let role = try members.optional(OrganizationMember.Role.self, "role")
        try members.refuseUnknown()
        do {
            try self.init(text, role: role)
        } catch {
            throw JSONError(error.reason, at: "pattern", value: text)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: JSONMemberName.self)
        try container.encode(text, forKey: JSONMemberName("pattern"))
        try container.encodeIfPresent(role, forKey: JSONMemberName("role"))
    }
}

extension DirectorySettings.Rule: JSONReadable {
    /// `{"group":…, "team":"nerd-dinner/ops"}`, `{"group":…, "org":"nerd-dinner", "role":"owner"}`
    /// (without a role, `member`) or `{"group":…, "system_admin":true}`.
    public init(json: JSONValue) throws(JSONError) {
        var members = try JSONMembers(json)
        let group = try members.required(String.self, "group", "a group's DN, objectGUID or entryUUID")
        let team = try members.optional(TeamFeed.self, "team", "organisation/team")
        let organization = try members.optional(AccountName.self, "org")
        let role = try members.optional(OrganizationMember.Role.self, "role")
        let isSystemAdmin = try members.optional(Bool.self, "system_admin") ?? false
        // Read by `RuleEntry`; null counts as absent.
        _ = try members.optional(String.self, "pattern")
        try members.refuseUnknown()

        guard [team != nil, organization != nil, isSystemAdmin].count(where: { $0 }) == 1 else {
            throw JSONError("a rule feeds exactly one of team, org and system_admin; write one rule for each")
        }
        if role != nil, organization == nil { throw JSONError("it belongs beside org only", at: "role") }
        if let team {
            self.init(group: group, feeds: team.feed)
        } else if let organization {
            self.init(group: group, feeds: .organization(organization, role: role ?? .member))
        } else {
            self.init(group: group, feeds: .systemAdmin)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: JSONMemberName.self)
        try container.encode(group, forKey: JSONMemberName("group"))
        switch feeds {
        case .team(let organization, let team):
            try container.encode("\(organization)/\(team)", forKey: JSONMemberName("team"))
        case .organization(let name, let role):
            try container.encode(name, forKey: JSONMemberName("org"))
            try container.encode(role, forKey: JSONMemberName("role"))
        case .systemAdmin:
            try container.encode(true, forKey: JSONMemberName("system_admin"))
        }
    }
}

/// `nerd-dinner/ops`.
private struct TeamFeed: JSONReadable {
    let feed: DirectorySettings.Feed

    init(json: JSONValue) throws(JSONError) {
        let text = try String(json: json)
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw JSONError("write organisation/team, as in nerd-dinner/ops", value: text)
        }
        do throws(NameError) {
            feed = .team(organization: try AccountName(parts[0]), team: try TeamName(parts[1]))
        } catch {
            throw JSONError(error.description)
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
