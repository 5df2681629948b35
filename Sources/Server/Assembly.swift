package import AccessControl
import AccessModel
import Credentials
import DecisionAPI
import Foundation
package import HTTPSupport
package import Hummingbird
import LDAPDirectory
package import Logging
import RESTAPI
import RegistryHTTPClient
import RegistryTokenAPI
import SQLiteDriver

/// Everything built from the settings, in the order of the dependency rule.
package struct Assembly: Sendable {
    package let service: AccessService
    package let settings: Settings
    let hasher: Argon2idHasher
    let registryClient: RegistryHTTPClient?
    let logger: Logger

    /// - Parameter createsDatabase: whether a missing file is made.
    package static func build(
        _ settings: Settings, createsDatabase: Bool, clock: WallClock = .system, logger: Logger
    ) async throws(ServerError) -> Assembly {
        guard createsDatabase || FileManager.default.fileExists(atPath: settings.database) else {
            throw .cannotStart(
                "there is no database at \(settings.database): name it with --database, make one with "
                    + "`portreeve init` or `portreeve serve`, or log in to a service with `portreeve login`")
        }
        let store: any Store
        do throws(AccessError) {
            store = try await openStore(path: settings.database, createsFile: createsDatabase, clock: clock) { text in
                logger.error("the database failed", metadata: ["engine": "\(text)"])
            }
        } catch {
            throw .access(error)
        }
        return try await build(settings, over: store, clock: clock, logger: logger)
    }

    /// - Parameters:
    ///   - store: what is served, wherever that is.
    ///   - source: what reads directories; nil for LDAP.
    package static func build(
        _ settings: Settings, over store: any Store, source: (any DirectorySource)? = nil, clock: WallClock,
        logger: Logger
    ) async throws(ServerError) -> Assembly {
        do {
            let secrets = FolderOfSecrets(folder: settings.secretsDirectory)
            let hasher = try Argon2idHasher()
            let signer = try RegistryTokenSigner(path: settings.registryKeyFile, now: clock.now) { reason in
                logger.error("the signing keys were changed, and cannot be used", metadata: ["reason": "\(reason)"])
            }
            let registryClient = settings.registryURL.map {
                RegistryHTTPClient(url: $0, authorities: settings.registryAuthorities)
            }
            let service = try await AccessService(
                store: store, settings: settings.service, hasher: hasher, digester: SecretDigests(), signer: signer,
                secretBox: KeyFileSecretBox(path: settings.secretsKeyFile),
                directorySource: source
                    ?? LDAPDirectorySource { path in try secrets.resolve(path, field: "tls.ca_file") },
                secretFiles: secrets, registryClient: registryClient, clock: clock, logger: logger)
            return Assembly(
                service: service, settings: settings, hasher: hasher, registryClient: registryClient, logger: logger)
        } catch let error as AccessError {
            throw .access(error)
        } catch {
            throw .cannotStart("\(error)")
        }
    }

    /// All routes, behind the middleware that every request passes.
    /// - Parameter certificateEnd: when the certificate of TLS ends, in seconds since 1970; nil without TLS.
    package func router(certificateEnd: @escaping @Sendable () -> Int? = { nil }) -> Router<APIContext> {
        let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
        let problems = ProblemMiddleware()
        router.add(middleware: ForwardedAddressMiddleware(trusted: settings.trustedProxies))
        router.add(middleware: PublicPathMiddleware(path: URLComponents(string: settings.publicURL)?.path ?? ""))
        router.add(middleware: RequestLogMiddleware(settings.logRequests))
        router.add(middleware: RequestFiguresMiddleware(service.transactions.figures))
        router.add(middleware: problems)
        RESTAPI(service: service).mount(on: router)
        DecisionAPI(service: service, publicURL: settings.publicURL).mount(on: router)
        RegistryTokenAPI(service: service, eventsSecret: settings.registryEventsSecret).mount(on: router)
        let readers = MetricsReaders(
            service: service, token: settings.metricsToken, trusted: settings.metricsTrusted)
        StatusRoutes(
            service: service, metricsReaders: readers, passwordQueue: { [hasher] in hasher.waitingCount },
            certificateEnd: certificateEnd
        ).mount(on: router)
        problems.know(RouteTable(of: router))
        return router
    }

    package func shutdown() async {
        do {
            try await hasher.shutdown()
        } catch {
            logger.warning("the password hasher did not stop", metadata: ["error": "\(error)"])
        }
        do {
            try await registryClient?.shutdown()
        } catch {
            logger.warning("the registry's client did not stop", metadata: ["error": "\(error)"])
        }
    }
}

extension Settings {
    fileprivate var service: AccessService.Settings {
        var service = AccessService.Settings()
        service.registryService = registryService
        service.registryIssuer = registryIssuer
        service.registryTokenLifetime = registryTokenLifetime
        service.registryRealm = "\(publicURL)/token"
        service.backupDirectory = backupDirectory
        service.keyFiles = [".registry-key.pem": registryKeyFile, ".secrets-key": secretsKeyFile]
        for (role, file) in RegistryTokenSigner.filesBeside(registryKeyFile) {
            service.keyFiles[".registry-key-\(role).pem"] = file
        }
        return service
    }
}
