import StrictJSON
import Wording

/// Rows under headings, cut to the width of a terminal.
struct Table {
    var headings: [String]
    var rows: [[String]]
    /// The columns that are never cut: what is copied, and what means something else in part.
    var whole: Set<Int> = []
    /// Whether the last column goes on in lines of its own where it is too long.
    var wrapsLast = false

    /// The longest cell that is not cut, however much room there is, and the longest that other rows are padded for.
    private static let (longest, widest) = (250, 60)
    /// What a column that goes on in further lines has at the least.
    private static let narrowest = 30

    /// Columns are as wide as they need to be; if that is too much, the widest ones are cut, none
    /// below ten characters or its heading.
    /// - Parameter width: in characters; nil for as much as it takes.
    func lines(width: Int?, style: TerminalStyle) -> [String] {
        let cells = rows.map { $0.map(\.withoutControls) }
        let widths = fitted(naturalWidths(cells), to: width)
        func lines(_ cells: [String]) -> [String] {
            guard wrapsLast, width != nil, let last = cells.last, let room = widths.last, last.count > room else {
                return [line(cells)]
            }
            let parts = last.wrapped(to: room)
            let indentation = String(repeating: " ", count: widths.dropLast().reduce(0) { $0 + $1 + 2 })
            return [line(cells.dropLast() + parts.prefix(1))] + parts.dropFirst().map { indentation + $0 }
        }
        func line(_ cells: [String]) -> String {
            var text = zip(cells, widths).map { cell, column in
                cell.cut(to: width == nil ? max(column, Self.longest) : column).padded(to: column)
            }.joined(separator: "  ")
            while text.last == " " { text.removeLast() }
            return text
        }
        return [style.bold(line(headings))] + cells.flatMap(lines)
    }

    private func naturalWidths(_ cells: [[String]]) -> [Int] {
        var widths = headings.map(\.count)
        for row in cells {
            for (column, cell) in row.prefix(widths.count).enumerated() {
                widths[column] = max(
                    widths[column], whole.contains(column) ? cell.count : min(cell.count, Self.longest))
            }
        }
        return widths
    }

    private func fitted(_ natural: [Int], to width: Int?) -> [Int] {
        guard let width else {
            return natural.indices.map {
                whole.contains($0) ? natural[$0] : min(natural[$0], max(Self.widest, headings[$0].count))
            }
        }
        var widths = natural
        if wrapsLast, let last = widths.indices.last {
            let others = widths.dropLast().reduce(0) { $0 + $1 + 2 }
            widths[last] = min(widths[last], max(Self.narrowest, width - others))
        }
        let least = headings.map { max($0.count, 10) }
        var excess = widths.reduce(0, +) + 2 * (widths.count - 1) - width
        while excess > 0 {
            let shrinkable = widths.indices.filter { widths[$0] > least[$0] && !whole.contains($0) }
            guard let widest = shrinkable.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }
}

/// One column of a list of JSON objects.
struct Column: Sendable {
    let heading: String
    /// Whether it is never cut.
    let isWhole: Bool
    /// Whether it goes on in further lines; for the last column.
    let wraps: Bool
    let text: @Sendable (JSONValue) -> String

    init(
        _ heading: String, whole isWhole: Bool = false, wraps: Bool = false,
        _ text: @escaping @Sendable (JSONValue) -> String
    ) {
        self.heading = heading
        self.isWhole = isWhole
        self.wraps = wraps
        self.text = text
    }

    /// The member of this name.
    init(_ heading: String, _ member: String, whole isWhole: Bool = false) {
        self.init(heading, whole: isWhole) { $0[member].text }
    }

    static func table(_ items: [JSONValue], _ columns: [Column]) -> Table {
        Table(
            headings: columns.map(\.heading), rows: items.map { item in columns.map { $0.text(item) } },
            whole: Set(columns.indices.filter { columns[$0].isWhole }), wrapsLast: columns.last?.wraps ?? false)
    }
}
