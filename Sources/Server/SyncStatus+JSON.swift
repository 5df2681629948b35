import AccessControl
import AccessModel
import HTTPSupport

extension SyncStatus {
    /// Seconds since the last good synchronisation; nil if there was none.
    func age(at now: Timestamp) -> Double? {
        lastGood?.finishedAt.map { Double(now.microseconds - $0.microseconds) / 1_000_000 }
    }

    func json(at now: Timestamp) -> JSON {
        [
            "name": .string(directory), "scheduled": .bool(isScheduled), "running": JSON(running),
            "last_run": JSON(last?.id), "last_state": JSON(last?.state.rawValue), "message": JSON(last?.message),
            "last_good_at": JSON(lastGood?.finishedAt), "age_seconds": age(at: now).map { .number(Int64($0)) } ?? .null,
            "held_changes": .number(Int64(heldChanges)), "held_in": JSON(heldIn),
            "frozen": last?.frozen.map { .number(Int64($0)) } ?? .null,
        ]
    }
}

extension SyncRun {
    var seconds: Double? {
        finishedAt.map { Double($0.microseconds - startedAt.microseconds) / 1_000_000 }
    }
}
