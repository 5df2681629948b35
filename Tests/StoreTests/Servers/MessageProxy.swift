import Foundation
import Glibc
import Synchronization
import TestSupport

/// Stands before a PostgreSQL server, and knows where the messages of a client end (PostgreSQL, "Frontend/Backend
/// Protocol"). It can lose a connection at any of them.
final class MessageProxy: Sendable {
    /// When the connection that is being written to is lost.
    struct Cut: Sendable {
        /// What the first message has in it that counts. Others of the same connection count behind it.
        var marker = "READ WRITE"
        /// Behind so many messages of the client.
        var messages: Int
        /// Whether the server still does what they say, and its answer is lost; else it does not get the last one.
        var reachesServer: Bool
        /// Whether nobody is let through any more.
        var isFinal = false
    }

    let port: Int
    private let upstream: Int
    private let listener: Int32
    private let cut = Mutex<(next: Cut?, number: Int)>((nil, 0))
    private let isClosed = Atomic(false)
    private let seen = Atomic(0)
    /// Said to clients in the place of the server's own version; nil for that.
    private let version: String?

    init(before upstream: Int, version: String? = nil) throws {
        self.upstream = upstream
        self.version = version
        listener = try Loopback.listener("127.0.0.1", port: 0)
        port = try Loopback.port(of: listener)
        Thread { [self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0, let server = try? Loopback.connection("127.0.0.1", port: upstream) else { return }
                guard !isClosed.load(ordering: .acquiring) else {
                    close(client)
                    close(server)
                    continue
                }
                Thread { [self] in answers(from: server, to: client) }.start()
                Thread { [self] in messages(from: client, to: server) }.start()
            }
        }.start()
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    /// Loses a connection once.
    func arm(_ next: Cut) { cut.withLock { $0 = (next, $0.number + 1) } }

    /// How many messages have counted since the last `arm`.
    var messageCount: Int { seen.load(ordering: .acquiring) }

    /// Whether the cut has not come.
    var isArmed: Bool { cut.withLock { $0.next != nil } }

    private func messages(from client: Int32, to server: Int32) {
        var input = MessageReader(client, hasType: false)
        var (counted, counting) = (0, 0)
        while let message = input.next() {
            let due = cut.withLock { cut -> Cut? in
                guard let next = cut.next else { return nil }
                if counting != cut.number {
                    guard String(decoding: message, as: UTF8.self).contains(next.marker) else { return nil }
                    (counted, counting) = (0, cut.number)
                }
                counted += 1
                seen.store(counted, ordering: .releasing)
                guard counted >= next.messages else { return nil }
                cut.next = nil
                return next
            }
            guard let due else {
                guard Self.write(message, to: server) else { break }
                continue
            }
            if due.isFinal { isClosed.store(true, ordering: .releasing) }
            // What comes back is lost from here on.
            shutdown(client, Int32(SHUT_RDWR))
            if due.reachesServer { _ = Self.write(message, to: server) }
            break
        }
        // The server does what it was sent before it notices the end.
        shutdown(server, Int32(SHUT_WR))
    }

    private func answers(from server: Int32, to client: Int32) {
        var input = MessageReader(server, hasType: true)
        while var message = input.next() {
            if let version { message = Self.replaceVersion(in: message, by: version) }
            guard Self.write(message, to: client) else { break }
        }
        shutdown(client, Int32(SHUT_RDWR))
        shutdown(server, Int32(SHUT_RDWR))
        close(client)
        close(server)
    }

    private static func write(_ bytes: [UInt8], to socket: Int32) -> Bool {
        send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// `ParameterStatus` of `server_version`.
    private static func replaceVersion(in message: [UInt8], by version: String) -> [UInt8] {
        let name = Array("server_version\0".utf8)
        guard message.first == UInt8(ascii: "S"), message.dropFirst(5).starts(with: name) else { return message }
        let body = name + Array(version.utf8) + [0]
        return [UInt8(ascii: "S")] + withUnsafeBytes(of: UInt32(body.count + 4).bigEndian) { Array($0) } + body
    }
}

/// Takes messages off a socket: a type, a length that counts itself, and so many bytes. The first of a client has no type.
private struct MessageReader {
    private let socket: Int32
    private var hasType: Bool

    init(_ socket: Int32, hasType: Bool) { (self.socket, self.hasType) = (socket, hasType) }

    mutating func next() -> [UInt8]? {
        defer { hasType = true }
        let head = hasType ? 5 : 4
        guard var message = bytes(head) else { return nil }
        let length = message.suffix(4).reduce(0) { $0 << 8 | Int($1) }
        guard let body = bytes(length - 4) else { return nil }
        message += body
        return message
    }

    private func bytes(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var have = 0
        while have < count {
            let more = bytes.withUnsafeMutableBytes { read(socket, $0.baseAddress?.advanced(by: have), count - have) }
            guard more > 0 else { return nil }
            have += more
        }
        return bytes
    }
}
