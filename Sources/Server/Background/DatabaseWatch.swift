import AccessControl
import Logging
import ServiceLifecycle

/// Says in the log when the database is no longer the file that is open, and when it is again. Writes find out by
/// themselves, at once.
struct DatabaseWatch: Service {
    let service: AccessService
    let logger: Logger

    func run() async throws {
        var wasReplaced = false
        for await _ in AsyncTicks(every: .milliseconds(500)).cancelOnGracefulShutdown() {
            do throws(AccessError) {
                try service.transactions.store.checkIdentity()
                if wasReplaced { logger.notice("the database file is in its place again") }
                wasReplaced = false
            } catch {
                if !wasReplaced { logger.critical("the database cannot be used", metadata: ["error": "\(error)"]) }
                wasReplaced = true
            }
        }
    }
}
