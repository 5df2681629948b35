/// An array in chunks that copies share: changing one element of a copy costs a chunk and one
/// reference a chunk, not the whole array.
struct ChunkedArray<Element: Sendable>: Sendable {
    private static var shift: Int { 8 }
    private static var mask: Int { 1 << shift - 1 }

    private var chunks: [ContiguousArray<Element>] = []
    private(set) var count = 0

    init() {}

    subscript(index: Int32) -> Element {
        _read { yield chunks[Int(index) >> Self.shift][Int(index) & Self.mask] }
        _modify { yield &chunks[Int(index) >> Self.shift][Int(index) & Self.mask] }
    }

    /// Appends and returns the index of the new element.
    mutating func append(_ element: Element) -> Int32 {
        if count & Self.mask == 0 {
            var chunk = ContiguousArray<Element>()
            chunk.reserveCapacity(1 << Self.shift)
            chunks.append(chunk)
        }
        chunks[chunks.count - 1].append(element)
        count += 1
        return Int32(count - 1)
    }

    var indices: Range<Int32> { 0..<Int32(count) }
}
