import AccessControl
import Dispatch
import Foundation
import SQLStore
import Synchronization

/// A thread with at most one connection: transactions wait for disks and networks, and so never run on the threads of
/// tasks.
final class Lane: Sendable {
    private let queue: DispatchQueue
    private let servers: Servers
    private let session = Mutex<Session?>(nil)

    init(_ name: String, to servers: Servers) {
        queue = DispatchQueue(label: "portreeve.\(name)")
        self.servers = servers
    }

    /// Runs `body` on the thread. For one at a time.
    func run<Result: Sendable>(
        _ body: @escaping @Sendable (Lane) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { done in
            queue.async { [self] in done.resume(with: Swift.Result { try body(self) }) }
        }
    }

    /// Runs `body` with a connection that is there, on the thread. One that was lost is replaced the next time, by one
    /// to the next server.
    /// - Parameter end: until when a server is looked for.
    func withSession<Result: Sendable>(
        until end: Deadline? = nil, _ body: (Session) throws -> Result
    ) throws -> Result {
        try session.withLock { session in
            if session?.isUsable() != true { session = nil }
            let current = try session ?? connect(until: end)
            defer {
                session = current.isLost ? nil : current
                if current.isLost { servers.turn(from: current.place) }
            }
            return try body(current)
        }
    }

    /// Another connection, for the caller alone.
    func connect() throws -> Session { try servers.connect() }

    private func connect(until end: Deadline?) throws(ServerFailure) -> Session {
        while true {
            do throws(ServerFailure) {
                return try servers.connect()
            } catch {
                guard let end, !end.isOver, error.isLoss else { throw error }
                Thread.sleep(forTimeInterval: 0.2)
            }
        }
    }
}

/// Lanes of which each is used by one at a time.
final class LanePool: Sendable {
    private let idle: Mutex<[Lane]>

    init(_ lanes: [Lane]) { idle = Mutex(lanes) }

    /// - Precondition: one of them is idle.
    func take() -> Lane {
        idle.withLock { lanes in
            guard let lane = lanes.popLast() else { preconditionFailure("more readers than lanes") }
            return lane
        }
    }

    func giveBack(_ lane: Lane) { idle.withLock { $0.append(lane) } }
}
