public import AccessModel
import Synchronization

/// The graph that readers see. They take it once a request and see one revision throughout.
public final class PublishedGraph: Sendable {
    private struct State {
        var graph: AccessGraph
        var waiters: [Int: Waiter] = [:]
        /// Waiters that were given up before they began to wait.
        var abandoned: Set<Int> = []
        var nextWaiter = 0
        var hasEnded = false
    }

    private struct Waiter {
        let revision: Revision
        let continuation: CheckedContinuation<Bool, Never>
    }

    private let state: Mutex<State>

    public init(_ graph: AccessGraph) { state = Mutex(State(graph: graph)) }

    public var current: AccessGraph { state.withLock { $0.graph } }

    /// Whether nothing more will be published.
    public var hasEnded: Bool { state.withLock { $0.hasEnded } }

    /// Publishes a graph unless a newer one is there already.
    func publish(_ next: AccessGraph) {
        let reached = state.withLock { state in
            guard next.revision > state.graph.revision else { return [Waiter]() }
            state.graph = next
            let ids = state.waiters.filter { $0.value.revision <= next.revision }.map(\.key)
            return ids.compactMap { state.waiters.removeValue(forKey: $0) }
        }
        for waiter in reached { waiter.continuation.resume(returning: true) }
    }

    /// Lets go of everybody who waits, for the service to stop.
    public func end() {
        let waiters = state.withLock { state in
            state.hasEnded = true
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.continuation.resume(returning: false) }
    }

    /// Waits until a revision is published.
    /// - Returns: whether it was: false after `limit`, when the task is cancelled, or at the end.
    public func reach(_ revision: Revision, within limit: Duration) async -> Bool {
        guard current.revision < revision else { return true }
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        let timer = Task {
            do { try await Task.sleep(for: limit) } catch { return }
            abandon(id)
        }
        let isReached = await withTaskCancellationHandler {
            await withCheckedContinuation { wait(id, Waiter(revision: revision, continuation: $0)) }
        } onCancel: {
            abandon(id)
        }
        timer.cancel()
        await timer.value
        _ = state.withLock { $0.abandoned.remove(id) }
        return isReached
    }

    private func wait(_ id: Int, _ waiter: Waiter) {
        let answer: Bool? = state.withLock { state in
            if state.graph.revision >= waiter.revision { return true }
            if state.hasEnded || state.abandoned.contains(id) { return false }
            state.waiters[id] = waiter
            return nil
        }
        if let answer { waiter.continuation.resume(returning: answer) }
    }

    private func abandon(_ id: Int) {
        let waiter = state.withLock { state in
            let waiter = state.waiters.removeValue(forKey: id)
            if waiter == nil { state.abandoned.insert(id) }
            return waiter
        }
        waiter?.continuation.resume(returning: false)
    }
}
