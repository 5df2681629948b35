import AccessControl
import AccessModel
import Logging
import ServiceLifecycle
import Synchronization

/// Synchronises directories when their schedules say so, or somebody has asked, each in a task of
/// its own. At shutdown what runs is cancelled and leaves nothing half done.
struct SyncScheduler: Service {
    let service: AccessService
    let logger: Logger
    let interval = Duration.milliseconds(200)

    private struct Ended: Sendable {
        var directory: String
        var read: SyncRun.Extent?
        var begun: Timestamp
    }

    func run() async throws {
        let ended = Mailbox<Ended>()
        await withDiscardingTaskGroup { runs in
            var timetable = SyncTimetable()
            var revision: Revision?
            var isFailing = false
            for await _ in AsyncTicks(every: interval).cancelOnGracefulShutdown() {
                for run in ended.take() { timetable.ended(run.directory, read: run.read, begun: run.begun) }
                do throws(AccessError) {
                    let current = service.transactions.published.current.revision
                    if revision != current {
                        timetable = try await service.synchronization.update(timetable)
                        revision = current
                    }
                    isFailing = false
                } catch {
                    if !isFailing { logger.error("schedules cannot be read", metadata: ["error": "\(error)"]) }
                    isFailing = true
                }
                let now = service.transactions.clock.now
                for due in timetable.due(at: now) {
                    timetable.began(due.directory, at: now)
                    runs.addTask {
                        let run = await synchronize(due.directory, due.extent, dueSince: due.since)
                        let begun = run.map { min(now, $0.startedAt) } ?? now
                        ended.put(Ended(directory: due.directory, read: run?.extentDone, begun: begun))
                    }
                }
                for directory in service.synchronization.takeRequestedSyncs().sorted() {
                    runs.addTask { await synchronize(directory, nil, dueSince: nil) }
                }
            }
            runs.cancelAll()
        }
    }

    /// - Parameter due: since when it is by the timetable; nil if somebody asked for it.
    /// - Returns: nil if it was not even begun.
    @discardableResult
    private func synchronize(
        _ directory: String, _ extent: SyncRun.Extent?, dueSince due: Timestamp?
    ) async -> SyncRun? {
        do throws(AccessError) {
            return try await service.synchronization.synchronize(
                directory, mode: .run, extent: extent, dueSince: due, as: .service)
        } catch {
            guard error.code == .syncRunning else {
                logger.error(
                    "synchronisation cannot be run", metadata: ["directory": "\(directory)", "reason": "\(error)"])
                return nil
            }
            // One that runs already is as good for a schedule, but may have begun before what it was asked for.
            if due == nil, (try? await Task.sleep(for: .seconds(1))) != nil {
                service.synchronization.requestSync(of: directory)
            }
            return nil
        }
    }
}

/// What tasks hand to the one that started them.
private final class Mailbox<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    func put(_ value: Value) { values.withLock { $0.append(value) } }

    func take() -> [Value] {
        values.withLock { values in
            defer { values = [] }
            return values
        }
    }
}
