public import StrictJSON

// The JSON of `PUT /v1/directories/{name}`. Members that are absent or null take their defaults;
// members that nobody knows are errors, as a mistyped limit would otherwise not limit anything.

extension DirectorySettings: JSONReadable, Encodable {
    /// Does not `validate()`. A password is refused here: what an administrator sends is read by `DirectoryInput`.
    public init(json: JSONValue) throws(JSONError) {
        var members = try JSONMembers(json)
        try self.init(&members, bind: try members.optional(Bind.self, "bind", "an object with a dn"))
        try members.refuseUnknown()
    }

    init(_ members: inout JSONMembers, bind: Bind?) throws(JSONError) {
        let preset = try members.required(
            Preset.self, "preset", "one of \(Preset.allCases.map(\.rawValue).joined(separator: ", "))")
        let defaults = preset.defaults
        self.init(
            preset: preset,
            urls: try members.required([String].self, "urls", "a list of URLs such as ldaps://dc1.example.com"),
            tls: try members.optional(TLS.self, "tls", "an object with a mode") ?? TLS(mode: .ldaps),
            bind: bind,
            users: try members.search("users", filter: defaults?.usersFilter),
            groups: try members.search("groups", filter: defaults?.groupsFilter),
            attributes: try members.attributes(else: defaults?.attributes),
            rules: [],
            brake: try members.optional(Brake.self, "brake", "an object of limits") ?? Brake(),
            allowsLogin: try members.optional(Bool.self, "login") ?? true,
            pageSize: try members.optional(Int.self, "page_size") ?? 500,
            timeout: try members.optional(Int.self, "timeout", "a whole number of seconds") ?? 30)
        for entry in try members.optional([RuleEntry].self, "rules", "a list of rules") ?? [] {
            switch entry {
            case .rule(let rule): rules.append(rule)
            case .pattern(let pattern): patterns.append(pattern)
            }
        }
        let leavers = try members.optional(Leavers.self, "leavers", "an object with an action")
        confirmsLeaversAfter = leavers?.confirmAfter ?? confirmsLeaversAfter
        deletesLeaversAfterDays = leavers?.deleteAfterDays
        localMembers = try members.optional(LocalMembers.self, "local_members") ?? localMembers
        schedule = try members.optional(SyncSchedule.self, "schedule", "a text such as 15m or */15 * * * *")
        fullSchedule = try members.optional(SyncSchedule.self, "full_schedule", "a text such as 1d or 0 3 * * *")
        order = try members.optional(Int.self, "order") ?? order
        justInTime = try members.optional(Bool.self, "just_in_time") ?? justInTime
        loginMemory = try members.optional(Int.self, "login_memory", "a whole number of seconds") ?? loginMemory
        loginAttempts = try members.optional(Int.self, "login_attempts") ?? loginAttempts
        netBIOSName = try members.optional(String.self, "netbios_name", "a domain's short name")
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: JSONMemberName.self)
        try container.encode(preset, forKey: JSONMemberName("preset"))
        try container.encode(urls, forKey: JSONMemberName("urls"))
        try container.encode(tls, forKey: JSONMemberName("tls"))
        try container.encodeIfPresent(bind, forKey: JSONMemberName("bind"))
        try container.encode(users, forKey: JSONMemberName("users"))
        try container.encode(groups, forKey: JSONMemberName("groups"))
        try container.encode(attributes, forKey: JSONMemberName("attributes"))
        try container.encode(
            rules.map(RuleEntry.rule) + patterns.map(RuleEntry.pattern), forKey: JSONMemberName("rules"))
        try container.encode(
            Leavers(confirmAfter: confirmsLeaversAfter, deleteAfterDays: deletesLeaversAfterDays),
            forKey: JSONMemberName("leavers"))
        try container.encode(brake, forKey: JSONMemberName("brake"))
        try container.encode(schedule?.description, forKey: JSONMemberName("schedule"))
        try container.encode(fullSchedule?.description, forKey: JSONMemberName("full_schedule"))
        try container.encode(allowsLogin, forKey: JSONMemberName("login"))
        try container.encode(justInTime, forKey: JSONMemberName("just_in_time"))
        try container.encode(loginMemory, forKey: JSONMemberName("login_memory"))
        try container.encode(loginAttempts, forKey: JSONMemberName("login_attempts"))
        try container.encode(localMembers, forKey: JSONMemberName("local_members"))
        try container.encodeIfPresent(netBIOSName, forKey: JSONMemberName("netbios_name"))
        try container.encode(order, forKey: JSONMemberName("order"))
        try container.encode(pageSize, forKey: JSONMemberName("page_size"))
        try container.encode(timeout, forKey: JSONMemberName("timeout"))
    }

    /// What becomes of people who leave: their accounts become inactive, and may be deleted later.
    private struct Leavers: JSONReadable, Encodable {
        var confirmAfter: SyncInterval?
        var deleteAfterDays: Int?

        init(confirmAfter: SyncInterval, deleteAfterDays: Int?) {
            self.confirmAfter = confirmAfter
            self.deleteAfterDays = deleteAfterDays
        }

        init(json: JSONValue) throws(JSONError) {
            var members = try JSONMembers(json)
            let action = try members.optional(String.self, "action", "deactivate")
            if let action, action != "deactivate" {
                throw JSONError("use deactivate; delete_after_days deletes them later", at: "action", value: action)
            }
            confirmAfter = try members.optional(SyncInterval.self, "confirm_after", "a text such as 6h")
            deleteAfterDays = try members.optional(
                Int.self, "delete_after_days", "a whole number of days, or null")
            try members.refuseUnknown()
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: JSONMemberName.self)
            try container.encode("deactivate", forKey: JSONMemberName("action"))
            try container.encode(confirmAfter?.description, forKey: JSONMemberName("confirm_after"))
            try container.encode(deleteAfterDays, forKey: JSONMemberName("delete_after_days"))
        }
    }
}

