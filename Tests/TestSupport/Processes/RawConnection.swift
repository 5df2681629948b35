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
        let bytes = Array(text.utf8)
        guard Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw ServerError("the connection takes nothing more")
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
