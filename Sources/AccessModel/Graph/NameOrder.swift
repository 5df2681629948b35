/// Puts things into the order of their names, which are ASCII: by the first eight bytes as one number, and
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

    private static func prefix(_ name: String) -> UInt64 {
        var prefix: UInt64 = 0
        for (place, byte) in name.utf8.prefix(8).enumerated() { prefix |= UInt64(byte) << (56 - 8 * UInt64(place)) }
        return prefix
    }
}
