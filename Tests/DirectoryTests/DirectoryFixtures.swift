import AccessControl
import AccessModel
import LDAPClient
import LDAPDirectory
import TestSupport

/// The adapter with the files of a test.
func makeSource(membersPerRange: Int? = nil) -> LDAPDirectorySource {
    LDAPDirectorySource(resolveFile: { $0 }, membersPerRange: membersPerRange)
}

/// When the people of a test are looked at: 1 March 2026.
let testTime = Timestamp(seconds: 1_772_323_200)

extension LDAPDirectorySource {
    /// What a full reading sees.
    func read(
        _ settings: DirectorySettings, password: String?, progress: @escaping @Sendable (Int) -> Void
    ) async throws(DirectoryError) -> DirectorySnapshot {
        try await read(settings, password: password, since: nil, progress: progress).snapshot
    }

    func test(_ settings: DirectorySettings, password: String?, login: String?) async -> [DirectoryCheckupStep] {
        await test(settings, password: password, login: login, known: [])
    }

    func read(
        _ settings: DirectorySettings, password: String?, since mirror: DirectoryMirror?,
        progress: @escaping @Sendable (Int) -> Void
    ) async throws(DirectoryError) -> DirectoryReading {
        try await read(settings, password: password, since: mirror, watching: [], progress: progress)
    }
}

extension DirectorySettings {
    /// People and groups of slapd under `base`, over TLS as the account for synchronisation.
    static func slapd(
        _ server: SlapdServer, base: String, account: String = SlapdServer.syncAccount, member: String = "member",
        groupClass: String = "groupOfNames"
    ) -> Self {
        DirectorySettings(
            preset: .openLDAP, urls: [server.tlsURL], tls: TLS(mode: .ldaps, caFile: server.caFile),
            bind: Bind(dn: account), users: Search(base: base, filter: "(objectClass=inetOrgPerson)"),
            groups: Search(base: base, filter: "(objectClass=\(groupClass))"),
            attributes: Attributes(login: "uid", fullName: "cn", email: "mail", member: member), rules: [],
            pageSize: 100, timeout: 20)
    }

    /// People and groups of Samba under `base`, over TLS as the account for synchronisation.
    static func samba(_ server: SambaDomainController, base: String) -> Self {
        DirectorySettings(
            preset: .activeDirectory, urls: [server.tlsURL], tls: TLS(mode: .ldaps, caFile: server.caFile),
            bind: Bind(dn: SambaDomainController.syncAccount),
            users: Search(base: base, filter: "(&(objectCategory=person)(objectClass=user))"),
            groups: Search(base: base, filter: "(objectClass=group)"),
            attributes: Attributes(login: "sAMAccountName", fullName: "displayName", email: "mail", member: "member"),
            rules: [], pageSize: 100, timeout: 20)
    }
}

extension Completeness {
    /// Why the reading is not complete; nil if it is.
    var gap: String? {
        switch self {
        case .complete: nil
        case .incomplete(let reason): reason
        }
    }
}
