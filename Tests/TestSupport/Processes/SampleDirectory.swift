import Foundation
import Synchronization

/// The sample company's directory, run by `Scripts/sample-slapd`.
package final class SampleDirectory: Sendable {
    package static let suffix = "dc=corp,dc=example,dc=com"

    package let folder: TemporaryFolder
    private let port: Int
    private let process: Mutex<ServerProcess?> = Mutex(nil)

    private var url: String { "ldaps://127.0.0.1:\(port)" }
    package var caFile: String { folder.path("directory/tls/ca.pem") }

    package static func start() async throws -> SampleDirectory {
        let directory = SampleDirectory(folder: try TemporaryFolder("sample"), port: try freePair())
        try await directory.restart()
        return directory
    }

    private init(folder: TemporaryFolder, port: Int) {
        self.folder = folder
        self.port = port
    }

    /// Starts it again, after `stop`.
    package func restart() async throws {
        let process = try await ServerProcess.start(
            [Checkout.path("Scripts/sample-slapd"), folder.path("directory"), String(port)], in: folder)
        self.process.withLock { $0 = process }
        try await process.waitUntilReady { [port] in Loopback.accepts("127.0.0.1", port: port) }
    }

    package func stop() async throws { try await process.withLock { $0 }?.stop() }

    /// Stops it and removes its folder.
    package func remove() async throws {
        try await stop()
        folder.remove()
    }

    /// Puts what `portreeve` must know of it into a file there, with its secrets, and returns the file's path.
    package func writeSettings(for installation: PortreeveInstallation) throws -> String {
        let template = try String(contentsOfFile: Checkout.path("Sample-Data/directory-openldap.json"), encoding: .utf8)
        let authority = try String(contentsOfFile: caFile, encoding: .utf8)
        try installation.folder.write(authority, to: "secrets/company-ca.pem")
        try installation.folder.write("Dinner-svc-portreeve-1", to: "secrets/company-password")
        let settings = template.replacingOccurrences(of: "@HOST@", with: "127.0.0.1")
            .replacingOccurrences(of: "@PORT@", with: String(port))
            .replacingOccurrences(of: "@SECRETS@", with: installation.secrets)
        return try installation.folder.write(settings, to: "directory.json")
    }

    /// Applies LDIF as the directory's administrator.
    package func apply(_ ldif: String) async throws {
        try await Command.run(
            ["ldapmodify", "-a", "-x", "-H", url, "-D", "cn=admin,\(Self.suffix)", "-w", "Dinner-admin-1"],
            input: ldif, environment: ["LDAPTLS_CACERT": caFile])
    }

    package static func person(_ name: String) -> String { "cn=\(name),ou=People,\(suffix)" }
    package static func group(_ name: String) -> String { "cn=\(name),ou=Groups,\(suffix)" }

    /// The script uses a port and the next one.
    private static func freePair() throws -> Int {
        for _ in 0..<100 {
            let port = try Loopback.freePort()
            if port < 65_535, let next = try? Loopback.listener("127.0.0.1", port: port + 1) {
                close(next)
                return port
            }
        }
        throw ServerError("no two free ports beside each other")
    }
}
