// The JSON of `PUT /v1/directories/{name}`. Members that are absent or null take their defaults;
// members that nobody knows are errors, as a mistyped limit would otherwise not limit anything.

extension DirectorySettings {
    static let members = [
        "preset", "urls", "tls", "bind", "users", "groups", "attributes", "rules", "leavers", "brake", "schedule",
        "full_schedule", "login", "just_in_time", "page_size", "timeout", "local_members", "order", "login_memory",
        "login_attempts",
        "netbios_name",
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
        self.init(
            preset: preset,
            urls: try members.required("urls", "a list of URLs such as ldaps://dc1.example.com"),
            tls: try members.optional("tls", "an object with a mode") ?? TLS(mode: .ldaps),
            bind: bind,
            users: try members.search("users", filter: defaults?.usersFilter),
            groups: try members.search("groups", filter: defaults?.groupsFilter),
            attributes: try members.attributes(else: defaults?.attributes),
            rules: [],
            brake: try members.optional("brake", "an object of limits") ?? Brake(),
            allowsLogin: try members.optional("login", "true or false") ?? true,
            pageSize: try members.optional("page_size", "a whole number") ?? 500,
            timeout: try members.optional("timeout", "a whole number of seconds") ?? 30)
        for entry in try members.optional("rules", "a list of rules", as: [RuleEntry].self) ?? [] {
            switch entry {
            case .rule(let rule): rules.append(rule)
            case .pattern(let pattern): patterns.append(pattern)
            }
        }
        let leavers: Leavers? = try members.optional("leavers", "an object with an action")
        confirmsLeaversAfter = leavers?.confirmAfter ?? confirmsLeaversAfter
        deletesLeaversAfterDays = leavers?.deleteAfterDays
        localMembers = try members.choice("local_members", LocalMembers.allCases) ?? localMembers
        schedule = try members.schedule("schedule")
        fullSchedule = try members.schedule("full_schedule")
        order = try members.optional("order", "a whole number") ?? order
        justInTime = try members.optional("just_in_time", "true or false") ?? justInTime
        loginMemory = try members.optional("login_memory", "a whole number of seconds") ?? loginMemory
        loginAttempts = try members.optional("login_attempts", "a whole number") ?? loginAttempts
        netBIOSName = try members.optional("netbios_name", "a domain's short name")
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
        try container.encode(
            rules.map(RuleEntry.rule) + patterns.map(RuleEntry.pattern), forKey: MemberName("rules"))
        try container.encode(
            Leavers(confirmAfter: confirmsLeaversAfter, deleteAfterDays: deletesLeaversAfterDays),
            forKey: MemberName("leavers"))
        try container.encode(brake, forKey: MemberName("brake"))
        try container.encode(schedule?.description, forKey: MemberName("schedule"))
        try container.encode(fullSchedule?.description, forKey: MemberName("full_schedule"))
        try container.encode(allowsLogin, forKey: MemberName("login"))
        try container.encode(justInTime, forKey: MemberName("just_in_time"))
        try container.encode(loginMemory, forKey: MemberName("login_memory"))
        try container.encode(loginAttempts, forKey: MemberName("login_attempts"))
        try container.encode(localMembers, forKey: MemberName("local_members"))
        try container.encodeIfPresent(netBIOSName, forKey: MemberName("netbios_name"))
        try container.encode(order, forKey: MemberName("order"))
        try container.encode(pageSize, forKey: MemberName("page_size"))
        try container.encode(timeout, forKey: MemberName("timeout"))
    }

    /// What becomes of people who leave: their accounts become inactive, and may be deleted later.
    private struct Leavers: Codable {
        var confirmAfter: SyncInterval?
        var deleteAfterDays: Int?

        init(confirmAfter: SyncInterval, deleteAfterDays: Int?) {
            self.confirmAfter = confirmAfter
            self.deleteAfterDays = deleteAfterDays
        }

        init(from decoder: any Decoder) throws {
            let members = try MemberReader(decoder, knows: ["action", "confirm_after", "delete_after_days"])
            let action: String? = try members.optional("action", "deactivate")
            if let action, action != "deactivate" {
                throw members.error(
                    "action", value: action, reason: "should be deactivate; delete_after_days deletes them later")
            }
            confirmAfter = try members.parsed("confirm_after", "a text such as 6h") {
                (text) throws(SyncScheduleError) in try SyncInterval(text)
            }
            deleteAfterDays = try members.optional("delete_after_days", "a whole number of days, or null")
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: MemberName.self)
            try container.encode("deactivate", forKey: MemberName("action"))
            try container.encode(confirmAfter?.description, forKey: MemberName("confirm_after"))
            try container.encode(deleteAfterDays, forKey: MemberName("delete_after_days"))
        }
    }
}

