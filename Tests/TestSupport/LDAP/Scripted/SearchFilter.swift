/// A filter of a search (RFC 4511, 4.5.1.7).
indirect enum SearchFilter: Sendable {
    case and([SearchFilter])
    case or([SearchFilter])
    case not(SearchFilter)
    case equal(String, [UInt8])
    case substrings(String, initial: [UInt8], any: [[UInt8]], final: [UInt8])
    case greaterOrEqual(String, [UInt8])
    case lessOrEqual(String, [UInt8])
    case present(String)
    case matches(String, rule: String, [UInt8])

    init(_ element: BER) throws {
        switch element.tag {
        case 0xA0: self = .and(try element.elements.map { try SearchFilter($0) })
        case 0xA1: self = .or(try element.elements.map { try SearchFilter($0) })
        case 0xA2:
            guard let inner = try element.elements.first else { throw ServerError("LDAP: nothing after not") }
            self = .not(try SearchFilter(inner))
        case 0xA3, 0xA8: self = try Self.assertion(element) { .equal($0, $1) }
        case 0xA4: self = try Self.substrings(element)
        case 0xA5: self = try Self.assertion(element) { .greaterOrEqual($0, $1) }
        case 0xA6: self = try Self.assertion(element) { .lessOrEqual($0, $1) }
        case 0x87: self = .present(element.text)
        case 0xA9:
            let parts = try element.elements
            let part = { (number: UInt8) in parts.first { $0.tag == BER.context(number) } }
            self = .matches(part(2)?.text ?? "", rule: part(1)?.text ?? "", part(3).map { Array($0.content) } ?? [])
        default: throw ServerError("LDAP: an unknown filter \(element.tag)")
        }
    }

    private static func assertion(_ element: BER, _ make: (String, [UInt8]) -> SearchFilter) throws -> SearchFilter {
        var reader = BERReader(element.content)
        let attribute = try reader.next(BER.octetString).text
        return make(attribute, Array(try reader.next(BER.octetString).content))
    }

    private static func substrings(_ element: BER) throws -> SearchFilter {
        var reader = BERReader(element.content)
        let attribute = try reader.next(BER.octetString).text
        let parts = try reader.next(BER.sequence).elements
        let values = { (number: UInt8) in parts.filter { $0.tag == BER.context(number) }.map { Array($0.content) } }
        return .substrings(attribute, initial: values(0).first ?? [], any: values(1), final: values(2).first ?? [])
    }
}

extension SearchFilter: CustomStringConvertible {
    /// As RFC 4515 writes it.
    var description: String {
        switch self {
        case .and(let parts): "(&\(parts.map(\.description).joined()))"
        case .or(let parts): "(|\(parts.map(\.description).joined()))"
        case .not(let part): "(!\(part))"
        case .equal(let attribute, let value): "(\(attribute)=\(Self.text(value)))"
        case .substrings(let attribute, let initial, let any, let final):
            "(\(attribute)=\(([initial] + any + [final]).map(Self.text).joined(separator: "*")))"
        case .greaterOrEqual(let attribute, let value): "(\(attribute)>=\(Self.text(value)))"
        case .lessOrEqual(let attribute, let value): "(\(attribute)<=\(Self.text(value)))"
        case .present(let attribute): "(\(attribute)=*)"
        case .matches(let attribute, let rule, let value): "(\(attribute):\(rule):=\(Self.text(value)))"
        }
    }

    private static func text(_ value: [UInt8]) -> String {
        let special = Set("()*\\\0".utf8)
        guard let text = String(validating: value, as: UTF8.self) else { return value.map(escaped).joined() }
        return text.unicodeScalars.map { scalar in
            UInt8(exactly: scalar.value).flatMap { special.contains($0) ? escaped($0) : nil } ?? String(scalar)
        }.joined()
    }

    private static func escaped(_ byte: UInt8) -> String {
        "\\" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
