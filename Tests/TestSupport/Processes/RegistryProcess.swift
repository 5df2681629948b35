import Synchronization

/// Debian's `docker-registry`, which trusts the tokens of a service.
package final class RegistryProcess: Sendable {
    package let port: Int
    package let folder: TemporaryFolder
    private let process: Mutex<ServerProcess?> = Mutex(nil)

    /// As clients name it.
    package var host: String { "127.0.0.1:\(port)" }
    package var url: String { "http://\(host)" }

    /// Starts it with the certificate and the block of settings that the commands of `portreeve` print.
    package static func start(trusting installation: PortreeveInstallation) async throws -> RegistryProcess {
        let folder = try TemporaryFolder("registry")
        let registry = RegistryProcess(port: try Loopback.freePort(), folder: folder)
        let certificate = try await installation.run(["registry", "certificate"]).required()
        let bundle = try folder.write(certificate.output, to: "certificates.pem")
        let auth = try await installation.run(
            ["registry", "config", "--realm", installation.url + "/token", "--bundle", bundle]
        ).required()
        let storage = try folder.makeFolder("images")
        let settings = """
            version: 0.1
            log: {level: warn}
            storage:
              filesystem: {rootdirectory: "\(storage)"}
              delete: {enabled: true}
            http: {addr: "\(registry.host)", secret: "of the tests"}

            """
        let file = try folder.write(settings + auth.output, to: "config.yml")
        let process = try await ServerProcess.start(["docker-registry", "serve", file], in: folder)
        registry.process.withLock { $0 = process }
        try await process.waitUntilReady { Loopback.accepts("127.0.0.1", port: registry.port) }
        return registry
    }

    private init(port: Int, folder: TemporaryFolder) {
        self.port = port
        self.folder = folder
    }

    /// Stops it and removes its images.
    package func remove() async throws {
        try await process.withLock { $0 }?.stop()
        folder.remove()
    }
}
