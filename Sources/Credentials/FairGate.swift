import Synchronization

/// Lets a few calls run at a time; the others wait, and clients take turns (`FairQueue`).
final class FairGate: Sendable {
    private typealias Waiter = CheckedContinuation<Bool, Never>

    private let most: Int
    private let queue: Mutex<FairQueue<Waiter>>

    /// - Parameters:
    ///   - limit: calls that run at a time, at least 1.
    ///   - capacity: calls that may wait.
    init(limit: Int, capacity: Int) {
        most = limit + capacity
        queue = Mutex(FairQueue(limit: limit, capacity: capacity))
    }

    var waitingCount: Int { queue.withLock { $0.count } }

    /// - Throws: `PasswordHasherError.overloaded` for a call that may not wait, or that made room for another one.
    func run<Value: Sendable>(for client: String, _ body: () async throws -> Value) async throws -> Value {
        guard await enter(client) else { throw PasswordHasherError.overloaded(limit: most) }
        defer { queue.withLock { $0.end() }?.resume(returning: true) }
        return try await body()
    }

    /// Whether it may run now, once it has waited.
    private func enter(_ client: String) async -> Bool {
        await withCheckedContinuation { (waiter: Waiter) in
            switch queue.withLock({ $0.admit(waiter, of: client) }) {
            case .runs: waiter.resume(returning: true)
            case .waits: break
            case .isRefused: waiter.resume(returning: false)
            case .replaces(let other): other.resume(returning: false)
            }
        }
    }
}
