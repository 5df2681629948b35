import Foundation

/// Debian's PostgreSQL with a folder of its own. Everybody on this machine is let in.
package final class PostgreSQLServer: Sendable {
    package let port: Int
    private let process: ServerProcess
    private let folder: TemporaryFolder

    package static func start(_ settings: [String] = []) async throws -> PostgreSQLServer {
        let folder = try TemporaryFolder("postgresql")
        RemovalAtExit.add(folder)
        let port = try Loopback.freePort()
        let process = try await ServerProcess.start(
            [Checkout.path("Scripts/postgres"), folder.path("server"), "\(port)"] + settings, in: folder)
        let server = PostgreSQLServer(port: port, process: process, folder: folder)
        try await process.waitUntilReady { try await server.isReady() }
        return server
    }

    private init(port: Int, process: ServerProcess, folder: TemporaryFolder) {
        (self.port, self.process, self.folder) = (port, process, folder)
    }

    private func isReady() async throws -> Bool {
        try await Program.run([
            "psql", "-h", "127.0.0.1", "-p", "\(port)", "-U", "portreeve", "-c", "SELECT 1", "portreeve",
        ])
        .status == 0
    }

    /// - Parameter port: of something that stands before the server; its own by default.
    package func url(database: String = "portreeve", role: String = "portreeve", port: Int? = nil) -> String {
        // Without asking whether the server speaks TLS, which is no message of the protocol.
        "postgresql://\(role)@127.0.0.1:\(port ?? self.port)/\(database)?sslmode=disable&gssencmode=disable"
    }

    /// Runs SQL as the owner, each statement by itself.
    @discardableResult
    package func run(_ sql: String, in database: String = "portreeve") async throws -> String {
        try await Program.run(
            ["psql", "-q", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", url(database: database)], input: sql
        ).required().output
    }

    /// Makes an empty database.
    package func makeDatabase(_ name: String, encoding: String = "UTF8") async throws {
        try await run("CREATE DATABASE \(name) TEMPLATE template0 ENCODING '\(encoding)' LC_COLLATE 'C' LC_CTYPE 'C'")
    }

    /// Ends the server, whoever is connected.
    package func kill() async throws { try await process.kill() }
}
