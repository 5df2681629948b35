import AccessControl
import AccessModel
import Logging
import ServiceLifecycle

/// Says in the log when the machine's clock is not believed, and at the start when it is behind the change log.
struct ClockWatch: Service {
    let service: AccessService
    let logger: Logger

    func run() async throws {
        do throws(AccessError) {
            let behind = try await service.transactions.secondsBehindLog()
            if behind > 0 {
                logger.warning(
                    "the clock is behind the newest entry of the change log: new entries are dated like that one",
                    metadata: ["seconds": "\(behind)"])
            }
        } catch {
            logger.error("the change log cannot be read", metadata: ["error": "\(error)"])
        }
        var isAstray = false
        for await _ in AsyncTicks(every: .seconds(5)).cancelOnGracefulShutdown() {
            let offset = service.transactions.clock.offset
            guard isAstray != (abs(offset) > 60) else { continue }
            isAstray.toggle()
            let metadata: Logger.Metadata = ["offset_seconds": "\(Int64(offset))"]
            if isAstray {
                logger.warning(
                    "the machine's clock was set while the service runs, and is not believed until a restart",
                    metadata: metadata)
            } else {
                logger.notice("the machine's clock is right again", metadata: metadata)
            }
        }
    }
}