extension MemberReader {
    fileprivate func schedule(_ name: String) throws -> SyncSchedule? {
        try parsed(name, "a text such as 15m or */15 * * * *") { (text) throws(SyncScheduleError) in
            try SyncSchedule(text)
        }
    }

    fileprivate func parsed<Value>(
        _ name: String, _ form: String, _ parse: (String) throws(SyncScheduleError) -> Value
    ) throws -> Value? {
        guard let text: String = try optional(name, form) else { return nil }
        do throws(SyncScheduleError) {
            return try parse(text)
        } catch {
            throw self.error(name, value: text, reason: error.reason)
        }
    }
}

extension DirectorySettings.Preset {
    /// The filters and attributes of a kind of directory; nil where the settings name them all.
    var defaults: (usersFilter: String, groupsFilter: String, attributes: DirectorySettings.Attributes)? {
        switch self {
        case .activeDirectory:
            (
                "(&(objectCategory=person)(objectClass=user))", "(objectClass=group)",
                .init(
                    login: "sAMAccountName", fullName: "displayName", email: "mail", member: "member",
                    principalName: "userPrincipalName")
            )
        case .openLDAP:
            (
                "(objectClass=inetOrgPerson)", "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))",
                .init(login: "uid", fullName: "cn", email: "mail", member: "member")
            )
        case .freeIPA:
            (
                "(&(objectClass=inetOrgPerson)(objectClass=ipaObject))", "(objectClass=ipaUserGroup)",
                .init(login: "uid", fullName: "cn", email: "mail", member: "member")
            )
        case .custom: nil
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
        let members = try MemberReader(decoder, knows: CodingKeys.allCases.map(\.rawValue))
        func number(_ key: CodingKeys) throws -> Int? { try members.optional(key.rawValue, "a whole number") }
        self.init()
        maxRemovals = try number(.maxRemovals) ?? maxRemovals
        maxPercent = try number(.maxPercent) ?? maxPercent
        maxTeamRemovals = try number(.maxTeamRemovals)
        maxTeamPercent = try number(.maxTeamPercent) ?? maxTeamPercent
        maxOrganizationRemovals = try number(.maxOrganizationRemovals)
        maxOrganizationPercent = try number(.maxOrganizationPercent) ?? maxOrganizationPercent
        maxPromotions = try number(.maxPromotions) ?? maxPromotions
        maxReactivations = try number(.maxReactivations) ?? maxReactivations
        maxRenamePercent = try number(.maxRenamePercent) ?? maxRenamePercent
        maxAdditionsPercent = try number(.maxAdditionsPercent) ?? maxAdditionsPercent
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

}

extension MemberReader {
    /// - Parameter preset: the filter where none is given; nil if one is needed.
    fileprivate func search(_ name: String, filter preset: String?) throws -> DirectorySettings.Search {
        let search: PartialSearch = try required(name, "an object with a base")
        guard let filter = search.filter ?? preset else {
            throw error("\(name).filter", reason: "is missing; the preset custom has none of its own")
        }
        return DirectorySettings.Search(base: search.base, filter: filter, scope: search.scope)
    }

    /// - Parameter preset: what the attributes are that are not given; nil if they are needed.
    fileprivate func attributes(
        else preset: DirectorySettings.Attributes?
    ) throws -> DirectorySettings.Attributes {
        let given: PartialAttributes? = try optional("attributes", "an object")
        func needed(_ name: String, _ value: String?, _ preset: String?) throws -> String {
            guard let value = value ?? preset else {
                throw error("attributes.\(name)", reason: "is missing; the preset custom has none of its own")
            }
            return value
        }
        return DirectorySettings.Attributes(
            login: try needed("login", given?.login, preset?.login),
            fullName: try needed("full_name", given?.fullName, preset?.fullName),
            email: try needed("email", given?.email, preset?.email),
            member: try needed("member", given?.member, preset?.member),
            principalName: given?.principalName ?? preset?.principalName ?? "",
            identity: try needed("identity", given?.identity, preset?.identity), inactive: given?.inactive ?? [])
    }
}

private struct PartialAttributes: Decodable {
    var login: String?
    var fullName: String?
    var email: String?
    var member: String?
    var principalName: String?
    var identity: String?
    var inactive: [DirectorySettings.InactiveMark]?

    init(from decoder: any Decoder) throws {
        let members = try MemberReader(
            decoder, knows: ["identity", "login", "full_name", "email", "member", "principal_name", "inactive"])
        login = try members.optional("login", "an attribute's name")
        fullName = try members.optional("full_name", "an attribute's name")
        email = try members.optional("email", "an attribute's name")
        member = try members.optional("member", "an attribute's name")
        principalName = try members.optional("principal_name", "an attribute's name")
        identity = try members.optional("identity", "an attribute's name")
        inactive = try members.optional("inactive", "a list of texts such as nsAccountLock or employeeStatus=ended")
    }
}
