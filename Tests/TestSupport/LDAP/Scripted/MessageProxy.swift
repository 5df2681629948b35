import Foundation
import Glibc
import Synchronization

/// Stands before an LDAP server without TLS and, once a connection, does something at a certain
/// message of the server. Takes any number of connections until it is stopped.
package final class MessageProxy: Sendable {
    package enum Action: Sendable {
        /// Closes the connection in place of the message.
        case close
        /// Keeps the connection, and lets neither the message nor anything after it through.
        case silence
        /// Holds the message back for so long, and goes on.
        case delay(Duration)
    }

    private struct State {
        var rewrite: (@Sendable (WireAnswer) -> [WireAnswer])?
        var message: Int?
        var action: Action
        var passed = 0
    }

    private let state: Mutex<State>
    private let server: LoopbackServer

    /// The port to connect to.
    package var port: Int { server.port }

    /// At which message of a connection, counted from 1, the action takes place; nil for never. If a
    /// connection is beyond it already, at the next one.
    package var message: Int? {
        get { state.withLock { $0.message } }
        set { state.withLock { $0.message = newValue } }
    }

    package var action: Action {
        get { state.withLock { $0.action } }
        set { state.withLock { $0.action = newValue } }
    }

    /// What becomes of each message of the server that is not otherwise disposed of; nil for what it is.
    package var rewrite: (@Sendable (WireAnswer) -> [WireAnswer])? {
        get { state.withLock { $0.rewrite } }
        set { state.withLock { $0.rewrite = newValue } }
    }

    /// How many messages of the server have come through, on all connections.
    package var messagesPassed: Int { state.withLock { $0.passed } }

    /// How many connections have been made.
    package var connections: Int { server.accepted }

    /// - Parameters:
    ///   - upstream: the server's port.
    ///   - address: the server's address.
    package init(
        upstream: Int, address: String = "127.0.0.1", at message: Int? = nil, _ action: Action = .close
    ) throws {
        state = Mutex(State(message: message, action: action))
        server = try LoopbackServer()
        server.start { [self] client in serve(client, address, upstream) }
    }

    /// Refuses new connections from now on and breaks off the others.
    package func stop() { server.stop() }

    private func serve(_ client: Int32, _ address: String, _ upstream: Int) {
        guard let server = try? Loopback.connection(address, port: upstream) else { return }
        defer { close(server) }
        LoopbackServer.sendAtOnce(server)
        let requestsEnded = DispatchSemaphore(value: 0)
        let searches = Searches()
        Thread {
            Self.copyRequests(from: client, to: server, noting: searches)
            shutdown(server, Int32(SHUT_RDWR))
            requestsEnded.signal()
        }.start()
        if copyAnswers(from: server, to: client, searches, requestsEnded) { shutdown(client, Int32(SHUT_RDWR)) }
        requestsEnded.wait()
    }

    private static func copyRequests(from client: Int32, to server: Int32, noting searches: Searches) {
        var requests = BERStream(client)
        let target = BERStream(server)
        while let request = requests.next() {
            searches.note(request)
            guard target.send(request) else { return }
        }
    }

    /// The searches of a connection, by message id.
    private final class Searches: Sendable {
        private let known = Mutex<[Int: SearchRequest]>([:])

        func note(_ bytes: [UInt8]) {
            guard let message = try? WireMessage(bytes), case .search(let request) = message.operation else { return }
            known.withLock { $0[message.id] = request }
        }

        subscript(_ id: Int) -> SearchRequest? { known.withLock { $0[id] } }
    }

    /// - Returns: whether the client's connection is to be closed.
    private func copyAnswers(
        from server: Int32, to client: Int32, _ searches: Searches, _ requestsEnded: DispatchSemaphore
    ) -> Bool {
        var answers = BERStream(server)
        let target = BERStream(client)
        var (number, hasActed) = (0, false)
        while let answer = answers.next() {
            number += 1
            if !hasActed, let action = dueAction(number) {
                hasActed = true
                switch action {
                case .close: return true
                case .silence: return false
                case .delay(let duration):
                    // The client, or `stop`, may end the connection meanwhile.
                    if requestsEnded.wait(timeout: .now() + duration / .seconds(1)) == .success {
                        requestsEnded.signal()
                        return true
                    }
                }
            }
            // Counted first, so that whoever has received a message finds it counted.
            state.withLock { $0.passed += 1 }
            guard target.send(rewritten(answer, searches)) else { return true }
        }
        return true
    }

    private func rewritten(_ message: [UInt8], _ searches: Searches) -> [UInt8] {
        guard let rewrite, var answer = try? WireAnswer(message) else { return message }
        answer.request = searches[answer.id]
        return Array(rewrite(answer).map(\.bytes).joined())
    }

    private func dueAction(_ number: Int) -> Action? {
        state.withLock { state in
            guard let message = state.message, number >= message else { return nil }
            return state.action
        }
    }
}
