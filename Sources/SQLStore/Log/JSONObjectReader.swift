import AccessControl

/// Reads what `JSONObjectWriter` wrote, and only that: members are asked for in the order in
/// which they stand, one that is not next is absent, and escapes are the writer's.
struct JSONObjectReader {
    private let bytes: [UInt8]
    private var position = 1

    init(_ json: String) throws(AccessError) {
        bytes = Array(json.utf8)
        guard bytes.first == UInt8(ascii: "{"), bytes.last == UInt8(ascii: "}") else { throw damaged("start") }
    }

    mutating func optionalText(_ name: StaticString) throws(AccessError) -> String? {
        guard take(name) else { return nil }
        guard next == UInt8(ascii: "\"") else { throw damaged(name) }
        position += 1
        let start = position
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { position += 1 }
        if next == UInt8(ascii: "\"") {
            defer { position += 1 }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }
        return try escapedText(name, from: start)
    }

    mutating func optionalInteger(_ name: StaticString) throws(AccessError) -> Int64? {
        guard take(name) else { return nil }
        let start = position
        while let byte = next, byte != UInt8(ascii: ","), byte != UInt8(ascii: "}") { position += 1 }
        guard let value = Int64(String(decoding: bytes[start..<position], as: UTF8.self)) else { throw damaged(name) }
        return value
    }

    mutating func flag(_ name: StaticString, default: Bool = false) throws(AccessError) -> Bool {
        guard take(name) else { return `default` }
        if skip("true") { return true }
        if skip("false") { return false }
        throw damaged(name)
    }

    mutating func text(_ name: StaticString) throws(AccessError) -> String {
        guard let text = try optionalText(name) else { throw damaged(name) }
        return text
    }

    mutating func word<Word: RawRepresentable<String>>(_ name: StaticString) throws(AccessError) -> Word {
        guard let word = Word(rawValue: try text(name)) else { throw damaged(name) }
        return word
    }

    /// The text of a nested object or array.
    mutating func nested(_ name: StaticString) throws(AccessError) -> String {
        guard take(name), next == UInt8(ascii: "{") || next == UInt8(ascii: "[") else { throw damaged(name) }
        let start = position
        var (depth, isQuoted) = (0, false)
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\\"): position += 1
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "{") where !isQuoted, UInt8(ascii: "[") where !isQuoted: depth += 1
            case UInt8(ascii: "}") where !isQuoted, UInt8(ascii: "]") where !isQuoted: depth -= 1
            default: break
            }
            if depth == 0 { return String(decoding: bytes[start..<position], as: UTF8.self) }
        }
        throw damaged(name)
    }

    /// Throws when a member was left over.
    func finish() throws(AccessError) {
        guard position == bytes.count - 1 else { throw damaged("end") }
    }

    func damaged(_ name: StaticString) -> AccessError {
        .storage(.damaged("an entry of the change log cannot be read at \"\(name)\"; `portreeve verify` tells more"))
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Moves behind `"name":`, and the comma before it, if that comes next.
    private mutating func take(_ name: StaticString) -> Bool {
        var place = position
        if place > 1 {
            guard place < bytes.count, bytes[place] == UInt8(ascii: ",") else { return false }
            place += 1
        }
        let end = place + name.utf8CodeUnitCount + 3
        guard end < bytes.count, bytes[place] == UInt8(ascii: "\""), bytes[end - 2] == UInt8(ascii: "\""),
            bytes[end - 1] == UInt8(ascii: ":"),
            name.withUTF8Buffer({ $0.elementsEqual(bytes[(place + 1)..<(end - 2)]) })
        else { return false }
        position = end
        return true
    }

    private mutating func skip(_ word: String) -> Bool {
        guard bytes[position...].starts(with: word.utf8) else { return false }
        position += word.utf8.count
        return true
    }

    private mutating func escapedText(_ name: StaticString, from start: Int) throws(AccessError) -> String {
        var text = Array(bytes[start..<position])
        while let byte = next, byte != UInt8(ascii: "\"") {
            position += 1
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                continue
            }
            if next == UInt8(ascii: "u") {
                let digits = bytes[position...].dropFirst().prefix(4)
                guard let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) else { throw damaged(name) }
                text.append(value)
                position += 5
            } else if let escaped = next {
                text.append(escaped)
                position += 1
            }
        }
        guard next != nil else { throw damaged(name) }
        position += 1
        return String(decoding: text, as: UTF8.self)
    }
}
