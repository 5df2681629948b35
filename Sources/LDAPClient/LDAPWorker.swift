import CLDAP
import Glibc
import NIOPosix
import Synchronization

/// Runs work that waits for a server on threads of its own, a few at a time. A connection is
/// made, used and closed inside one piece of work, on one thread.
public final class LDAPWorker: Sendable {
    private let pool: NIOThreadPool

    public init(threads: Int = 4) {
        pool = NIOThreadPool(numberOfThreads: threads)
        pool.start()
    }

    deinit { pool.shutdownGracefully { _ in } }

    /// Runs `body` when a thread is free. When the task is cancelled, work that has not begun is
    /// not begun, and the signal tells work that has.
    public func run<Value: Sendable>(
        _ body: @escaping @Sendable (LDAPCancellation) throws(LDAPError) -> Value
    ) async throws(LDAPError) -> Value {
        let cancellation = LDAPCancellation()
        let outcome: Result<Value, LDAPError>
        do {
            outcome = try await withTaskCancellationHandler {
                try await pool.runIfActive {
                    cldap_block_sigpipe()
                    return Result { () throws(LDAPError) in try body(cancellation) }
                }
            } onCancel: {
                cancellation.cancel()
            }
        } catch {
            throw LDAPError("wait for a thread", .cancelled)
        }
        return try outcome.get()
    }
}

/// Tells work on another thread that nobody waits for its result any more, and ends the wait for a
/// server that it may be in.
public final class LDAPCancellation: Sendable {
    private let flag = Atomic(false)
    private let socket = Mutex<Int32?>(nil)

    public init() {}

    public var isCancelled: Bool { flag.load(ordering: .relaxed) }

    public func cancel() {
        flag.store(true, ordering: .relaxed)
        socket.withLock { if let socket = $0 { shutdown(socket, Int32(SHUT_RDWR)) } }
    }

    /// Shuts this socket down when cancelled, until it is told to forget it.
    func watch(_ descriptor: Int32) {
        socket.withLock { socket in
            socket = descriptor
            if isCancelled { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    /// To be called before the socket is closed: its number may be another one's then.
    func forget() { socket.withLock { $0 = nil } }
}
