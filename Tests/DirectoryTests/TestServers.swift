import LDAPClient
import TestSupport

/// Servers that the tests of this bundle share; each test works in a unit of its own.
enum TestServers {
    static let slapd = Task { try await SlapdServer.start() }
    /// One that says what has changed.
    static let following = Task { try await SlapdServer.start(followsChanges: true) }
    static let samba = Task { try await SambaDomainController.start() }

    /// People under an organisational unit of slapd with this name, `NAME-1` and so on.
    static func crowd(_ count: Int, unit: String, on server: SlapdServer) async throws -> String {
        let base = "ou=\(unit),\(SlapdServer.suffix)"
        var ldif = LDIF.entry(base, [("objectClass", "organizationalUnit"), ("ou", unit)])
        for number in 1...count { ldif += person("\(unit)-\(number)", base: base) }
        try await server.apply(ldif)
        return base
    }

    /// An inetOrgPerson whose RDN is its uid.
    static func person(_ login: String, base: String, _ attributes: [(String, String)] = []) -> String {
        LDIF.entry(
            "uid=\(login),\(base)",
            [
                ("objectClass", "inetOrgPerson"), ("uid", login), ("cn", "Person \(login)"), ("sn", "Person"),
                ("mail", "\(login)@corp.example.com"), ("userPassword", SlapdServer.password),
            ] + attributes)
    }
}

extension SlapdServer {
    func endpoint(
        _ security: LDAPEndpoint.Security = .none, caFile: String? = nil, port: Int? = nil, timeout: Int = 20
    ) throws -> LDAPEndpoint {
        let text = security == .ldaps ? "ldaps://127.0.0.1:\(port ?? tlsPort)" : "ldap://127.0.0.1:\(port ?? self.port)"
        guard let url = LDAPURL(text) else { throw ServerError("\(text) is no URL") }
        return LDAPEndpoint(url: url, security: security, caFile: caFile ?? self.caFile, timeout: timeout)
    }
}
