import Synchronization

/// Lets a few calls run at a time; the others wait. Clients take turns, however many calls each has: one that
/// sends many waits for its own. When as many wait as may, the client with the most of them loses its last one
/// to a client with fewer.
final class FairGate: Sendable {
    private typealias Waiter = CheckedContinuation<Bool, Never>

    private struct State {
        var running = 0
        /// Never empty ones.
        var waiting: [String: [Waiter]] = [:]
        /// Those who have calls that wait, the one whose turn is next first.
        var turns: [String] = []
        var count = 0
    }

    private let limit: Int
    private let capacity: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: calls that run at a time, at least 1.
    ///   - capacity: calls that may wait.
    init(limit: Int, capacity: Int) {
        self.limit = limit
        self.capacity = capacity
    }

    /// Calls that wait now.
    var waiting: Int { state.withLock(\.count) }

    /// - Throws: `PasswordHasherError.overloaded` for a call that may not wait, or that made room for another one.
    func run<Value: Sendable>(for client: String, _ body: () async throws -> Value) async throws -> Value {
        guard await enter(client) else { throw PasswordHasherError.overloaded(limit: limit + capacity) }
        defer { leave() }
        return try await body()
    }

    private func enter(_ client: String) async -> Bool {
        await withCheckedContinuation { (waiter: Waiter) in
            let (answered, isLetIn) = state.withLock { admit(waiter, of: client, &$0) }
            answered?.resume(returning: isLetIn)
        }
    }

    /// - Returns: who gets an answer now, and which; nil if the call waits and nobody made room for it.
    private func admit(_ waiter: Waiter, of client: String, _ state: inout State) -> (Waiter?, Bool) {
        if state.running < limit {
            state.running += 1
            return (waiter, true)
        }
        var refused: Waiter?
        if state.count >= capacity {
            let own = state.waiting[client]?.count ?? 0
            guard let (busiest, calls) = state.waiting.max(by: { $0.value.count < $1.value.count }),
                calls.count > own + 1
            else { return (waiter, false) }
            refused = state.waiting[busiest]?.popLast()
            state.count -= 1
        }
        if state.waiting[client] == nil { state.turns.append(client) }
        state.waiting[client, default: []].append(waiter)
        state.count += 1
        return (refused, false)
    }

    private func leave() {
        let next = state.withLock { state -> Waiter? in
            guard !state.turns.isEmpty else {
                state.running -= 1
                return nil
            }
            let client = state.turns.removeFirst()
            let next = state.waiting[client]?.removeFirst()
            state.count -= 1
            if state.waiting[client]?.isEmpty ?? true {
                state.waiting[client] = nil
            } else {
                state.turns.append(client)
            }
            return next
        }
        next?.resume(returning: true)
    }
}
