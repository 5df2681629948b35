// The JSON of `PUT /v1/directories/{name}`. Members that are absent or null take their defaults;
// members that nobody knows are errors, as a mistyped limit would otherwise not limit anything.

extension DirectorySettings {
    static let members = [
        "preset", "urls", "tls", "bind", "users", "groups", "attributes", "rules", "leavers", "brake", "schedule",
        "full_schedule", "login", "just_in_time", "page_size", "timeout",
    ]

    /// Throws `DirectorySettingsError`. Does not `validate()`. A password is refused here: what
    /// an administrator sends is read by `DirectoryInput`.
    public init(from decoder: any Decoder) throws {
        let members = try MemberReader(decoder, knows: Self.members)
        try self.init(members, bind: members.optional("bind", "an object with a dn"))
    }

    init(_ members: MemberReader, bind: Bind?) throws {
        guard let preset: Preset = try members.choice("preset", Preset.allCases) else {
            throw members.error(
                "preset",
                reason: "is missing; it should be one of \(Preset.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let defaults = preset.defaults
        let users: PartialSearch = try members.required("users", "an object with a base")
        let groups: PartialSearch = try members.required("groups", "an object with a base")
        let attributes: PartialAttributes? = try members.optional("attributes", "an object")
        self.init(
            preset: preset,
            urls: try members.required("urls", "a list of URLs such as ldaps://dc1.example.com"),
            tls: try members.optional("tls", "an object with a mode") ?? TLS(mode: .ldaps),
            bind: bind,
            users: users.search(filter: defaults.usersFilter),
            groups: groups.search(filter: defaults.groupsFilter),
            attributes: attributes?.filled(from: defaults.attributes) ?? defaults.attributes,
            rules: try members.optional("rules", "a list of rules") ?? [],
            brake: try members.optional("brake", "an object of limits") ?? Brake(),
            allowsLogin: try members.optional("login", "true or false") ?? true,
            pageSize: try members.optional("page_size", "a whole number") ?? 500,
            timeout: try members.optional("timeout", "a whole number of seconds") ?? 30)
        _ = try members.optional("leavers", "an object with an action", as: Leavers.self)
        try members.refuse("schedule")
        try members.refuse("full_schedule")
        if try members.optional("just_in_time", "true or false", as: Bool.self) == true {
            throw members.error(
                "just_in_time", value: "true", reason: "is not supported by this version; set it to false")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: MemberName.self)
        try container.encode(preset, forKey: MemberName("preset"))
        try container.encode(urls, forKey: MemberName("urls"))
        try container.encode(tls, forKey: MemberName("tls"))
        try container.encodeIfPresent(bind, forKey: MemberName("bind"))
        try container.encode(users, forKey: MemberName("users"))
        try container.encode(groups, forKey: MemberName("groups"))
        try container.encode(attributes, forKey: MemberName("attributes"))
        try container.encode(rules, forKey: MemberName("rules"))
        try container.encode(Leavers(), forKey: MemberName("leavers"))
        try container.encode(brake, forKey: MemberName("brake"))
        try container.encodeNil(forKey: MemberName("schedule"))
        try container.encodeNil(forKey: MemberName("full_schedule"))
        try container.encode(allowsLogin, forKey: MemberName("login"))
        try container.encode(false, forKey: MemberName("just_in_time"))
        try container.encode(pageSize, forKey: MemberName("page_size"))
        try container.encode(timeout, forKey: MemberName("timeout"))
    }

    /// What this version does with people who leave: their accounts become inactive.
    private struct Leavers: Codable {
        init() {}

        init(from decoder: any Decoder) throws {
            let members = try MemberReader(decoder, knows: ["action", "delete_after_days"])
            let action: String? = try members.optional("action", "deactivate")
            if let action, action != "deactivate" {
                throw members.error("action", value: action, reason: "this version can only deactivate")
            }
            try members.refuse("delete_after_days")
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: MemberName.self)
            try container.encode("deactivate", forKey: MemberName("action"))
            try container.encodeNil(forKey: MemberName("delete_after_days"))
        }
    }
}

extension DirectorySettings.Preset {
    /// The filters and attributes of the two kinds of directory.
    var defaults: (usersFilter: String, groupsFilter: String, attributes: DirectorySettings.Attributes) {
        switch self {
        case .activeDirectory:
            (
                "(&(objectCategory=person)(objectClass=user))", "(objectClass=group)",
                .init(login: "sAMAccountName", fullName: "displayName", email: "mail", member: "member")
            )
        case .openLDAP:
            (
                "(objectClass=inetOrgPerson)", "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))",
                .init(login: "uid", fullName: "cn", email: "mail", member: "member")
            )
        }
    }
}

extension DirectorySettings.TLS {
    public init(from decoder: any Decoder) throws {
        let members = try MemberReader(decoder, knows: ["mode", "ca_file", "allow_cleartext"])
        self.init(
            mode: try members.choice("mode", [.ldaps, .starttls, .none]) ?? Mode.ldaps,
            caFile: try members.optional("ca_file", "the path of a PEM file"),
            allowCleartext: try members.optional("allow_cleartext", "true or false") ?? false)
    }
}

extension DirectorySettings.Bind {
    public init(from decoder: any Decoder) throws {
        let members = try MemberReader(decoder, knows: ["dn", "password_file"])
        self.init(
            dn: try members.required("dn", "a text"),
            passwordFile: try members.optional("password_file", "the path of a file"))
    }
}

extension DirectorySettings.Search {
    public init(from decoder: any Decoder) throws {
        let partial = try PartialSearch(from: decoder)
        guard let filter = partial.filter else {
            throw DirectorySettingsError(field: "filter", reason: "is missing; it should be a search filter")
        }
        self.init(base: partial.base, filter: filter, scope: partial.scope)
    }
}

extension DirectorySettings.Brake {
    public init(from decoder: any Decoder) throws {
        let names = ["max_removals", "max_percent", "max_team_percent", "max_promotions", "max_additions_percent"]
        let members = try MemberReader(decoder, knows: names)
        self.init()
        maxRemovals = try members.optional(names[0], "a whole number") ?? maxRemovals
        maxPercent = try members.optional(names[1], "a whole number") ?? maxPercent
        maxTeamPercent = try members.optional(names[2], "a whole number") ?? maxTeamPercent
        maxPromotions = try members.optional(names[3], "a whole number") ?? maxPromotions
        maxAdditionsPercent = try members.optional(names[4], "a whole number") ?? maxAdditionsPercent
    }
}

private struct PartialSearch: Decodable {
    var base: String
    var filter: String?
    var scope: DirectorySettings.Search.Scope

    init(from decoder: any Decoder) throws {
        let members = try MemberReader(decoder, knows: ["base", "filter", "scope"])
        base = try members.required("base", "a distinguished name")
        filter = try members.optional("filter", "a search filter")
        scope = try members.choice("scope", [.subtree, .one]) ?? .subtree
    }

    func search(filter preset: String) -> DirectorySettings.Search {
        DirectorySettings.Search(base: base, filter: filter ?? preset, scope: scope)
    }
}

private struct PartialAttributes: Decodable {
    var login: String?
    var fullName: String?
    var email: String?
    var member: String?

    init(from decoder: any Decoder) throws {
        let members = try MemberReader(decoder, knows: ["login", "full_name", "email", "member"])
        login = try members.optional("login", "an attribute's name")
        fullName = try members.optional("full_name", "an attribute's name")
        email = try members.optional("email", "an attribute's name")
        member = try members.optional("member", "an attribute's name")
    }

    func filled(from preset: DirectorySettings.Attributes) -> DirectorySettings.Attributes {
        DirectorySettings.Attributes(
            login: login ?? preset.login, fullName: fullName ?? preset.fullName, email: email ?? preset.email,
            member: member ?? preset.member)
    }
}
