import AccessControl
import AccessModel
import Logging
import ServiceLifecycle

/// Notes what the entries of the log name, some time behind the writes, so that questions about the past find them.
struct ChangeKeysKeeper: Service {
    let service: AccessService
    let logger: Logger

    func run() async throws {
        var last: Revision?
        for await _ in AsyncTicks(every: .seconds(1)).cancelOnGracefulShutdown() {
            do throws(AccessError) {
                last = try await service.transactions.fillChangeKeys(after: last)
            } catch {
                guard error != .storage(.busy), error != .storage(.abandoned) else { continue }
                logger.error("what changes name was not noted", metadata: ["error": "\(error)"])
            }
        }
    }
}
