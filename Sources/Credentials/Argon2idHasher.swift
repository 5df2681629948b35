public import AccessControl
import NIOPosix

/// Hashes passwords with argon2id on threads of its own, a few at a time. A password's bytes are
/// its UTF-8 as it was given: nothing is normalised or cut.
///
/// More work than `threads` waits, up to `waiting` calls; beyond that a call throws
/// `PasswordHasherError.overloaded`, so that a flood of logins neither takes the machine nor grows a
/// queue that nobody waits for any more. Clients take turns, so a flood of one is a wait for that one
/// (`FairGate`). Call `shutdown()` at the end.
public final class Argon2idHasher: PasswordHasher {
    private let algorithm: Argon2id
    private let hashOfNothing: String
    private let pool: NIOThreadPool
    private let gate: FairGate

    /// The default costs are OWASP's first choice for argon2id with one lane (19 MiB, two passes):
    /// some 20 ms a login. Registry clients send the password with every push and pull, so more
    /// would be paid by everybody all day, and two threads hold no more than 38 MiB.
    /// - Parameters:
    ///   - passes: over the memory, at least 1.
    ///   - memory: in bytes, at least 8192.
    ///   - threads: passwords hashed at the same time.
    ///   - waiting: calls that may wait for a thread.
    /// - Throws: `PasswordHasherError` when libsodium cannot be used or takes no such costs.
    public init(
        passes: Int = 2, memory: Int = 19 * 1024 * 1024, threads: Int = 2, waiting: Int = 254
    ) throws(PasswordHasherError) {
        algorithm = try Argon2id(passes: passes, memory: memory)
        hashOfNothing = try algorithm.hash("")
        gate = FairGate(limit: threads, capacity: waiting)
        pool = NIOThreadPool(numberOfThreads: threads)
        pool.start()
    }

    /// How many calls wait for a thread.
    public var waitingCount: Int { gate.waitingCount }

    // One that was never shut down, as after a failed start, must not leave its threads behind.
    deinit { pool.shutdownGracefully { _ in } }

    public func hash(_ password: String, for client: String) async throws -> String {
        try await run(for: client) { [algorithm] in try algorithm.hash(password) }
    }

    public func verify(_ password: String, against hash: String, for client: String) async throws -> Bool {
        try await run(for: client) { [algorithm] in try algorithm.verify(password, against: hash) }
    }

    public func verifyNothing(_ password: String, for client: String) async throws {
        _ = try await verify(password, against: hashOfNothing, for: client)
    }

    /// Waits for the hashes under way. What still waits, and every later call, throws
    /// `PasswordHasherError.shutDown`.
    public func shutdown() async throws {
        try await pool.shutdownGracefully()
    }

    func run<Answer: Sendable>(
        for client: String, _ body: @escaping @Sendable () throws -> Answer
    ) async throws -> Answer {
        try await gate.run(for: client) {
            do {
                return try await pool.runIfActive(body)
            } catch is CancellationError where !Task.isCancelled {
                throw PasswordHasherError.shutDown
            }
        }
    }
}
