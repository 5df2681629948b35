import NIOCore
import Synchronization

/// Tells work for a client that the client has left. Handed to the channel of the request as an event.
public final class ClientPresence: Sendable {
    private enum State {
        case present
        case watched(CheckedContinuation<Void, Never>)
        case over
    }

    private let state = Mutex(State.present)

    public init() {}

    /// To be called by the channel when the client has ended its side.
    public func leave() { end() }

    /// Returns when the client has left, or when the task is cancelled. To be called once.
    func waitForEnd() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if case .over = state { return true }
                    state = .watched(continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            end()
        }
    }

    private func end() {
        let previous = state.withLock { state in
            defer { state = .over }
            return state
        }
        if case .watched(let continuation) = previous { continuation.resume() }
    }
}

extension AuthenticatedContext {
    /// Does long work for the client, and cancels it when the client leaves. To be called when the request has
    /// been read.
    public func whileClientWaits<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        guard let channel else { return try await work() }
        let presence = ClientPresence()
        channel.pipeline.fireUserInboundEventTriggered(presence)
        return try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await work() }
            group.addTask {
                await presence.waitForEnd()
                throw CancellationError()
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }
}
