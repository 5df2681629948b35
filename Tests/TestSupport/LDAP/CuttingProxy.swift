import Foundation
import Glibc
import Synchronization

/// Stands before a server and lets so many bytes of its answers through, then breaks off. The first
/// connection only; the next ones are refused.
package final class CuttingProxy: Sendable {
    package enum End: Sendable {
        /// Closes the connection.
        case close
        /// Keeps it and says nothing more.
        case silence
    }

    package let port: Int
    private let address: String
    private let upstream: Int
    private let limit: Int
    private let end: End
    private let listener: Int32
    private let count = Atomic(0)

    /// How many bytes of answers have come through.
    package var bytesPassed: Int { count.load(ordering: .acquiring) }

    /// - Parameters:
    ///   - upstream: the server's port.
    ///   - address: the server's address.
    ///   - limit: the bytes that pass from the server to the client.
    package init(upstream: Int, address: String = "127.0.0.1", limit: Int = .max, end: End = .close) throws {
        self.address = address
        self.upstream = upstream
        self.limit = limit
        self.end = end
        listener = try Loopback.listener("127.0.0.1", port: 0)
        port = try Loopback.port(of: listener)
        Thread { [self] in serve() }.start()
    }

    private func serve() {
        let client = accept(listener, nil, nil)
        close(listener)
        guard client >= 0 else { return }
        guard let server = try? Loopback.connection(address, port: upstream) else {
            close(client)
            return
        }
        let requestsEnded = DispatchSemaphore(value: 0)
        Thread {
            Self.copy(from: client, to: server) { $0 }
            requestsEnded.signal()
        }.start()
        Self.copy(from: server, to: client) { [self] size in
            let passed = min(size, limit - bytesPassed)
            count.add(passed, ordering: .releasing)
            return passed
        }
        if end == .close { shutdown(client, Int32(SHUT_RDWR)) }
        requestsEnded.wait()
        close(client)
        close(server)
    }

    /// Copies until either side ends or `allowed` lets less through than came.
    private static func copy(from source: Int32, to target: Int32, allowed: (Int) -> Int) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let size = read(source, &buffer, buffer.count)
            guard size > 0 else { return }
            let passed = allowed(size)
            guard passed == 0 || send(target, buffer, passed, Int32(MSG_NOSIGNAL)) == passed else { return }
            if passed < size { return }
        }
    }
}
