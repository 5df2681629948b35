import Foundation

/// Reads JSON (RFC 8259) into a `JSONValue`, at most 100 levels deep.
struct JSONParser {
    struct Failure: Error, CustomStringConvertible {
        /// In bytes, from 0.
        let offset: Int
        let reason: String

        var description: String { "\(reason) at byte \(offset)" }
    }

    private let bytes: [UInt8]
    private var position = 0

    static func parse(_ data: Data) throws(Failure) -> JSONValue {
        var parser = JSONParser(bytes: Array(data))
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.position == parser.bytes.count else { throw parser.failure("something follows the value") }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func failure(_ reason: String) -> Failure { Failure(offset: position, reason: reason) }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws(Failure) -> JSONValue {
        guard depth < 100 else { throw failure("the value is nested too deeply") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        default: return try word()
        }
    }

    private mutating func object(depth: Int) throws(Failure) -> JSONValue {
        position += 1
        var members: [JSONValue.Member] = []
        if skip("}") { return .object(members) }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw failure("a member's name is missing") }
            let name = try string()
            guard skip(":") else { throw failure("a colon is missing") }
            members.append(.init(name: name, value: try value(depth: depth + 1)))
        } while skip(",")
        guard skip("}") else { throw failure("a comma or } is missing") }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(Failure) -> JSONValue {
        position += 1
        var items: [JSONValue] = []
        if skip("]") { return .array(items) }
        repeat { items.append(try value(depth: depth + 1)) } while skip(",")
        guard skip("]") else { throw failure("a comma or ] is missing") }
        return .array(items)
    }

    /// `true`, `false`, `null` or a number.
    private mutating func word() throws(Failure) -> JSONValue {
        let start = position
        while let byte = next, byte.isWordOfJSON { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        switch text {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        default:
            guard Double(text) != nil else {
                position = start
                throw failure("this is no value")
            }
            return .number(text)
        }
    }

    private mutating func string() throws(Failure) -> String {
        let start = position
        position += 1
        var isPlain = true
        while let byte = next, byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\") {
                isPlain = false
                position += 1
            }
            position += 1
        }
        guard next != nil else {
            position = start
            throw failure("a string is not closed")
        }
        position += 1
        if isPlain { return String(decoding: bytes[(start + 1)..<(position - 1)], as: UTF8.self) }
        do {
            return try JSONDecoder().decode(String.self, from: Data(bytes[start..<position]))
        } catch {
            position = start
            throw failure("a string has an escape that is none")
        }
    }
}

extension UInt8 {
    fileprivate var isWordOfJSON: Bool {
        switch Unicode.Scalar(self) {
        case "a"..."z", "A"..."Z", "0"..."9", "+", "-", ".": true
        default: false
        }
    }
}
