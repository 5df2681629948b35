extension DirectorySettings {
    /// Refuses settings that cannot work or would send a password in clear unasked. Touches
    /// neither files nor network: that a server answers is for a test of the directory to tell.
    public func validate() throws(DirectorySettingsError) {
        try validateServers()
        try validateBind()
        try validateSearch(users, "users")
        try validateSearch(groups, "groups")
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
        guard let base = DistinguishedName(search.base), !base.isEmpty else {
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

    private func validateAttributes() throws(DirectorySettingsError) {
        let named = [
            ("login", attributes.login), ("full_name", attributes.fullName), ("email", attributes.email),
            ("member", attributes.member),
        ]
        for (field, name) in named where !Self.isAttribute(name) {
            throw DirectorySettingsError(
                field: "attributes.\(field)", value: name, reason: "should be an attribute's name, as in sAMAccountName"
            )
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
            ("brake.max_additions_percent", brake.maxAdditionsPercent, percents), ("page_size", pageSize, 1...100_000),
            ("timeout", timeout, 1...3_600),
        ]
        for (field, number, range) in numbers where !range.contains(number) {
            throw DirectorySettingsError(
                field: field, value: String(number),
                reason: "should be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
    }

    /// One parenthesised filter from start to end. In values RFC 4515 writes parentheses as
    /// `\28` and `\29`, so counting is exact.
    private static func isOneFilter(_ filter: String) -> Bool {
        guard filter.utf8.first == UInt8(ascii: "("), filter.utf8.last == UInt8(ascii: ")") else { return false }
        var depth = 0
        for (index, byte) in filter.utf8.enumerated() {
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            if byte == 0 || depth < 0 || (depth == 0 && index < filter.utf8.count - 1) { return false }
        }
        return depth == 0
    }

    private static func isAttribute(_ name: String) -> Bool {
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

/// The URL of a directory server: a scheme, a host, perhaps a port.
enum DirectoryURL {
    enum Scheme { case ldap, ldaps }

    /// nil if the text is anything but `ldap[s]://HOST[:PORT][/]`.
    static func scheme(of url: String) -> Scheme? {
        let lower = url.lowercasedASCII
        if lower.hasPrefix("ldap://") { return isServer(lower.dropFirst(7)) ? .ldap : nil }
        if lower.hasPrefix("ldaps://") { return isServer(lower.dropFirst(8)) ? .ldaps : nil }
        return nil
    }

    private static func isServer(_ text: Substring) -> Bool {
        var rest = text.hasSuffix("/") ? text.dropLast() : text
        if rest.hasPrefix("[") {
            guard let end = rest.firstIndex(of: "]") else { return false }
            let address = rest[rest.index(after: rest.startIndex)..<end]
            guard !address.isEmpty, address.utf8.allSatisfy({ $0.hexValue != nil || $0 == UInt8(ascii: ":") }) else {
                return false
            }
            rest = rest[rest.index(after: end)...]
            return rest.isEmpty || (rest.hasPrefix(":") && isPort(rest.dropFirst()))
        }
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        guard let host = parts.first, !host.isEmpty, parts.count <= 2, parts.count == 1 || isPort(parts[1]) else {
            return false
        }
        return host.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
        }
    }

    private static func isPort(_ text: Substring) -> Bool {
        guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }), let port = Int(text) else {
            return false
        }
        return (1...65_535).contains(port)
    }
}

/// An objectGUID or entryUUID in the form that snapshots use: dashed, lower case.
struct ExternalID: Hashable {
    let text: String

    /// Accepts upper case and the braces that Windows tools write around a GUID; nil for a text of another form.
    init?(_ text: String) {
        var lower = Substring(text.lowercasedASCII)
        if lower.hasPrefix("{"), lower.hasSuffix("}") { lower = lower.dropFirst().dropLast() }
        let parts = lower.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [8, 4, 4, 4, 12],
            parts.allSatisfy({ $0.utf8.allSatisfy { $0.hexValue != nil } })
        else { return nil }
        self.text = String(lower)
    }
}
