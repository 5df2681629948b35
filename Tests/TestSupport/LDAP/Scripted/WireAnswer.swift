/// A message of a server, to be changed on its way to the client.
package struct WireAnswer: Sendable {
    /// Of the operation it answers.
    package var id: Int
    /// nil if that is no search.
    package internal(set) var request: SearchRequest?
    /// The entry that a search gives; nil for any other message.
    package var entry: WireEntry?
    /// How the operation ended (RFC 4511, 4.1.9); nil where that is not said.
    package private(set) var code: Int?
    private let tag: UInt8
    /// Of the operation, with its header, and of what follows it.
    private var operation: [UInt8]
    private var controls: [UInt8]

    /// - Throws: for what is no message of LDAP.
    init(_ message: [UInt8]) throws {
        var outer = BERReader(message[...])
        var parts = BERReader(try outer.next(BER.sequence).content)
        id = try parts.next(BER.integer).number
        guard let body = try parts.next() else { throw ServerError("a message without an operation") }
        tag = body.tag
        operation = BER.bytes(Array(body.content), tag: body.tag)
        controls = try parts.next().map { BER.bytes(Array($0.content), tag: $0.tag) } ?? []
        var reader = BERReader(body.content)
        switch body.tag {
        case Self.searchEntry:
            let dn = try reader.next(BER.octetString).text
            let attributes = try reader.next(BER.sequence).elements.map { attribute in
                let parts = try attribute.elements
                guard parts.count == 2 else { throw ServerError("an attribute without values") }
                return WireAttribute(name: parts[0].text, values: try parts[1].elements.map { Array($0.content) })
            }
            entry = WireEntry(dn: dn, attributes: attributes)
        case Self.bind, Self.searchDone: code = try reader.next(BER.enumerated).number
        default: break
        }
    }

    /// The answer to a bind, and the last one to a search.
    package static let bind: UInt8 = 0x61
    package static let searchDone: UInt8 = 0x65
    private static let searchEntry: UInt8 = 0x64
    private static let intermediate: UInt8 = 0x79

    package var isSearchDone: Bool { tag == Self.searchDone }
    package var isBind: Bool { tag == Self.bind }

    var bytes: [UInt8] {
        if let entry {
            return BER.element(
                BER.sequence, elements: [BER.number(id), WireResponse.searchEntry(entry).operation, controls])
        }
        return BER.element(BER.sequence, elements: [BER.number(id), operation, controls])
    }

    /// Lets an operation end in another way.
    package mutating func end(with code: UInt8) {
        // ENUMERATED, one byte long, comes first in what the header is followed by.
        let header = operation[1] < 0x80 ? 2 : 2 + Int(operation[1] & 0x7F)
        guard self.code != nil, operation.count > header + 2 else { return }
        operation[header + 2] = code
        self.code = Int(code)
    }

    /// Turns it into the answer of an operation of another kind.
    package mutating func turn(into tag: UInt8) { operation[0] = tag }

    /// Changes the last bit of what content synchronisation says (RFC 4533): of an identity, mostly.
    package mutating func flipLastBitOfSync() {
        if tag == Self.intermediate, let last = operation.indices.last { operation[last] ^= 1 }
        if let last = controls.indices.last { controls[last] ^= 1 }
    }
}
