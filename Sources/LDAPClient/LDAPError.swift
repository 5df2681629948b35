/// Why an LDAP operation did not succeed.
public struct LDAPError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was being done: "connect", "start TLS", "bind", "search", …
    public let operation: String
    public let code: LDAPResultCode
    /// The server's own words, or libldap's; empty if there are none.
    public let diagnostic: String

    public init(_ operation: String, _ code: LDAPResultCode, _ diagnostic: String = "") {
        self.operation = operation
        self.code = code
        self.diagnostic = diagnostic
    }

    public var description: String {
        let text = "\(operation): \(code.text) (\(code.rawValue))"
        return diagnostic.isEmpty ? text : "\(text): \(diagnostic)"
    }
}
