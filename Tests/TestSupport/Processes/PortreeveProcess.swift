import Foundation
import Synchronization

/// `portreeve serve` on an installation.
package final class PortreeveProcess: Sendable {
    package let installation: PortreeveInstallation
    private let prefix: [String]
    private let process: Mutex<ServerProcess?> = Mutex(nil)

    package var url: String { installation.url }

    /// Starts it, on a fresh installation by default, and waits until it is ready.
    /// - Parameter fileLimit: how many files and connections it may have open; nil for as many as this process.
    package static func start(
        _ installation: PortreeveInstallation? = nil, fileLimit: Int? = nil
    ) async throws -> PortreeveProcess {
        let server = PortreeveProcess(installation: try installation ?? PortreeveInstallation(), fileLimit: fileLimit)
        try await server.restart()
        return server
    }

    private init(installation: PortreeveInstallation, fileLimit: Int?) {
        self.installation = installation
        prefix = fileLimit.map { ["prlimit", "--nofile=\(min(64, $0)):\($0)"] } ?? []
    }

    /// What the service has written to its log since its last start.
    package var log: String {
        (try? String(contentsOfFile: installation.folder.path("server.log"), encoding: .utf8)) ?? ""
    }

    /// Starts it again, after `stop` or `kill`.
    package func restart() async throws {
        let process = try await ServerProcess.start(prefix + installation.words(["serve"]), in: installation.folder)
        self.process.withLock { $0 = process }
        try await process.waitUntilReady { [installation] in
            guard Loopback.accepts("127.0.0.1", port: installation.port) else { return false }
            return try await installation.send("GET", "/readyz").status == 200
        }
    }

    /// Its process id; nil while it does not run.
    package var pid: Int32? { process.withLock { $0 }?.pid }

    /// Ends it in order, with SIGTERM.
    package func stop() async throws { try await process.withLock { $0 }?.stop() }

    /// Ends it as a power cut would, with SIGKILL.
    package func kill() async throws { try await process.withLock { $0 }?.kill() }

    /// Stops it and removes its folder.
    package func remove() async throws {
        try await stop()
        installation.remove()
    }
}
