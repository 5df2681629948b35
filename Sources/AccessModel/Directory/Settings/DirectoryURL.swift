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

extension DirectorySettings {
    /// Whether all servers are asked at a port of Active Directory's global catalogue, which holds a
    /// part of what is known of every domain in the forest. Then a base may be empty.
    public var readsGlobalCatalogue: Bool {
        preset == .activeDirectory && !urls.isEmpty
            && urls.allSatisfy { url in [":3268", ":3269", ":3268/", ":3269/"].contains { url.hasSuffix($0) } }
    }
}
