import AccessModel
import Synchronization

/// How many follow the change log. Each reads it at every change of anybody.
final class StreamCount: Sendable {
    static let callerLimit = 16
    static let limit = 256

    private let callers = Mutex<[Actor: Int]>([:])

    /// - Throws: `.tooManyQuestions` where a caller, or all together, follow it too often.
    func begin(_ caller: Actor) throws(AccessError) {
        let isLetIn = callers.withLock { callers in
            guard callers[caller, default: 0] < Self.callerLimit, callers.values.reduce(0, +) < Self.limit else {
                return false
            }
            callers[caller, default: 0] += 1
            return true
        }
        guard isLetIn else { throw .tooManyQuestions(retryAfter: 15) }
    }

    var count: Int { callers.withLock { $0.values.reduce(0, +) } }

    func end(_ caller: Actor) {
        callers.withLock { callers in
            let left = callers[caller, default: 1] - 1
            callers[caller] = left > 0 ? left : nil
        }
    }
}
