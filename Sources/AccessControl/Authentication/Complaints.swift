import AccessModel
import Synchronization

/// What is logged once a minute for each, however often it happens: a flood of requests is none of the log.
final class Complaints: Sendable {
    private let logged = Mutex<[String: Timestamp]>([:])
    private static let (interval, capacity) = (Int64(60), 10_000)

    func isDue(_ what: String, now: Timestamp) -> Bool {
        logged.withLock { logged in
            if let last = logged[what], now.seconds - last.seconds < Self.interval { return false }
            if logged.count >= Self.capacity {
                logged = logged.filter { now.seconds - $0.value.seconds < Self.interval }
                if logged.count >= Self.capacity { return false }
            }
            logged[what] = now
            return true
        }
    }
}
