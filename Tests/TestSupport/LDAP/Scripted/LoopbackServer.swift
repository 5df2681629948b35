import Foundation
import Glibc
import Synchronization

/// Listens on a port of 127.0.0.1 and gives each connection a thread, until it is stopped.
final class LoopbackServer: Sendable {
    let port: Int
    private let listener: Int32
    private let state = Mutex(State())

    private struct State {
        var isListening = true
        var connections: Set<Int32> = []
        var accepted = 0
    }

    /// How many connections have been accepted so far.
    var accepted: Int { state.withLock { $0.accepted } }

    /// - Parameter port: 0 for one that is free.
    init(port: Int = 0) throws {
        listener = try Loopback.listener("127.0.0.1", port: port)
        self.port = try Loopback.port(of: listener)
    }

    /// Begins to accept.
    /// - Parameter serve: handles a connection, which is closed when it returns.
    func start(_ serve: @escaping @Sendable (Int32) -> Void) {
        Thread { [self] in acceptAll(serve) }.start()
    }

    /// Refuses new connections from now on and breaks off the others.
    func stop() {
        state.withLock { state in
            // Wakes the thread that accepts; only that one closes the socket.
            if state.isListening { shutdown(listener, Int32(SHUT_RDWR)) }
            state.isListening = false
        }
        dropConnections()
    }

    /// Breaks off the connections of the moment.
    func dropConnections() {
        state.withLock { state in
            for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
        }
    }

    /// Answers in several small packets must not wait for each other.
    static func sendAtOnce(_ descriptor: Int32) {
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    }

    private func acceptAll(_ serve: @escaping @Sendable (Int32) -> Void) {
        while true {
            let connection = accept(listener, nil, nil)
            if connection < 0 {
                if errno == EINTR || errno == ECONNABORTED { continue }
                break
            }
            guard register(connection) else {
                close(connection)
                break
            }
            _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
            Self.sendAtOnce(connection)
            Thread { [self] in
                serve(connection)
                release(connection)
            }.start()
        }
        state.withLock { state in
            state.isListening = false
            close(listener)
        }
    }

    private func register(_ connection: Int32) -> Bool {
        state.withLock { state in
            guard state.isListening else { return false }
            state.connections.insert(connection)
            state.accepted += 1
            return true
        }
    }

    /// Under the lock, so that `dropConnections` cannot meet another socket of the same number.
    private func release(_ connection: Int32) {
        state.withLock { state in
            state.connections.remove(connection)
            // A program that was started in between may hold the socket too.
            shutdown(connection, Int32(SHUT_RDWR))
            close(connection)
        }
    }
}
