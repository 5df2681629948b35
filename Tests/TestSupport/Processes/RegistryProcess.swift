import Synchronization

/// Debian's `docker-registry`, which trusts the tokens of a service.
package final class RegistryProcess: Sendable {
    package let port: Int
    package let folder: TemporaryFolder
    private let process: Mutex<ServerProcess?> = Mutex(nil)

    /// As clients name it.
    package var host: String { "127.0.0.1:\(port)" }
    package var url: String { "\(isSecure ? "https" : "http")://\(host)" }
    private let isSecure: Bool

    /// Starts it with the certificate and the block of settings that the commands of `portreeve` print.
    /// - Parameters:
    ///   - tls: its certificate and key; nil for plain HTTP.
    ///   - eventsSecret: with what it tells the service what happens; nil for telling nothing.
    ///   - port: nil for a free one.
    package static func start(
        trusting installation: PortreeveInstallation, tls: (certificate: String, key: String)? = nil,
        eventsSecret: String? = nil, port: Int? = nil
    ) async throws -> RegistryProcess {
        let folder = try TemporaryFolder("registry")
        let registry = RegistryProcess(port: try port ?? Loopback.freePort(), folder: folder, isSecure: tls != nil)
        let certificate = try await installation.run(["registry", "certificate"]).required()
        let bundle = try folder.write(certificate.output, to: "certificates.pem")
        let auth = try await installation.run(
            [
                "registry", "config", "--realm",
                (tls == nil ? "http" : "https") + "://127.0.0.1:\(installation.port)/token",
                "--bundle", bundle,
            ]
        ).required()
        let storage = try folder.makeFolder("images")
        let settings = """
            version: 0.1
            log: {level: warn}
            storage:
              filesystem: {rootdirectory: "\(storage)"}
              delete: {enabled: true}
            http: {addr: "\(registry.host)", secret: "of the tests"\(Self.tls(tls))}

            """
        let events =
            eventsSecret.map { secret in
                """

                notifications:
                  endpoints:
                    - {name: portreeve, url: "\(installation.url)/registry/events", timeout: 5s, threshold: 3, backoff: 1s,
                       headers: {Authorization: ["Bearer \(secret)"]}}

                """
            } ?? ""
        let file = try folder.write(settings + auth.output + events, to: "config.yml")
        try await registry.restart(file)
        return registry
    }

    /// Starts it again with a new bundle, at the same place: it reads the bundle only then.
    package func restart(trusting bundle: String) async throws {
        try folder.write(bundle, to: "certificates.pem")
        try await process.withLock { $0 }?.stop()
        try await restart(folder.path("config.yml"))
    }

    private func restart(_ file: String) async throws {
        let process = try await ServerProcess.start(["docker-registry", "serve", file], in: folder)
        self.process.withLock { $0 = process }
        try await process.waitUntilReady { [port] in Loopback.accepts("127.0.0.1", port: port) }
    }

    private static func tls(_ files: (certificate: String, key: String)?) -> String {
        files.map { ", tls: {certificate: \"\($0.certificate)\", key: \"\($0.key)\"}" } ?? ""
    }

    private init(port: Int, folder: TemporaryFolder, isSecure: Bool) {
        self.port = port
        self.folder = folder
        self.isSecure = isSecure
    }

    /// Stops it and removes its images.
    package func remove() async throws {
        try await process.withLock { $0 }?.stop()
        folder.remove()
    }
}
