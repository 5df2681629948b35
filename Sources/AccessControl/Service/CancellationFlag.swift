import Synchronization

/// Runs `body` with what tells whether the task was cancelled: a transaction is on another thread.
package func withCancellationFlag<Value, Failure: Error>(
    _ body: (@escaping @Sendable () -> Bool) async throws(Failure) -> Value
) async throws(Failure) -> Value {
    let flag = CancellationFlag()
    // The handler of the standard library does not keep the type of an error.
    let result: Result<Value, Failure> = await withTaskCancellationHandler {
        do throws(Failure) { return .success(try await body { flag.isSet }) } catch { return .failure(error) }
    } onCancel: {
        flag.set()
    }
    return try result.get()
}

private final class CancellationFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }
    func set() { flag.store(true, ordering: .relaxed) }
}
