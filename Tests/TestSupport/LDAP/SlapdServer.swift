import Foundation
import Synchronization

/// OpenLDAP's `slapd` with a directory of its own, from nothing in a fraction of a second.
///
/// It serves `dc=corp,dc=example,dc=com` with `ou=People` and `ou=Groups`. Who is not bound reads
/// nothing. All accounts have the password `SlapdServer.password`.
package final class SlapdServer: Sendable {
    package static let suffix = "dc=corp,dc=example,dc=com"
    package static let people = "ou=People,\(suffix)"
    package static let groups = "ou=Groups,\(suffix)"
    package static let password = "a-Secret for tests"
    /// May do everything.
    package static let admin = "cn=admin,\(suffix)"
    /// Reads everything, without a size limit.
    package static let syncAccount = "cn=svc-sync,\(suffix)"
    /// Reads 500 entries a search, pages or not.
    package static let limitedAccount = "cn=svc-limited,\(suffix)"
    /// Reads everything, in pages of 100 at most.
    package static let pagedAccount = "cn=svc-paged,\(suffix)"

    /// For LDAP and StartTLS.
    package let port: Int
    /// For LDAP over TLS.
    package let tlsPort: Int
    package let folder: TemporaryFolder
    /// The authority that signed the server's certificate, which names 127.0.0.1.
    package let certificates: TestCertificates
    private let process: Mutex<ServerProcess?> = Mutex(nil)

    package var url: String { "ldap://127.0.0.1:\(port)" }
    package var tlsURL: String { "ldaps://127.0.0.1:\(tlsPort)" }
    package var caFile: String { certificates.caFile }

    /// - Parameter followsChanges: whether it offers content synchronisation (RFC 4533) and keeps the
    ///   members of groups in step with names.
    package static func start(followsChanges: Bool = false) async throws -> SlapdServer {
        let folder = try TemporaryFolder("slapd")
        let certificates = try await TestCertificates(in: folder)
        let server = SlapdServer(
            folder: folder, certificates: certificates, port: try Loopback.freePort(),
            tlsPort: try Loopback.freePort())
        let files = try await certificates.issue("server", addresses: ["127.0.0.1"])
        try folder.makeFolder("config")
        try folder.makeFolder("data")
        let configuration = SlapdConfiguration(
            folder: folder, caFile: server.caFile, certificate: files, followsChanges: followsChanges)
        try await Command.run(
            ["/usr/sbin/slapadd", "-n", "0", "-F", folder.path("config")], input: configuration.text)
        try await server.run()
        try await server.apply(SlapdConfiguration.skeleton)
        return server
    }

    private init(folder: TemporaryFolder, certificates: TestCertificates, port: Int, tlsPort: Int) {
        self.folder = folder
        self.certificates = certificates
        self.port = port
        self.tlsPort = tlsPort
    }

    /// Applies LDIF as the administrator: records without a changetype are added.
    package func apply(_ ldif: String) async throws {
        try await Command.run(
            ["ldapmodify", "-a", "-M", "-x", "-H", url, "-D", Self.admin, "-w", Self.password],
            input: ldif, environment: ["LDAPNOINIT": "1"])
    }

    /// Changes the configuration of a server that is stopped.
    package func configure(_ ldif: String) async throws {
        try await Command.run(["/usr/sbin/slapmodify", "-n", "0", "-F", folder.path("config")], input: ldif)
    }

    /// Keeps the entries of a server that is stopped as they are.
    package func saveData() async throws {
        try await Command.run(["cp", "-a", folder.path("data"), folder.path("saved")])
    }

    /// Sets a server that is stopped back to the entries that were kept.
    package func restoreData() async throws {
        try await Command.run(["rm", "-r", folder.path("data")])
        try await Command.run(["cp", "-a", folder.path("saved"), folder.path("data")])
    }

    /// Builds the indices of a server that is stopped.
    package func buildIndices() async throws {
        try await Command.run(["/usr/sbin/slapindex", "-q", "-F", folder.path("config")])
    }

    /// Starts it again on the same ports, after `stop` or `kill`.
    package func restart() async throws { try await run() }

    package func stop() async throws { try await process.withLock { $0 }?.stop() }

    package func kill() async throws { try await process.withLock { $0 }?.kill() }

    /// Stops the server and removes its folder.
    package func remove() async throws {
        try await stop()
        folder.remove()
    }

    private func run() async throws {
        let process = try await ServerProcess.start(
            ["/usr/sbin/slapd", "-d", "0", "-F", folder.path("config"), "-h", "\(url)/ \(tlsURL)/"], in: folder)
        self.process.withLock { $0 = process }
        try await process.waitUntilReady { [port, tlsPort] in
            Loopback.accepts("127.0.0.1", port: port) && Loopback.accepts("127.0.0.1", port: tlsPort)
        }
    }
}
