/// An array in chunks that copies share: changing one element of a copy costs a chunk and one reference a chunk, not
/// the whole array. So few of what has references of its own should be in a chunk, and many of what has none.
struct ChunkedArray<let size: Int, Element: Sendable>: Sendable {
    private var chunks: [ContiguousArray<Element>] = []
    private(set) var count = 0

    init() {}

    subscript(index: Int32) -> Element {
        _read { yield chunks[Int(index) / size][Int(index) % size] }
        _modify { yield &chunks[Int(index) / size][Int(index) % size] }
    }

    /// Appends and returns the index of the new element.
    @discardableResult
    mutating func append(_ element: Element) -> Int32 {
        if count % size == 0 {
            var chunk = ContiguousArray<Element>()
            chunk.reserveCapacity(size)
            chunks.append(chunk)
        }
        chunks[chunks.count - 1].append(element)
        count += 1
        return Int32(count - 1)
    }

    var indices: Range<Int32> { 0..<Int32(count) }
}
