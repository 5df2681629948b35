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

    /// Puts what is in order among what is in order from `start` on.
    static func merge<Element>(
        _ others: [Element], into result: inout [Element], from start: Int, by precedes: (Element, Element) -> Bool
    ) {
        guard !others.isEmpty else { return }
        let first = Array(result[start...])
        result.removeSubrange(start...)
        var place = 0
        for element in first {
            while place < others.count, precedes(others[place], element) {
                result.append(others[place])
                place += 1
            }
            result.append(element)
        }
        result += others[place...]
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
