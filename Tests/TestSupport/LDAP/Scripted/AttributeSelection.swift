/// Which attributes an entry is sent with, and how many values of each (MS-ADTS 3.1.1.3.1.3.3).
struct AttributeSelection {
    private struct Wanted {
        var name: String
        var range: (first: Int, last: Int?)?
    }

    private var wanted: [Wanted] = []
    private let wantsAll: Bool
    private let typesOnly: Bool
    private let maxValues: Int

    /// - Parameter maxValues: values that one attribute has at most in an answer.
    init(_ request: SearchRequest, maxValues: Int) {
        wantsAll = request.attributes.isEmpty || request.attributes.contains("*")
        typesOnly = request.typesOnly
        self.maxValues = maxValues
        for text in request.attributes where !["*", "+", "1.1"].contains(text) { wanted.append(Self.parse(text)) }
    }

    /// - Parameters:
    ///   - all: the names that `*` stands for.
    ///   - attribute: looks one up by its name.
    func apply(all: @autoclosure () -> [String], attribute: (String) -> WireAttribute) -> [WireAttribute] {
        let named = Set(wanted.map { $0.name.lowercased() })
        let others = wantsAll ? all().filter { !named.contains($0.lowercased()) } : []
        let parts = (wanted + others.map { Wanted(name: $0) }).flatMap { pieces(attribute($0.name), $0.range) }
        return typesOnly ? parts.map { WireAttribute(name: $0.name, values: []) } : parts
    }

    private func pieces(_ attribute: WireAttribute, _ range: (first: Int, last: Int?)?) -> [WireAttribute] {
        let values = attribute.values
        guard !values.isEmpty else { return [] }
        guard let range else {
            guard values.count > maxValues else { return [attribute] }
            // Windows sends the plain name too, without values.
            return [WireAttribute(name: attribute.name, values: [])] + pieces(attribute, (0, nil))
        }
        guard range.first < values.count else { return [] }
        let end = min(range.last.map { $0 + 1 } ?? .max, range.first + maxValues, values.count)
        let last = end == values.count ? "*" : String(end - 1)
        let piece = Array(values[range.first..<max(range.first, end)])
        return [WireAttribute(name: "\(attribute.name);range=\(range.first)-\(last)", values: piece)]
    }

    private static func parse(_ text: String) -> Wanted {
        let parts = text.split(separator: ";")
        guard let name = parts.first else { return Wanted(name: text) }
        for option in parts.dropFirst() where option.lowercased().hasPrefix("range=") {
            let ends = option.dropFirst(6).split(separator: "-")
            if ends.count == 2, let first = Int(ends[0]) {
                return Wanted(name: String(name), range: (first, ends[1] == "*" ? nil : Int(ends[1])))
            }
        }
        return Wanted(name: String(name))
    }
}
