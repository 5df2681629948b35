/// Puts things into the order of their names, which are ASCII: by the first sixteen bytes as numbers, and
/// by the rest only where those are the same.
enum NameOrder {
    static func sorted<Element>(
        _ elements: [Element], in place: (Element) -> Int32 = { _ in 0 }, by name: (Element) -> String
    ) -> [Element] {
        guard elements.count > 1 else { return elements }
        var keys = elements.indices.map { index in
            (place: place(elements[index]), prefix: prefix(name(elements[index])), index: Int32(index))
        }
        keys.sort { left, right in
            if left.place != right.place { return left.place < right.place }
            if left.prefix != right.prefix { return left.prefix < right.prefix }
            return name(elements[Int(left.index)]) < name(elements[Int(right.index)])
        }
        return keys.map { elements[Int($0.index)] }
    }

    /// Appends two sorted sequences as one.
    static func merge<Element>(
        _ first: some Sequence<Element>, _ second: some Sequence<Element>, into result: inout [Element],
        by precedes: (Element, Element) -> Bool
    ) {
        var second = second.makeIterator()
        var next = second.next()
        for element in first {
            while let other = next, precedes(other, element) {
                result.append(other)
                next = second.next()
            }
            result.append(element)
        }
        while let other = next {
            result.append(other)
            next = second.next()
        }
    }

    /// The first sixteen bytes, the first one the highest, filled up with zeros.
    private static func prefix(_ name: String) -> SortKey {
        var key = SortKey()
        withUnsafeMutableBytes(of: &key) { bytes in
            let copied: Void? = name.utf8.withContiguousStorageIfAvailable { name in
                bytes.copyBytes(from: name.prefix(16))
            }
            if copied == nil { bytes.copyBytes(from: name.utf8.prefix(16)) }
        }
        key.high = UInt64(bigEndian: key.high)
        key.low = UInt64(bigEndian: key.low)
        return key
    }

    private struct SortKey: Equatable {
        var high: UInt64 = 0
        var low: UInt64 = 0

        static func < (left: Self, right: Self) -> Bool {
            left.high != right.high ? left.high < right.high : left.low < right.low
        }
    }
}
