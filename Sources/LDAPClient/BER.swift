/// As much of the Basic Encoding Rules (X.690) as the values of controls need: definite lengths,
/// integers, booleans, octet strings, sequences and sets.
enum BER {
    static let boolean: UInt8 = 0x01
    static let integer: UInt8 = 0x02
    static let octetString: UInt8 = 0x04
    static let enumerated: UInt8 = 0x0A
    static let sequence: UInt8 = 0x30
    static let set: UInt8 = 0x31

    static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] { [tag] + length(content.count) + content }

    static func number(_ value: Int32, tag: UInt8 = integer) -> [UInt8] {
        var bytes = withUnsafeBytes(of: value.bigEndian, Array.init)
        // The shortest form: a leading byte that only repeats the sign is left out.
        while bytes.count > 1, bytes[0] == 0 && bytes[1] < 0x80 || bytes[0] == 0xFF && bytes[1] >= 0x80 {
            bytes.removeFirst()
        }
        return element(tag, bytes)
    }

    private static func length(_ count: Int) -> [UInt8] {
        guard count >= 0x80 else { return [UInt8(count)] }
        var bytes = withUnsafeBytes(of: UInt32(truncatingIfNeeded: count).bigEndian, Array.init)
        while bytes.first == 0 { bytes.removeFirst() }
        return [0x80 | UInt8(bytes.count)] + bytes
    }
}

/// Reads one element after the other; whatever does not fit is nil.
struct BERReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Collection<UInt8>) { rest = ArraySlice(Array(bytes)) }

    var isAtEnd: Bool { rest.isEmpty }
    var nextTag: UInt8? { rest.first }

    /// The content of the next element, if it has this tag.
    mutating func content(_ tag: UInt8) -> ArraySlice<UInt8>? {
        guard rest.first == tag, rest.count >= 2 else { return nil }
        var place = rest.startIndex + 1
        var count = Int(rest[place])
        place += 1
        if count >= 0x80 {
            let size = count & 0x7F
            guard (1...4).contains(size), rest.endIndex - place >= size else { return nil }
            count = rest[place..<place + size].reduce(0) { $0 << 8 | Int($1) }
            place += size
        }
        guard rest.endIndex - place >= count else { return nil }
        defer { rest = rest[(place + count)...] }
        return rest[place..<place + count]
    }

    mutating func reader(_ tag: UInt8) -> BERReader? { content(tag).map { BERReader($0) } }

    mutating func number(_ tag: UInt8 = BER.integer) -> Int? {
        guard let bytes = content(tag), let first = bytes.first, bytes.count <= 8 else { return nil }
        return bytes.reduce(first >= 0x80 ? -1 : 0) { $0 << 8 | Int($1) }
    }

    mutating func flag() -> Bool? { content(BER.boolean).map { $0.contains { $0 != 0 } } }
}
