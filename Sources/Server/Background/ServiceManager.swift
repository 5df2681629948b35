import Foundation
import Glibc
import Logging

/// systemd, or whatever else started the service and speaks its protocol (sd_notify(3)).
enum ServiceManager {
    /// Says that requests are answered. Without `NOTIFY_SOCKET` nobody wants to know.
    static func tellReady(_ logger: Logger) {
        guard let path = ProcessInfo.processInfo.environment["NOTIFY_SOCKET"], !path.isEmpty else { return }
        do throws(POSIXError) { try send("READY=1", to: path) } catch {
            logger.error(
                "the service manager cannot be told that the service is ready", metadata: ["error": "\(error)"])
        }
    }

    /// - Parameter path: of a datagram socket; with `@` in front a name in Linux' abstract namespace.
    private static func send(_ text: String, to path: String) throws(POSIXError) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { throw POSIXError(.ENAMETOOLONG) }
        if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        // A path ends with its zero, an abstract name with its length.
        let length = MemoryLayout<sa_family_t>.size + bytes.count + (bytes[0] == 0 ? 0 : 1)
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        defer { close(socket) }
        let sent = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(socket, text, text.utf8.count, Int32(MSG_NOSIGNAL), $0, socklen_t(length))
            }
        }
        guard sent == text.utf8.count else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }
}
