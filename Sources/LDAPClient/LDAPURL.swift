/// The address of one LDAP server: scheme, host and port, nothing else.
///
/// libldap takes a list of URLs wherever it takes one, so a space or comma in a text would name
/// a second server of another scheme. Only what this type accepts reaches it.
public struct LDAPURL: Hashable, Sendable, CustomStringConvertible {
    public enum Scheme: String, Hashable, Sendable { case ldap, ldaps }

    public let scheme: Scheme
    /// A host name, an IPv4 address, or an IPv6 address in brackets.
    public let host: String
    public let port: Int

    /// nil unless `text` is `ldap://HOST[:PORT]` or `ldaps://HOST[:PORT]`, with a slash behind at most.
    public init?(_ text: String) {
        guard let mark = text.firstRange(of: "://"),
            let scheme = Scheme(rawValue: text[..<mark.lowerBound].lowercased())
        else { return nil }
        var rest = text[mark.upperBound...]
        if rest.last == "/" { rest.removeLast() }
        var port: Int?
        if let colon = rest.lastIndex(of: ":"), rest.last != "]" {
            let digits = rest[rest.index(after: colon)...]
            guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits),
                (1...65_535).contains(number)
            else { return nil }
            port = number
            rest = rest[..<colon]
        }
        guard Self.isHost(rest) else { return nil }
        self.scheme = scheme
        self.host = String(rest)
        self.port = port ?? (scheme == .ldap ? 389 : 636)
    }

    public var description: String { "\(scheme.rawValue)://\(host):\(port)" }

    private static func isHost(_ text: Substring) -> Bool {
        if text.first == "[", text.last == "]", text.count > 2 {
            return text.dropFirst().dropLast().allSatisfy { $0.isASCII && ($0.isHexDigit || $0 == ":" || $0 == ".") }
        }
        return !text.isEmpty && text.utf8.count <= 253
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-" || $0 == "_") }
    }
}
