import AccessControl
import AccessModel
import Logging
import ServiceLifecycle

/// Compares a registry's catalogue with what is known here, and warns of a certificate that ends.
struct RegistryKeeper: Service {
    let service: AccessService
    /// nil where no registry is asked.
    let interval: Duration?
    let logger: Logger

    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await warnOfCertificates() }
            if let interval { group.addTask { await reconcile(every: interval) } }
        }
    }

    private func reconcile(every interval: Duration) async {
        for await _ in AsyncTicks(every: interval).cancelOnGracefulShutdown() {
            do {
                let found = try await service.registry.reconcile(dryRun: false, as: .service)
                logger.info(
                    "compared with the registry",
                    metadata: [
                        "listed": "\(found.listed)", "failed": "\(found.failed.count)",
                        "unknown": "\(found.unknown.count)", "empty": "\(found.empty.count)",
                        "tags_added": "\(found.tagsAdded)", "tags_removed": "\(found.tagsRemoved)",
                    ])
            } catch {
                logger.warning("the registry was not compared", metadata: ["error": "\(error)"])
            }
        }
    }

    private func warnOfCertificates() async {
        warn()
        for await _ in AsyncTicks(every: .seconds(86_400)).cancelOnGracefulShutdown() { warn() }
    }

    private func warn() {
        do {
            for key in try service.registry.signingKeys(as: .service)
            where key.certificateEnds < service.transactions.clock.now + .seconds(60 * 86_400) {
                logger.warning(
                    "a signing key's certificate ends: exchange the key (portreeve registry key next)",
                    metadata: ["role": "\(key.role.rawValue)", "ends": "\(key.certificateEnds)"])
            }
        } catch {
            logger.error("the signing keys cannot be read", metadata: ["error": "\(error)"])
        }
    }
}
