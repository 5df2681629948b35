import Foundation

/// A proxy before a registry that asks nobody who they are: the service is asked for each request.
package final class GuardedRegistry: Sendable {
    package let port: Int
    private let folder: TemporaryFolder
    private let registry: ServerProcess
    private let proxy: ServerProcess

    package var host: String { "127.0.0.1:\(port)" }

    package static func start(
        behind kind: ForwardProxy, askedOf installation: PortreeveInstallation
    ) async throws -> GuardedRegistry {
        let folder = try TemporaryFolder("guarded")
        RemovalAtExit.add(folder)
        let (port, behind) = (try Loopback.freePort(), try Loopback.freePort())
        let registryFolder = try TemporaryFolder("open-registry")
        RemovalAtExit.add(registryFolder)
        let settings = try folder.write(
            """
            version: 0.1
            log: {level: warn}
            storage: {filesystem: {rootdirectory: "\(try folder.makeFolder("images"))"}, delete: {enabled: true}}
            http: {addr: "127.0.0.1:\(behind)", host: "http://127.0.0.1:\(port)", secret: "of the tests"}

            """, to: "registry.yml")
        let registry = try await ServerProcess.start(["docker-registry", "serve", settings], in: registryFolder)
        try await registry.waitUntilReady { Loopback.accepts("127.0.0.1", port: behind) }
        let proxy = try await kind.start(port: port, before: behind, asking: installation.url, in: folder)
        return GuardedRegistry(port: port, folder: folder, registry: registry, proxy: proxy)
    }

    private init(port: Int, folder: TemporaryFolder, registry: ServerProcess, proxy: ServerProcess) {
        self.port = port
        self.folder = folder
        self.registry = registry
        self.proxy = proxy
    }
}
