/// A control of RFC 4511, 4.1.11.
struct WireControl: Sendable {
    var oid: String
    var isCritical = false
    var value: [UInt8]?

    var bytes: [UInt8] {
        var elements = [BER.string(oid)]
        if isCritical { elements.append(BER.boolean(true)) }
        if let value { elements.append(BER.bytes(value)) }
        return BER.element(BER.sequence, elements: elements)
    }

    init(_ oid: String, isCritical: Bool = false, value: [UInt8]? = nil) {
        self.oid = oid
        self.isCritical = isCritical
        self.value = value
    }

    init(_ element: BER) throws {
        var reader = BERReader(element.content)
        oid = try reader.next(BER.octetString).text
        while let part = try reader.next() {
            if part.tag == BER.boolean {
                isCritical = part.content.first ?? 0 != 0
            } else {
                value = Array(part.content)
            }
        }
    }
}

/// A message from a client (RFC 4511, 4.1.1).
struct WireMessage: Sendable {
    enum Operation: Sendable {
        /// `password` is nil for any bind but a simple one.
        case bind(name: String, password: String?)
        case unbind
        case search(SearchRequest)
        case abandon(Int)
        case extended(oid: String, value: [UInt8]?)
        /// Anything else; the tag of the answer is one higher.
        case other(tag: UInt8)
    }

    var id: Int
    var operation: Operation
    var controls: [WireControl]

    /// - Parameter bytes: the whole message, header included.
    init(_ bytes: [UInt8]) throws {
        var outer = BERReader(bytes[...])
        var reader = BERReader(try outer.next(BER.sequence).content)
        id = try reader.next(BER.integer).number
        guard let operation = try reader.next() else { throw ServerError("LDAP: a message without an operation") }
        controls = []
        if let list = try reader.next(), list.tag == BER.constructed(0) {
            controls = try list.elements.map(WireControl.init)
        }
        self.operation = try Self.operation(operation, controls)
    }

    private static func operation(_ element: BER, _ controls: [WireControl]) throws -> Operation {
        var reader = BERReader(element.content)
        switch element.tag {
        case 0x60:
            _ = try reader.next(BER.integer)
            let name = try reader.next(BER.octetString).text
            let credentials = try reader.next()
            return .bind(name: name, password: credentials.flatMap { $0.tag == BER.context(0) ? $0.text : nil })
        case 0x42: return .unbind
        case 0x63: return .search(try SearchRequest(element, controls))
        case 0x50: return .abandon(try element.number)
        case 0x77:
            let oid = try reader.next(BER.context(0)).text
            return .extended(oid: oid, value: try reader.next().map { Array($0.content) })
        default: return .other(tag: element.tag)
        }
    }
}
