import Glibc

/// A TCP connection on which a test sends whatever it likes, or nothing.
package final class RawConnection {
    private let descriptor: Int32

    /// - Parameter source: an address of 127.0.0.0/8, which all belong to this machine.
    package init(port: Int, from source: String = "127.0.0.1") throws {
        descriptor = try Loopback.connection("127.0.0.1", port: port, from: source)
    }

    deinit { close(descriptor) }

    package func send(_ text: String) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { throw ServerError("the connection takes nothing more") }
            rest = rest.dropFirst(sent)
        }
    }

    /// Everything until the server ends the connection, or falls silent for so long.
    package func receive(within seconds: Int32 = 30) -> String {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while isReadable(within: seconds) {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            received += buffer[..<count]
        }
        return String(decoding: received, as: UTF8.self)
    }

    /// Leaves, as a client does that is interrupted.
    package func end() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Whether the server has ended it.
    package var hasEnded: Bool {
        guard isReadable(within: 0) else { return false }
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK)) <= 0
    }

    private func isReadable(within seconds: Int32) -> Bool {
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&wait, 1, seconds * 1_000) > 0
    }
}
