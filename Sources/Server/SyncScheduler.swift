import AccessControl
import AccessModel
import Logging
import ServiceLifecycle

/// Synchronises directories when their schedules say so, or somebody has asked, each in a task of
/// its own. At shutdown what runs is cancelled and leaves nothing half done.
struct SyncScheduler: Service {
    let service: AccessService
    let logger: Logger
    let interval = Duration.milliseconds(200)

    func run() async throws {
        await withTaskGroup { runs in
            var timetable = SyncTimetable()
            var revision: Revision?
            var isFailing = false
            for await _ in AsyncTicks(every: interval).cancelOnGracefulShutdown() {
                do throws(AccessError) {
                    let current = service.published.current.revision
                    if revision != current {
                        timetable = try await service.update(timetable)
                        revision = current
                    }
                    isFailing = false
                } catch {
                    if !isFailing { logger.error("schedules cannot be read", metadata: ["error": "\(error)"]) }
                    isFailing = true
                }
                let now = service.clock.now
                for (directory, extent) in timetable.due(at: now) {
                    timetable.began(directory, extent: extent, at: now)
                    runs.addTask { await synchronize(directory, extent) }
                }
                for directory in service.takeRequestedSyncs().sorted() {
                    runs.addTask { await synchronize(directory, nil, isRequested: true) }
                }
            }
            runs.cancelAll()
        }
    }

    private func synchronize(_ directory: String, _ extent: SyncRun.Extent?, isRequested: Bool = false) async {
        do throws(AccessError) {
            let run = try await service.synchronize(directory, mode: .run, extent: extent, as: .service)
            logger.info(
                "synchronised",
                metadata: [
                    "directory": "\(directory)", "run": "\(run.id)", "state": "\(run.state.rawValue)",
                    "applied": "\(run.appliedCount)",
                ])
        } catch {
            if error.code == "sync-running" {
                // One that runs already is as good for a schedule, but may have begun before what it was asked for.
                if isRequested, (try? await Task.sleep(for: .seconds(1))) != nil { service.requestSync(of: directory) }
                return
            }
            logger.error(
                "synchronisation cannot be run", metadata: ["directory": "\(directory)", "reason": "\(error)"])
        }
    }
}
