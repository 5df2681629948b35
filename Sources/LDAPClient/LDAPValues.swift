/// The values of one attribute, each a run of bytes, in one piece of memory.
public struct LDAPValues: RandomAccessCollection, Hashable, Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    public init() {}

    public init(_ values: some Sequence<some Sequence<UInt8>>) {
        for value in values { append(value) }
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { ends.count }

    public subscript(position: Int) -> ArraySlice<UInt8> {
        bytes[(position == 0 ? 0 : ends[position - 1])..<ends[position]]
    }

    /// The values as text; bytes that are not UTF-8 are replaced by U+FFFD.
    public var strings: [String] { map { String(decoding: $0, as: UTF8.self) } }

    public mutating func append(_ value: some Sequence<UInt8>) {
        bytes.append(contentsOf: value)
        ends.append(bytes.count)
    }

    public mutating func append(contentsOf other: LDAPValues) {
        let offset = bytes.count
        bytes.append(contentsOf: other.bytes)
        ends.append(contentsOf: other.ends.lazy.map { $0 + offset })
    }
}
