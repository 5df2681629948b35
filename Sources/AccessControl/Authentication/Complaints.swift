import AccessModel
import Synchronization

/// What is logged at most once a minute for each network or person, so that a flood of requests is no flood of lines.
final class Complaints: Sendable {
    private let logged = Mutex<[String: Timestamp]>([:])
    private static let (interval, capacity) = (Int64(60), 10_000)

    /// - Parameter what: the kind of line and whom it is about.
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
