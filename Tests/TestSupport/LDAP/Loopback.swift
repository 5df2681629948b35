import Glibc
import Synchronization

/// Sockets on this machine's own addresses.
package enum Loopback {
    /// A port of 127.0.0.1 that nobody listens on, and that stays free while its server is down: none
    /// from which the system takes those of outgoing connections, and none that was given before.
    package static func freePort() throws -> Int {
        for _ in 1...100 {
            let port = Int.random(in: 10_240..<32_768)
            guard given.withLock({ $0.insert(port).inserted }),
                let socket = try? listener("127.0.0.1", port: port)
            else { continue }
            close(socket)
            return port
        }
        throw TestServiceError("no port of 127.0.0.1 is free")
    }

    private static let given = Mutex<Set<Int>>([])

    package static func accepts(_ address: String, port: Int) -> Bool {
        guard let socket = try? connection(address, port: port) else { return false }
        close(socket)
        return true
    }

    /// A listening socket; the caller closes it. It is an error if another one listens there.
    package static func listener(_ address: String, port: Int) throws -> Int32 {
        let descriptor = try makeSocket()
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard call(descriptor, address, port, bind) == 0, listen(descriptor, 16) == 0 else {
            throw failure("listen on \(address):\(port)", descriptor)
        }
        return descriptor
    }

    /// - Parameter source: an address of this machine to connect from; nil leaves it to the system.
    package static func connection(_ address: String, port: Int, from source: String? = nil) throws -> Int32 {
        let descriptor = try makeSocket()
        if let source, call(descriptor, source, 0, bind) != 0 { throw failure("be \(source)", descriptor) }
        guard call(descriptor, address, port, connect) == 0 else {
            throw failure("connect to \(address):\(port)", descriptor)
        }
        return descriptor
    }

    package static func port(of descriptor: Int32) throws -> Int {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutableBytes(of: &address) { bytes in
            getsockname(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
        }
        guard status == 0 else { throw ServerError("the port of a socket is unknown") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static func makeSocket() throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw ServerError("no socket") }
        return descriptor
    }

    private static func failure(_ what: String, _ descriptor: Int32) -> ServerError {
        let reason = String(cString: strerror(errno))
        close(descriptor)
        return ServerError("cannot \(what): \(reason)")
    }

    private static func call(
        _ descriptor: Int32, _ address: String, _ port: Int,
        _ function: (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32
    ) -> Int32 {
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = UInt16(port).bigEndian
        target.sin_addr.s_addr = inet_addr(address)
        return withUnsafeBytes(of: &target) { bytes in
            function(
                descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
}
