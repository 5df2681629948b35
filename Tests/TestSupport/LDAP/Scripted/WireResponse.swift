/// How an operation ended (RFC 4511, 4.1.9).
struct WireResult: Sendable {
    var code: Int
    var matchedDN = ""
    var diagnostic = ""
    var referrals: [String] = []

    static let success = WireResult(code: 0)

    fileprivate var elements: [[UInt8]] {
        var elements = [BER.number(code, tag: BER.enumerated), BER.string(matchedDN), BER.string(diagnostic)]
        if !referrals.isEmpty {
            elements.append(BER.element(BER.constructed(3), elements: referrals.map { BER.string($0) }))
        }
        return elements
    }
}

/// An attribute description with its values.
package struct WireAttribute: Sendable {
    package var name: String
    package var values: [[UInt8]]

    package init(name: String, values: [[UInt8]]) {
        self.name = name
        self.values = values
    }
}

package struct WireEntry: Sendable {
    package var dn: String
    package var attributes: [WireAttribute]
}

/// An answer of a server.
enum WireResponse: Sendable {
    case bind(WireResult)
    case searchEntry(WireEntry)
    case searchReference([String])
    case searchDone(WireResult)
    case extended(WireResult, oid: String? = nil, value: [UInt8]? = nil)
    case intermediate(oid: String? = nil, value: [UInt8]? = nil)
    /// The result of another operation, by the tag of the answer.
    case other(tag: UInt8, WireResult)

    /// The whole message.
    func message(_ id: Int, controls: [WireControl] = []) -> [UInt8] {
        var elements = [BER.number(id), operation]
        if !controls.isEmpty { elements.append(BER.element(BER.constructed(0), elements: controls.map(\.bytes))) }
        return BER.element(BER.sequence, elements: elements)
    }

    var operation: [UInt8] {
        switch self {
        case .bind(let result): return BER.element(0x61, elements: result.elements)
        case .searchEntry(let entry):
            let attributes = entry.attributes.map { attribute in
                BER.sequence(
                    BER.string(attribute.name), BER.element(BER.set, elements: attribute.values.map { BER.bytes($0) }))
            }
            return BER.element(
                0x64, elements: [BER.string(entry.dn), BER.element(BER.sequence, elements: attributes)])
        case .searchReference(let urls): return BER.element(0x73, elements: urls.map { BER.string($0) })
        case .searchDone(let result): return BER.element(0x65, elements: result.elements)
        case .extended(let result, let oid, let value):
            return BER.element(0x78, elements: result.elements + Self.named(oid, value, tags: (10, 11)))
        case .intermediate(let oid, let value):
            return BER.element(0x79, elements: Self.named(oid, value, tags: (0, 1)))
        case .other(let tag, let result): return BER.element(tag, elements: result.elements)
        }
    }

    private static func named(_ oid: String?, _ value: [UInt8]?, tags: (UInt8, UInt8)) -> [[UInt8]] {
        [
            oid.map { BER.string($0, tag: BER.context(tags.0)) },
            value.map { BER.bytes($0, tag: BER.context(tags.1)) },
        ].compactMap(\.self)
    }
}
