extension DirectorySettings {
    /// Refuses settings that cannot work or would send a password in clear unasked. Touches
    /// neither files nor network: that a server answers is for a test of the directory to tell.
    public func validate() throws(DirectorySettingsError) {
        try validateServers()
        try validateBind()
        try validateSearch(users, "users")
        try validateSearch(groups, "groups")
        try validateLeavers()
        try validateAttributes()
        for (index, rule) in rules.enumerated() { try validateRule(rule, index) }
        try validateNumbers()
    }

    private func validateServers() throws(DirectorySettingsError) {
        guard !urls.isEmpty else {
            throw DirectorySettingsError(
                field: "urls", reason: "is empty; name at least one server, as in ldaps://dc1.example.com")
        }
        for (index, url) in urls.enumerated() {
            let field = "urls[\(index)]"
            guard let scheme = DirectoryURL.scheme(of: url) else {
                throw DirectorySettingsError(
                    field: field, value: url, reason: "write ldap://HOST[:PORT] or ldaps://HOST[:PORT] and nothing else"
                )
            }
            switch (tls.mode, scheme) {
            case (.ldaps, .ldap):
                throw DirectorySettingsError(
                    field: field, value: url, reason: "tls.mode ldaps needs ldaps:// (or set tls.mode to starttls)")
            case (.starttls, .ldaps), (.none, .ldaps):
                throw DirectorySettingsError(
                    field: field, value: url,
                    reason: "tls.mode \(tls.mode.rawValue) needs ldap:// (or set tls.mode to ldaps)")
            case (.ldaps, .ldaps), (.starttls, .ldap), (.none, .ldap):
                break
            }
        }
        if let file = tls.caFile, file.isEmpty {
            throw DirectorySettingsError(
                field: "tls.ca_file", reason: "is empty; leave it out for the system's authorities")
        }
    }

    private func validateBind() throws(DirectorySettingsError) {
        if let bind, bind.dn.isEmpty {
            throw DirectorySettingsError(
                field: "bind.dn", reason: "is empty; leave bind out to read the directory anonymously")
        }
        if let file = bind?.passwordFile, file.isEmpty {
            throw DirectorySettingsError(field: "bind.password_file", reason: "is empty; leave it out")
        }
        guard tls.mode == .none, !tls.allowCleartext else { return }
        let remedy = "use ldaps or starttls, or say \"allow_cleartext\":true in tls"
        if bind != nil {
            throw DirectorySettingsError(
                field: "tls.mode", value: "none",
                reason: "the bind password would cross the network in clear; \(remedy)")
        }
        if allowsLogin {
            throw DirectorySettingsError(
                field: "tls.mode", value: "none",
                reason: "people's passwords would cross the network in clear; \(remedy), or set login to false")
        }
    }

    private func validateSearch(_ search: Search, _ field: String) throws(DirectorySettingsError) {
        guard let base = DistinguishedName(search.base), !base.isEmpty || readsGlobalCatalogue else {
            throw DirectorySettingsError(
                field: "\(field).base", value: search.base,
                reason: "should be a distinguished name, as in OU=People,DC=example,DC=com")
        }
        guard Self.isOneFilter(search.filter) else {
            throw DirectorySettingsError(
                field: "\(field).filter", value: search.filter,
                reason: "should be one filter in balanced parentheses, as in (objectClass=person)")
        }
    }

    private func validateLeavers() throws(DirectorySettingsError) {
        if let days = deletesLeaversAfterDays, !(1...36_500).contains(days) {
            throw DirectorySettingsError(
                field: "leavers.delete_after_days", value: String(days),
                reason: "should be a whole number from 1 to 36500, or null to keep them, inactive")
        }
        if let name = netBIOSName, name.isEmpty || name.unicodeScalars.count > 15 || name.contains("\\") {
            throw DirectorySettingsError(
                field: "netbios_name", value: name,
                reason: "should be the domain's short name of 1 to 15 characters, as in CORP")
        }
        if justInTime, !allowsLogin {
            throw DirectorySettingsError(
                field: "just_in_time", value: "true", reason: "makes accounts at a login: it needs \"login\":true")
        }
    }

