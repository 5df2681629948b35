import AccessModel
import Foundation
import Synchronization

// One synchronisation at a time for each directory and database, whichever process asks for it:
// a run in the state `running` is a lease, which its process renews. A process that is gone holds
// none, and one that only seems to be loses its run: it finds it no longer running when it would apply.

extension DirectorySynchronization {
    private static let leaseTime = Duration.seconds(10)
    private static let renewal = Duration.seconds(2)

    /// Keeps the run as the one that runs.
    /// - Parameter due: since when it is; nil if it is in any case.
    /// - Returns: one that began since then and makes this one needless: nothing is kept of this one.
    /// - Throws: `.conflict` with the code `sync-running` when another one does.
    func begin(
        _ run: SyncRun, _ extent: SyncRun.Extent?, dueSince due: Timestamp?
    ) async throws(AccessError) -> SyncRun? {
        let lease = SyncLease(owner: processIdentity, aliveAt: clock.now)
        let running = running
        return try await store.write(as: .service) { (writer) throws(AccessError) in
            for (other, held) in try writer.runningSyncRuns(of: run.directory) {
                let isHeld =
                    held.owner == lease.owner
                    ? running.runs.withLock { $0[other.id] != nil }
                    : lease.aliveAt < held.aliveAt + Self.leaseTime && !Self.hasEnded(held.owner, on: lease.owner)
                if isHeld {
                    throw AccessError.conflict(
                        code: .syncRunning,
                        detail: "a synchronisation of \"\(run.directory)\" is running already: \(other.id)")
                }
                try writer.end(other, at: lease.aliveAt)
            }
            if let due {
                // Asked here, as another process has the same timetable.
                let earlier = try writer.syncRuns(of: run.directory, limit: 20).first {
                    $0.mode == .run && $0.startedAt >= due && $0.isComplete
                        && (extent == .full ? $0.extentDone == .full : $0.extentDone != nil)
                }
                if let earlier { return earlier }
            }
            try writer.save(run)
            try writer.renew(lease, of: run.id)
            return nil
        }
    }

    /// Ends the runs that a crash left behind. To be called when the service starts.
    public func endInterruptedRuns() async throws(AccessError) {
        let (me, now) = (processIdentity, clock.now)
        try await store.write(as: .service) { (writer) throws(AccessError) in
            for directory in try writer.directories().map(\.value.name) {
                for (run, lease) in try writer.runningSyncRuns(of: directory)
                where now >= lease.aliveAt + Self.leaseTime || Self.hasEnded(lease.owner, on: me) {
                    try writer.end(run, at: now)
                }
            }
        }
    }

    func renewLease(of run: String) async {
        while true {
            do {
                try await Task.sleep(for: Self.renewal)
                let lease = SyncLease(owner: processIdentity, aliveAt: clock.now)
                try await store.writeAside { (writer) throws(AccessError) in try writer.renew(lease, of: run) }
            } catch is CancellationError {
                return
            } catch {
                logger.warning("a synchronisation's lease cannot be renewed", metadata: ["reason": "\(error)"])
                if Task.isCancelled { return }
            }
        }
    }

    /// Whether a process of this machine has ended. Of another machine nothing is known but its lease.
    private static func hasEnded(_ owner: String, on me: String) -> Bool {
        let (theirs, ours) = (owner.split(separator: " "), me.split(separator: " "))
        guard theirs.count == 3, ours.count == 3, theirs[0] == ours[0], let pid = pid_t(theirs[1]) else { return false }
        // The same number for another life of the process, as in a container that was started anew.
        if theirs[1] == ours[1] { return theirs[2] != ours[2] }
        return kill(pid, 0) != 0 && errno == ESRCH
    }

    /// The machine's name, the process's number and when the service was made in it.
    static func makeProcessIdentity(at now: Timestamp) -> String {
        var name = [CChar](repeating: 0, count: 256)
        let isKnown = gethostname(&name, name.count - 1) == 0
        let machine =
            isKnown
            ? String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) : "localhost"
        return "\(machine) \(getpid()) \(now.microseconds)"
    }
}

/// The synchronisations that run in this process, and how to stop them.
final class RunningSyncs: Sendable {
    let runs = Mutex<[String: @Sendable () -> Void]>([:])
}

extension StoreWriter {
    fileprivate func end(_ run: SyncRun, at now: Timestamp) throws(AccessError) {
        var run = run
        run.state = .failed
        run.message = "interrupted; nothing was changed"
        run.finishedAt = now
        try save(run)
    }
}
