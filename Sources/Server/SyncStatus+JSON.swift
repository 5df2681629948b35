import AccessControl
import AccessModel
import HTTPSupport
import StrictJSON

extension SyncStatus {
    /// Seconds since the last good synchronisation; nil if there was none.
    func age(at now: Timestamp) -> Double? {
        lastGood?.finishedAt.map { Double(now.microseconds - $0.microseconds) / 1_000_000 }
    }

    func json(at now: Timestamp) -> JSONValue {
        [
            "name": .string(directory), "scheduled": .bool(isScheduled), "running": JSONValue(running),
            "last_run": JSONValue(last?.id), "last_state": JSONValue(last?.state.rawValue),
            "message": JSONValue(last?.message),
            "last_good_at": JSONValue(lastGood?.finishedAt), "age_seconds": JSONValue(age(at: now).map(Int64.init)),
            "held_changes": JSONValue(Int64(heldChanges)), "held_in": JSONValue(heldIn),
            "frozen": JSONValue(last?.frozen.map(Int64.init)),
        ]
    }
}

extension SyncRun {
    var seconds: Double? {
        finishedAt.map { Double($0.microseconds - startedAt.microseconds) / 1_000_000 }
    }
}
