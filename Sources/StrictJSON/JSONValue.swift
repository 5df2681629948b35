/// A JSON value as it was read: members keep their order, and numbers their spelling.
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// RFC 8259 section 6.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// One member of an object.
    public struct Member: Hashable, Sendable {
        public var name: String
        public var value: JSONValue

        public init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// The member of an object; null if there is none.
    public subscript(name: String) -> JSONValue {
        guard case .object(let members) = self else { return .null }
        return members.first { $0.name == name }?.value ?? .null
    }

    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// A whole number, however it is spelled: `500`, `500.0` and `5e2` are the same number.
    public var int64: Int64? {
        guard case .number(let text) = self else { return nil }
        return Int64(text) ?? Self.wholeNumber(text)
    }

    /// Of a number with a point or an exponent, exactly.
    private static func wholeNumber(_ text: String) -> Int64? {
        let parts = text.utf8.split(maxSplits: 1) { $0 | 0x20 == UInt8(ascii: "e") }
        guard let mantissa = parts.first else { return nil }
        let halves = mantissa.split(separator: UInt8(ascii: "."), maxSplits: 1)
        let isNegative = mantissa.first == UInt8(ascii: "-")
        var digits = Array(halves.joined().drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "0") })
        guard !digits.isEmpty else { return 0 }
        guard var exponent = parts.count > 1 ? Int(Substring(parts[1])) : 0 else { return nil }
        exponent = exponent.subtractingReportingOverflow(halves.count > 1 ? halves[1].count : 0).partialValue
        while exponent < 0, digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            exponent += 1
        }
        // 2^63 has 19 digits.
        guard exponent >= 0, exponent <= 19, digits.count + exponent <= 19 else { return nil }
        digits += Array(repeating: UInt8(ascii: "0"), count: exponent)
        return Int64((isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self))
    }

    public var int: Int? { int64.flatMap(Int.init(exactly:)) }

    /// The elements of an array; none for anything else.
    public var items: [JSONValue] {
        if case .array(let items) = self { items } else { [] }
    }

    /// The members of an object; none for anything else.
    public var members: [Member] {
        if case .object(let members) = self { members } else { [] }
    }

    public var isNull: Bool { self == .null }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
    public init(stringLiteral text: String) { self = .string(text) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int) { self = .number(String(value)) }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral members: (String, JSONValue)...) {
        self = .object(members.map { Member(name: $0.0, value: $0.1) })
    }
}
