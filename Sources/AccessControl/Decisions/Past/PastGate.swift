import AccessModel
import Synchronization

/// Lets few ask about the past at once: such a question takes a reader of the database, and some of a processor
/// that logins and decisions want. Those beyond get 429; those let in take turns.
final class PastGate: Sendable {
    /// How many of one caller.
    static let callerLimit = 2
    /// How many in all.
    static let limit = 8

    private struct State {
        var count = 0
        var callers: [Actor: Int] = [:]
    }

    private let state = Mutex(State())
    private let turns = Turns()

    /// - Throws: `.tooManyQuestions` where the caller, or all together, ask too much at once.
    func pass<Value: Sendable>(
        _ caller: Actor, _ body: () async throws(AccessError) -> Value
    ) async throws(AccessError) -> Value {
        let isLetIn = state.withLock { state in
            guard state.count < Self.limit, state.callers[caller, default: 0] < Self.callerLimit else { return false }
            state.count += 1
            state.callers[caller, default: 0] += 1
            return true
        }
        guard isLetIn else { throw .tooManyQuestions(retryAfter: 1) }
        defer { leave(caller) }
        return try await turns.take("", body)
    }

    private func leave(_ caller: Actor) {
        state.withLock { state in
            state.count -= 1
            let left = state.callers[caller, default: 1] - 1
            state.callers[caller] = left > 0 ? left : nil
        }
    }
}
