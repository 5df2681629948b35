import AccessControl
import AccessModel
import Foundation
import HTTPSupport
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
public import Logging
import NIOCore
import SQLiteDriver
import ServiceLifecycle

/// The service as a whole.
public enum PortreeveServer {
    /// Runs everything until SIGTERM or SIGINT; makes and migrates the database by itself.
    /// - Parameter onRunning: told of the address when requests are answered.
    public static func serve(
        _ settings: Settings, logger: Logger, onRunning: @escaping @Sendable (String) -> Void
    ) async throws(ServerError) {
        let lock = try DatabaseLock(database: settings.database)
        let assembly = try await Assembly.build(settings, createsDatabase: true, logger: logger)
        do {
            try await bootstrap(assembly)
            try await assembly.service.synchronization.endInterruptedRuns()
            let files = OpenFileLimit.raise()
            let gate = ConnectionGate(
                limit: OpenFileLimit.connections(under: files), trusted: settings.trustedProxies, logger: logger)
            logger.info(
                "limits",
                metadata: ["open_files": "\(files)", "connections": "\(OpenFileLimit.connections(under: files))"])
            let certificate = try certificate(settings)
            let application = Application(
                router: assembly.router(certificateEnd: { certificate?.end }), server: server(certificate, gate),
                configuration: .init(
                    address: .hostname(settings.host, port: settings.port), serverName: "portreeve",
                    availableConnectionsDelegate: AcceptsWhileNotFull(gate: gate)),
                services: [
                    ChangeTail(service: assembly.service, logger: logger),
                    DatabaseWatch(service: assembly.service, logger: logger),
                    CertificateWatch(certificate: certificate, logger: logger),
                    ClockWatch(service: assembly.service, logger: logger),
                    ChainHead(service: assembly.service, logger: logger),
                    TokenUseWriter(service: assembly.service, logger: logger),
                    ChangeKeysKeeper(service: assembly.service, logger: logger),
                    RegistryKeeper(
                        service: assembly.service,
                        interval: settings.registryURL == nil || settings.registryReconcileInterval == 0
                            ? nil : .seconds(settings.registryReconcileInterval), logger: logger),
                    SyncScheduler(service: assembly.service, logger: logger),
                ],
                onServerRunning: { channel in
                    let port = channel.localAddress?.port ?? settings.port
                    onRunning("\(settings.tlsCertificate == nil ? "http" : "https")://\(settings.host):\(port)")
                    ServiceManager.tellReady(logger)
                }, logger: logger)
            // The last one is the first to be told to stop.
            let services: [any Service] = [application, CloseEventStreams(service: assembly.service)]
            var configuration = ServiceGroupConfiguration(
                services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
            // A client that takes no more of its answer must not keep the service from ending.
            configuration.maximumGracefulShutdownDuration = .seconds(30)
            try await ServiceGroup(configuration: configuration).run()
        } catch let error as AccessError {
            await assembly.shutdown()
            throw .access(error)
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            await assembly.shutdown()
            throw .cannotStart(
                "port \(settings.port) of \(settings.host) is in use: stop what listens there, or set listen to another"
            )
        } catch let error as IOError where [EADDRNOTAVAIL, EACCES].contains(error.errnoCode) {
            await assembly.shutdown()
            throw .cannotStart(
                "the service cannot listen on \(settings.host):\(settings.port) "
                    + "(\(String(cString: strerror(error.errnoCode)))): set listen to an address of this machine")
        } catch let error as ServerError {
            await assembly.shutdown()
            throw error
        } catch {
            await assembly.shutdown()
            throw .cannotStart("\(error)")
        }
        await assembly.shutdown()
        assembly.service.transactions.store.close()
        withExtendedLifetime(lock) {}
    }

    /// Finds what `serve` would stumble over, and changes nothing.
    /// - Returns: what should be known of settings that can be used.
    @discardableResult
    public static func check(_ settings: Settings) throws(ServerError) -> [String] {
        let warnings = try certificate(settings)?.complaints().map(\.text) ?? []
        if let folder = settings.secretsDirectory, !FileManager.default.fileExists(atPath: folder) {
            throw .setting(key: "secrets.directory", reason: "there is no folder \(folder)")
        }
        if let name = settings.administratorName, (try? AccountName(name)) == nil {
            throw .setting(key: "bootstrap.admin.name", reason: "\"\(name)\" is not an account name")
        }
        if let password = settings.administratorPassword, password.count < 8 {
            throw .setting(key: "bootstrap.admin.password", reason: "use 8 to 1,024 characters")
        }
        guard !settings.registryService.isEmpty else { throw .setting(key: "registry.service", reason: "it is empty") }
        return warnings
    }

    /// Brings the schema up to date and returns the names of the scripts applied, or with
    /// `dryRun` of those that would be.
    public static func migrate(_ settings: Settings, dryRun: Bool) async throws(ServerError) -> [String] {
        do throws(AccessError) {
            return try await migrateStore(path: settings.database, dryRun: dryRun) { _ in }
        } catch {
            throw .access(error)
        }
    }

    /// Connections pass the gate; those that are idle for a minute are closed.
    private static func server(_ certificate: ServerCertificate?, _ gate: ConnectionGate) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            let plain = HTTP1Channel(responder: responder, configuration: .init(idleTimeout: .seconds(60)))
            guard let certificate else { return GatedChannel(base: plain, gate: gate) }
            return GatedChannel(base: try TLSChannel(plain, tlsConfiguration: certificate.serving()), gate: gate)
        }
    }

    /// nil to serve without TLS.
    private static func certificate(_ settings: Settings) throws(ServerError) -> ServerCertificate? {
        guard let chain = settings.tlsCertificate, let key = settings.tlsKey else { return nil }
        return try ServerCertificate(chain: chain, key: key)
    }

    /// Makes the first administrator, if one is set and there is none; never touches an account.
    private static func bootstrap(_ assembly: Assembly) async throws {
        let (service, settings) = (assembly.service, assembly.settings)
        let count = try await service.transactions.store.read { (reader) throws(AccessError) in
            try reader.activeSystemAdministratorCount()
        }
        guard count == 0 else { return }
        guard let text = settings.administratorName, let password = settings.administratorPassword else {
            assembly.logger.warning("there is no administrator yet: make one with `portreeve init`")
            return
        }
        guard let name = try? AccountName(text) else {
            throw ServerError.setting(key: "bootstrap.admin.name", reason: "\"\(text)\" is not an account name")
        }
        guard service.transactions.published.current.accountID(named: name) == nil else {
            assembly.logger.warning(
                "there is no active administrator, and the bootstrap touches no account that exists: use `portreeve init`",
                metadata: ["name": "\(name)"])
            return
        }
        let command = MakeFirstAdministrator(name: name, passwordHash: try await service.authentication.hash(password))
        _ = try await service.transactions.perform(command, as: .service)
        assembly.logger.notice("made the first administrator", metadata: ["name": "\(name)"])
    }
}
