import AccessModel
import Synchronization

/// Directories that could not be reached a moment ago. Whoever logs in meanwhile is told at once
/// and does not wait for them.
final class DirectoryOutages: Sendable {
    private static let memory = Duration.seconds(10)
    private let until = Mutex<[String: Timestamp]>([:])

    func isOut(_ directory: String, at now: Timestamp) -> Bool {
        until.withLock { until in
            guard let end = until[directory] else { return false }
            if now < end { return true }
            until[directory] = nil
            return false
        }
    }

    func note(_ directory: String, at now: Timestamp) { until.withLock { $0[directory] = now + Self.memory } }
}
