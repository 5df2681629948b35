import AccessControl
import AccessModel
import Logging
import ServiceLifecycle

/// Writes the head of the hash chain to the log every hour: `portreeve verify --head` proves
/// the database against it.
struct ChainHead: Service {
    let service: AccessService
    let logger: Logger

    func run() async throws {
        await note()
        for await _ in AsyncTicks(every: .seconds(3_600)).cancelOnGracefulShutdown() { await note() }
    }

    private func note() async {
        do {
            let last = try await service.transactions.store.read { (reader) throws(AccessError) in
                try reader.changes(after: max(0, try reader.revision() - 1), limit: 1).last
            }
            guard let last else { return }
            logger.notice("change log", metadata: ["revision": "\(last.revision)", "head": "\(last.hash)"])
        } catch {
            logger.error("the head of the change log cannot be read", metadata: ["error": "\(error)"])
        }
    }
}
