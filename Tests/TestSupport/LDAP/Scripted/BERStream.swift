import Glibc

/// Whole LDAP messages from and to a socket.
struct BERStream {
    let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// The next message with its header; nil if the other side ended, or sent what is no message.
    mutating func next() -> [UInt8]? {
        while true {
            let rest = buffer[start...]
            guard rest.first ?? BER.sequence == BER.sequence, let length = try? BER.length(of: rest) ?? .max else {
                return nil
            }
            if rest.count >= length {
                start += length
                return Array(rest.prefix(length))
            }
            guard receive() else { return nil }
        }
    }

    /// - Returns: whether everything could be sent.
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    /// Reads and forgets until the other side ends.
    static func drain(_ descriptor: Int32) {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while read(descriptor, &bytes, bytes.count) > 0 {}
    }

    private mutating func receive() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 16_384)
        let size = read(descriptor, &bytes, bytes.count)
        guard size > 0 else { return false }
        buffer.removeSubrange(..<start)
        start = 0
        buffer += bytes.prefix(size)
        return true
    }
}
