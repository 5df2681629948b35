import AccessModel
import Synchronization

/// Counts the open streams. Each reads the log again after every change.
final class StreamCount: Sendable {
    static let callerLimit = 16
    static let limit = 256

    private let callers = Mutex<[Actor: Int]>([:])

    /// - Throws: `.tooManyQuestions` where a caller, or all together, have as many as allowed.
    func begin(_ caller: Actor) throws(AccessError) {
        let isLetIn = callers.withLock { callers in
            guard Self.hasRoom(callers, caller) else { return false }
            callers[caller, default: 0] += 1
            return true
        }
        guard isLetIn else { throw .tooManyQuestions(retryAfter: 15) }
    }

    /// Throws what `begin` would throw now.
    func check(_ caller: Actor) throws(AccessError) {
        guard callers.withLock({ Self.hasRoom($0, caller) }) else { throw .tooManyQuestions(retryAfter: 15) }
    }

    private static func hasRoom(_ callers: [Actor: Int], _ caller: Actor) -> Bool {
        callers[caller, default: 0] < callerLimit && callers.values.reduce(0, +) < limit
    }

    var count: Int { callers.withLock { $0.values.reduce(0, +) } }

    func end(_ caller: Actor) {
        callers.withLock { callers in
            let left = callers[caller, default: 1] - 1
            callers[caller] = left > 0 ? left : nil
        }
    }
}
