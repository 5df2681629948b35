/// Reads JSON text (RFC 8259) that keeps to I-JSON (RFC 7493): UTF-8, no two members of an object of the same name,
/// no unpaired surrogates and no noncharacters. Everything else is refused with its place.
public struct JSONParser {
    /// How deep arrays and objects may be nested.
    public static let depthLimit = 100

    private let bytes: [UInt8]
    private var position = 0

    /// The value that `bytes` hold, and nothing else.
    public static func parse(_ bytes: some Sequence<UInt8>) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes: Array(bytes))
        if let encoding = parser.otherEncoding { throw JSONError("this is \(encoding); send it as UTF-8") }
        if parser.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw parser.error("a byte order mark is in front") }
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.position == parser.bytes.count else { throw parser.error("something follows the value") }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// A byte order mark of UTF-16 or UTF-32, or the zeros that ASCII has in them.
    private var otherEncoding: String? {
        let start = bytes.prefix(2)
        return start == [0xFF, 0xFE] || start == [0xFE, 0xFF] || start.contains(0) ? "UTF-16 or UTF-32" : nil
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < Self.depthLimit else { throw error("more than \(Self.depthLimit) levels are nested") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        var members: [JSONValue.Member] = []
        var names = UniqueNames()
        if skip("}") { return .object(members) }
        repeat {
            skipSpace()
            try refuseEnd("}", afterComma: !members.isEmpty)
            guard next == UInt8(ascii: "\"") else { throw error("the name of a member should be here") }
            let start = position
            let name = try string()
            guard names.insert(name, beside: members) else {
                position = start
                throw error("the member \"\(name.cut(to: 120))\" is there twice")
            }
            guard skip(":") else { throw error("a colon is missing") }
            members.append(.init(name: name, value: try value(depth: depth + 1)))
        } while skip(",")
        guard skip("}") else { throw error("a comma or } is missing") }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        var items: [JSONValue] = []
        if skip("]") { return .array(items) }
        repeat {
            skipSpace()
            try refuseEnd("]", afterComma: !items.isEmpty)
            items.append(try value(depth: depth + 1))
        } while skip(",")
        guard skip("]") else { throw error("a comma or ] is missing") }
        return .array(items)
    }

    private func refuseEnd(_ end: Unicode.Scalar, afterComma: Bool) throws(JSONError) {
        if afterComma, next == UInt8(ascii: end) { throw error("there is a comma before this \(end)") }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let isThere = word.withUTF8Buffer { bytes[position...].starts(with: $0) }
        guard isThere else { throw error("a value should be here") }
        position += word.utf8CodeUnitCount
        return value
    }

    private mutating func number() throws(JSONError) -> String {
        let start = position
        if next == UInt8(ascii: "-") { position += 1 }
        if next == UInt8(ascii: "0") { position += 1 } else { try digits(else: "a value should be here", from: start) }
        if next == UInt8(ascii: ".") {
            position += 1
            try digits(else: "a digit should follow the point", from: position)
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            try digits(else: "a digit should follow the e", from: position)
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func digits(else reason: String, from start: Int) throws(JSONError) {
        let first = position
        while let byte = next, byte.isDigit { position += 1 }
        guard position > first else {
            position = start
            throw error(reason)
        }
    }

    private func error(_ reason: String) -> JSONError {
        let before = bytes[..<min(position, bytes.count)]
        let line = before.reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        // Bytes that continue a character do not begin one.
        let column = before[start...].reduce(1) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
        return JSONError("this JSON cannot be read: \(reason)", at: JSONError.Place(line: line, column: column))
    }
}

// MARK: - Strings

extension JSONParser {
    private mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
            guard byte >= 0x20 else { throw error("a control character is written \\u00XX in a text") }
            position += 1
        }
        guard next == UInt8(ascii: "\"") else { return try escapedString(from: start) }
        defer { position += 1 }
        return try text(bytes[start..<position], from: start)
    }

    /// - Parameter start: where the text begins; what is before `position` has no escape.
    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var text = Array(bytes[start..<position])
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw error("a control character is written \\u00XX in a text") }
            if byte == UInt8(ascii: "\\") {
                text.append(contentsOf: String(try escape()).utf8)
            } else {
                text.append(byte)
                position += 1
            }
        }
        guard next != nil else {
            position = start - 1
            throw error("the text that begins here is not closed")
        }
        defer { position += 1 }
        return try self.text(text[...], from: start)
    }

    private mutating func escape() throws(JSONError) -> Unicode.Scalar {
        let start = position
        position += 2
        switch position <= bytes.count ? bytes[position - 1] : 0 {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            guard let unit = unit() else { break }
            if let scalar = scalar(of: unit) { return scalar }
            position = start
            throw error("this half of a surrogate pair lacks the other")
        default: break
        }
        position = start
        throw error("there is no such escape")
    }

    /// What a unit of UTF-16 stands for, if need be with the one that follows.
    private mutating func scalar(of unit: UInt32) -> Unicode.Scalar? {
        guard unit & 0xFC00 == 0xD800 else { return Unicode.Scalar(unit) }
        guard bytes[position...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else { return nil }
        position += 2
        guard let low = self.unit(), low & 0xFC00 == 0xDC00 else { return nil }
        return Unicode.Scalar(0x1_0000 + (unit & 0x3FF) << 10 + (low & 0x3FF))
    }

    private mutating func unit() -> UInt32? {
        let digits = bytes[min(position, bytes.count)...].prefix(4)
        guard digits.count == 4, digits.allSatisfy(\.isHexDigit) else { return nil }
        position += 4
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private mutating func text(_ utf8: ArraySlice<UInt8>, from start: Int) throws(JSONError) -> String {
        guard let text = String(validating: utf8, as: UTF8.self) else {
            position = start
            throw error("the text that begins here is not UTF-8")
        }
        // The first noncharacter is U+FDD0, which begins with this byte.
        guard utf8.contains(where: { $0 >= 0xEF }), let scalar = text.unicodeScalars.first(where: \.isNoncharacter)
        else { return text }
        position = start
        throw error("the text that begins here has U+\(String(scalar.value, radix: 16, uppercase: true)) in it")
    }
}

/// Whether names of one object differ. Compared as they are written, as Unicode's canonical equivalence is not JSON's.
private struct UniqueNames {
    /// Looked through one by one as long as they are few.
    private static let few = 16
    private var many: Set<[UInt8]> = []

    /// false for a name that is there.
    mutating func insert(_ name: String, beside members: [JSONValue.Member]) -> Bool {
        if members.count < Self.few {
            return !members.contains { $0.name.utf8.elementsEqual(name.utf8) }
        }
        if many.isEmpty { many = Set(members.map { Array($0.name.utf8) }) }
        return many.insert(Array(name.utf8)).inserted
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
    fileprivate var isHexDigit: Bool { isDigit || (self | 0x20) &- UInt8(ascii: "a") < 6 }
}

extension Unicode.Scalar {
    /// Unicode Standard, 23.7.
    fileprivate var isNoncharacter: Bool { value & 0xFFFE == 0xFFFE || (0xFDD0...0xFDEF).contains(value) }
}
