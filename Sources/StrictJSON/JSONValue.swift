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
        if let value = Int64(text) { return value }
        // From 2^53 on a double does not hold each whole number (RFC 7493 section 2.2).
        guard let value = Double(text), abs(value) < 0x1p53 else { return nil }
        return Int64(exactly: value)
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
