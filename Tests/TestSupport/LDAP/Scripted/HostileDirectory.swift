import Synchronization

/// A directory that lets everybody in and answers searches with whatever a test makes up, for ever if need be.
package final class HostileDirectory: Sendable {
    private let server: LoopbackServer
    private let sent = ByteCount()

    package var port: Int { server.port }
    package var url: String { "ldap://127.0.0.1:\(server.port)" }
    /// Bytes that clients have taken so far.
    package var bytesSent: Int { sent.value.load(ordering: .relaxed) }

    /// - Parameter answer: gives the messages to send for the message id of a search, one after the other; nil ends
    ///   the answer.
    package init(_ answer: @escaping @Sendable (Int) -> () -> [UInt8]?) throws {
        server = try LoopbackServer()
        server.start { [sent] descriptor in
            var stream = BERStream(descriptor)
            while let bytes = stream.next(), let message = try? WireMessage(bytes) {
                switch message.operation {
                case .bind:
                    guard stream.send(WireResponse.bind(.success).message(message.id)) else { return }
                case .search:
                    let next = answer(message.id)
                    while let bytes = next() {
                        guard stream.send(bytes) else { return }
                        sent.value.add(bytes.count, ordering: .relaxed)
                    }
                default:
                    break
                }
            }
        }
    }

    package func stop() { server.stop() }

    private final class ByteCount: Sendable {
        let value = Atomic(0)
    }

    // MARK: Messages

    /// An entry with text values.
    package static func entry(_ id: Int, _ dn: String, _ attributes: [(String, [String])]) -> [UInt8] {
        let attributes = attributes.map { WireAttribute(name: $0.0, values: $0.1.map { Array($0.utf8) }) }
        return WireResponse.searchEntry(WireEntry(dn: dn, attributes: attributes)).message(id)
    }

    /// A result with success.
    /// - Parameter control: an OID and a value that come with it.
    package static func done(_ id: Int, control: (oid: String, value: [UInt8])? = nil) -> [UInt8] {
        let controls = control.map { [WireControl($0.oid, value: $0.value)] } ?? []
        return WireResponse.searchDone(.success).message(id, controls: controls)
    }

    /// The value of the paging control (RFC 2696): a size and a cookie.
    package static func page(_ size: Int, _ cookie: [UInt8]) -> [UInt8] {
        BER.sequence(BER.number(size), BER.bytes(cookie))
    }

    /// Gives these messages, then ends.
    package static func all(_ messages: [[UInt8]]) -> () -> [UInt8]? {
        var rest = messages[...]
        return { rest.popFirst() }
    }
}
