/// An element of BER (X.690) as LDAP restricts it: a tag of one byte and a definite length.
struct BER: Sendable {
    var tag: UInt8
    var content: ArraySlice<UInt8>

    static let boolean: UInt8 = 0x01
    static let integer: UInt8 = 0x02
    static let octetString: UInt8 = 0x04
    static let enumerated: UInt8 = 0x0A
    static let sequence: UInt8 = 0x30
    static let set: UInt8 = 0x31

    /// The tag `[number]` of a primitive value.
    static func context(_ number: UInt8) -> UInt8 { 0x80 | number }

    /// The tag `[number]` of a value that has elements.
    static func constructed(_ number: UInt8) -> UInt8 { 0xA0 | number }

    /// The content as a signed number of at most eight bytes.
    var number: Int {
        get throws {
            guard let first = content.first, content.count <= 8 else { throw ServerError("BER: no number") }
            return content.reduce(first & 0x80 == 0 ? 0 : -1) { $0 << 8 | Int($1) }
        }
    }

    var text: String { String(decoding: content, as: UTF8.self) }

    /// The elements of a sequence or set.
    var elements: [BER] {
        get throws {
            var (reader, elements) = (BERReader(content), [BER]())
            while let element = try reader.next() { elements.append(element) }
            return elements
        }
    }

    /// How long the element is that starts here, header included; nil if that has not arrived yet.
    static func length(of bytes: ArraySlice<UInt8>) throws -> Int? { try header(of: bytes).map { $0.size + $0.length } }

    fileprivate static func header(of bytes: ArraySlice<UInt8>) throws -> (size: Int, length: Int)? {
        guard bytes.count >= 2 else { return nil }
        let first = bytes[bytes.startIndex + 1]
        if first < 0x80 { return (2, Int(first)) }
        let count = Int(first & 0x7F)
        guard (1...4).contains(count) else { throw ServerError("BER: a length of \(count) bytes") }
        guard bytes.count >= 2 + count else { return nil }
        return (2 + count, bytes.dropFirst(2).prefix(count).reduce(0) { $0 << 8 | Int($1) })
    }
}

/// Takes one element after the other from bytes.
struct BERReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// - Throws: `ServerError` if the bytes end within an element.
    mutating func next() throws -> BER? {
        guard let tag = rest.first else { return nil }
        guard let (size, length) = try BER.header(of: rest), rest.count >= size + length else {
            throw ServerError("BER: an element is cut off")
        }
        defer { rest = rest.dropFirst(size + length) }
        return BER(tag: tag, content: rest.dropFirst(size).prefix(length))
    }

    /// The next element, which has to be there and to bear this tag.
    mutating func next(_ tag: UInt8) throws -> BER {
        guard let element = try next(), element.tag == tag else { throw ServerError("BER: no element with tag \(tag)") }
        return element
    }
}