extension SyncSchedule: JSONReadable {
    public init(json: JSONValue) throws(JSONError) {
        let text = try String(json: json)
        do { try self.init(text) } catch { throw JSONError(error.reason, value: text) }
    }
}

extension SyncInterval: JSONReadable {
    public init(json: JSONValue) throws(JSONError) {
        let text = try String(json: json)
        do { try self.init(text) } catch { throw JSONError(error.reason, value: text) }
    }
}

extension DirectorySettings.Preset: JSONReadable {}
extension DirectorySettings.LocalMembers: JSONReadable {}
extension DirectorySettings.TLS.Mode: JSONReadable {}
extension DirectorySettings.Search.Scope: JSONReadable {}

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

extension DirectorySettings.TLS: JSONReadable {
    public init(json: JSONValue) throws(JSONError) {
        var members = try JSONMembers(json)
        self.init(
            mode: try members.optional(Mode.self, "mode") ?? .ldaps,
            caFile: try members.optional(String.self, "ca_file", "the path of a PEM file"),
            allowCleartext: try members.optional(Bool.self, "allow_cleartext") ?? false)
        try members.refuseUnknown()
    }
}

extension DirectorySettings.Bind: JSONReadable {
    public init(json: JSONValue) throws(JSONError) {
        var members = try JSONMembers(json)
        try self.init(&members)
        try members.refuseUnknown()
    }

    init(_ members: inout JSONMembers) throws(JSONError) {
        self.init(
            dn: try members.required(String.self, "dn", "a distinguished name"),
            passwordFile: try members.optional(String.self, "password_file", "the path of a file"))
    }
}

extension DirectorySettings.Brake: JSONReadable {
    public init(json: JSONValue) throws(JSONError) {
        var members = try JSONMembers(json)
        func number(_ key: CodingKeys) throws(JSONError) -> Int? { try members.optional(Int.self, key.rawValue) }
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
        try members.refuseUnknown()
    }
}

private struct PartialSearch: JSONReadable {
    var base: String
    var filter: String?
    var scope: DirectorySettings.Search.Scope

    init(json: JSONValue) throws(JSONError) {
        var members = try JSONMembers(json)
        base = try members.required(String.self, "base", "a distinguished name")
        filter = try members.optional(String.self, "filter", "a search filter")
        scope = try members.optional(DirectorySettings.Search.Scope.self, "scope") ?? .subtree
        try members.refuseUnknown()
    }
}

extension JSONMembers {
    /// - Parameter preset: the filter where none is given; nil if one is needed.
    fileprivate mutating func search(
        _ name: String, filter preset: String?
    ) throws(JSONError) -> DirectorySettings.Search {
        let search = try required(PartialSearch.self, name, "an object with a base")
        guard let filter = search.filter ?? preset else {
            throw JSONError("it is missing; the preset custom has none of its own", at: "\(name).filter")
        }
        return DirectorySettings.Search(base: search.base, filter: filter, scope: search.scope)
    }

    /// - Parameter preset: what the attributes are that are not given; nil if they are needed.
    fileprivate mutating func attributes(
        else preset: DirectorySettings.Attributes?
    ) throws(JSONError) -> DirectorySettings.Attributes {
        let given = try optional(PartialAttributes.self, "attributes", "an object")
        func needed(_ name: String, _ value: String?, _ preset: String?) throws(JSONError) -> String {
            guard let value = value ?? preset else {
                throw JSONError("it is missing; the preset custom has none of its own", at: "attributes.\(name)")
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

private struct PartialAttributes: JSONReadable {
    var login: String?
    var fullName: String?
    var email: String?
    var member: String?
    var principalName: String?
    var identity: String?
    var inactive: [DirectorySettings.InactiveMark]?

    init(json: JSONValue) throws(JSONError) {
        var members = try JSONMembers(json)
        func name(_ member: String) throws(JSONError) -> String? {
            try members.optional(String.self, member, "an attribute's name")
        }
        identity = try name("identity")
        login = try name("login")
        fullName = try name("full_name")
        email = try name("email")
        member = try name("member")
        principalName = try name("principal_name")
        inactive = try members.optional(
            [DirectorySettings.InactiveMark].self, "inactive",
            "a list of texts such as nsAccountLock or employeeStatus=ended")
        try members.refuseUnknown()
    }
}

extension DirectorySettings.InactiveMark: JSONReadable {
    public init(json: JSONValue) throws(JSONError) {
        let text = try String(json: json)
        guard let mark = Self(text) else {
            throw JSONError("use an attribute's name, as in nsAccountLock, or name=value", value: text)
        }
        self = mark
    }
}
