import Synchronization

/// Runs `body` with what tells whether the task was cancelled: a transaction is on another thread.
package func withCancellationFlag<Result>(
    _ body: (@escaping @Sendable () -> Bool) async throws -> Result
) async rethrows -> Result {
    let flag = CancellationFlag()
    return try await withTaskCancellationHandler {
        try await body { flag.isSet }
    } onCancel: {
        flag.set()
    }
}

private final class CancellationFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }
    func set() { flag.store(true, ordering: .relaxed) }
}
