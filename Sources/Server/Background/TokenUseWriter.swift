import AccessControl
import AccessModel
import Logging
import ServiceLifecycle

/// Keeps how tokens and repositories were used and what logins told, now and then and at the end.
struct TokenUseWriter: Service {
    let service: AccessService
    let logger: Logger

    func run() async throws {
        for await _ in AsyncTicks(every: .seconds(5)).cancelOnGracefulShutdown() { await keep() }
        await keep()
    }

    private func keep() async {
        do throws(AccessError) {
            try await service.authentication.keepTokenUses()
            try await service.authentication.keepDirectoryLogins()
            try await service.registry.recordWaitingEvents()
        } catch {
            // While a long write holds the database they wait, and are kept behind it.
            guard error != .storage(.busy) else { return }
            logger.error("the uses of tokens and repositories were not kept", metadata: ["error": "\(error)"])
        }
    }
}