    private func validateAttributes() throws(DirectorySettingsError) {
        let named = [
            ("login", attributes.login), ("full_name", attributes.fullName), ("email", attributes.email),
            ("member", attributes.member),
        ]
        let all = attributes.principalName.isEmpty ? named : named + [("principal_name", attributes.principalName)]
        for (field, name) in all where !Self.isAttribute(name) {
            throw DirectorySettingsError(
                field: "attributes.\(field)", value: name, reason: "should be an attribute's name, as in sAMAccountName"
            )
        }
        switch preset {
        case .custom:
            guard Self.isAttribute(attributes.identity) else {
                throw DirectorySettingsError(
                    field: "attributes.identity", value: attributes.identity,
                    reason: "should be the attribute that no two entries share and that never changes, as in entryUUID")
            }
        case .activeDirectory, .openLDAP, .freeIPA:
            guard attributes.identity.isEmpty else {
                throw DirectorySettingsError(
                    field: "attributes.identity", value: attributes.identity,
                    reason: "is the preset's own; leave it out, or use the preset custom")
            }
        }
    }

    private func validateRule(_ rule: Rule, _ index: Int) throws(DirectorySettingsError) {
        if ExternalID(rule.group) != nil { return }
        guard let name = DistinguishedName(rule.group), !name.isEmpty else {
            throw DirectorySettingsError(
                field: "rules[\(index)].group", value: rule.group,
                reason:
                    "should be a group's DN, as in CN=Ops,OU=Groups,DC=example,DC=com, or its objectGUID or entryUUID")
        }
    }

    private func validateNumbers() throws(DirectorySettingsError) {
        let percents = 0...100
        let counts = 0...1_000_000
        let numbers = [
            ("brake.max_removals", brake.maxRemovals, counts), ("brake.max_percent", brake.maxPercent, percents),
            ("brake.max_team_percent", brake.maxTeamPercent, percents),
            ("brake.max_promotions", brake.maxPromotions, counts),
            ("brake.max_reactivations", brake.maxReactivations, counts),
            ("brake.max_rename_percent", brake.maxRenamePercent, percents),
            ("brake.max_team_removals", brake.maxTeamRemovals ?? 0, counts),
            ("brake.max_org_removals", brake.maxOrganizationRemovals ?? 0, counts),
            ("brake.max_org_percent", brake.maxOrganizationPercent, percents),
            ("brake.max_additions_percent", brake.maxAdditionsPercent, percents), ("page_size", pageSize, 1...100_000),
            ("timeout", timeout, 1...3_600), ("order", order, -1_000_000...1_000_000),
            ("login_memory", loginMemory, 0...3_600), ("login_attempts", loginAttempts, 3...50),
        ]
        for (field, number, range) in numbers where !range.contains(number) {
            throw DirectorySettingsError(
                field: field, value: String(number),
                reason: "should be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
    }

    /// How deep a filter may nest: libldap reads it by recursion.
    private static let filterDepth = 100

    /// One parenthesised filter from start to end, nested 100 deep at the most. In values RFC 4515 writes
    /// parentheses as `\28` and `\29`, so counting is exact.
    public static func isOneFilter(_ filter: String) -> Bool {
        guard filter.utf8.first == UInt8(ascii: "("), filter.utf8.last == UInt8(ascii: ")") else { return false }
        var depth = 0
        for (index, byte) in filter.utf8.enumerated() {
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            if byte == 0 || depth < 0 || depth > filterDepth || (depth == 0 && index < filter.utf8.count - 1) {
                return false
            }
        }
        return depth == 0
    }

    static func isAttribute(_ name: String) -> Bool {
        guard let first = name.utf8.first, UInt8(ascii: "a")...UInt8(ascii: "z") ~= first.lowercasedASCII else {
            return false
        }
        return name.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte.lowercasedASCII
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || byte == UInt8(ascii: "-")
        }
    }
}
