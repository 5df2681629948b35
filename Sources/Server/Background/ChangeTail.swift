import AccessControl
import AccessModel
import Logging
import ServiceLifecycle

/// Takes in what other processes write: commands on the served file.
struct ChangeTail: Service {
    let service: AccessService
    let logger: Logger
    let interval = Duration.milliseconds(20)

    func run() async throws {
        var isFailing = false
        for await _ in AsyncTicks(every: interval).cancelOnGracefulShutdown() {
            do {
                try await service.transactions.catchUp()
                isFailing = false
            } catch {
                // Said once, not twenty times a second; every write tries again by itself.
                if !isFailing { logger.error("the change log cannot be read", metadata: ["error": "\(error)"]) }
                isFailing = true
            }
        }
    }
}
