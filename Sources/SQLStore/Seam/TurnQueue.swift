import AccessControl
import Synchronization

/// Admits a limited number at once, first come, first served. Each waits for its patience at the most: a large import may
/// hold the database for a minute.
package final class TurnQueue: Sendable {
    private struct State {
        var free: Int
        var waiting: [Waiter] = []
    }

    private let state: Mutex<State>

    package init(atOnce: Int = 1) { state = Mutex(State(free: atOnce)) }

    /// Runs `body` when it is its turn.
    /// - Throws: `.storage(.busy)` when it has not come within `patience`, or the task was cancelled meanwhile.
    package func take<Value>(within patience: Duration, _ body: () async throws -> Value) async throws -> Value {
        guard await wait(for: patience) else { throw AccessError.storage(.busy) }
        defer { pass() }
        return try await body()
    }

    private func wait(for patience: Duration) async -> Bool {
        let waiter = state.withLock { state -> Waiter? in
            guard state.free == 0 else {
                state.free -= 1
                return nil
            }
            let waiter = Waiter()
            state.waiting.append(waiter)
            return waiter
        }
        guard let waiter else { return true }
        let timer = Task {
            do { try await Task.sleep(for: patience) } catch { return }
            waiter.settle(false)
        }
        defer { timer.cancel() }
        let hasTurn = await withTaskCancellationHandler {
            await waiter.outcome()
        } onCancel: {
            waiter.settle(false)
        }
        if !hasTurn { state.withLock { state in state.waiting.removeAll { $0 === waiter } } }
        return hasTurn
    }

    private func pass() {
        while true {
            let next = state.withLock { state -> Waiter? in
                guard !state.waiting.isEmpty else {
                    state.free += 1
                    return nil
                }
                return state.waiting.removeFirst()
            }
            guard let next, !next.settle(true) else { return }
        }
    }
}

/// One who waits for a turn, until it comes or they give up.
private final class Waiter: Sendable {
    private enum State {
        case pending
        case waiting(CheckedContinuation<Bool, Never>)
        case settled(Bool)
    }

    private let state = Mutex(State.pending)

    /// Whether the turn came. To be asked once.
    func outcome() async -> Bool {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state -> Bool? in
                if case .settled(let hasTurn) = state { return hasTurn }
                state = .waiting(continuation)
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    /// - Returns: false where it was settled before.
    @discardableResult
    func settle(_ hasTurn: Bool) -> Bool {
        let previous = state.withLock { state in
            defer { if case .settled = state {} else { state = .settled(hasTurn) } }
            return state
        }
        switch previous {
        case .settled: return false
        case .pending: return true
        case .waiting(let continuation):
            continuation.resume(returning: hasTurn)
            return true
        }
    }
}
