extension String {
    /// Without what a terminal would obey: names and reasons come from directories and other people.
    package var withoutControls: String {
        guard unicodeScalars.contains(where: \.isObeyed) else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.map { $0.isObeyed ? " " : $0 }))
    }

    /// At most so many characters, the last one … if it was longer.
    package func cut(to width: Int) -> String {
        count <= width ? self : String(prefix(max(0, width - 1))) + "…"
    }

    /// Lines of at most so many characters, broken at spaces; a word that is longer is broken itself.
    package func wrapped(to width: Int) -> [String] {
        var (lines, line) = ([String](), "")
        for var word in split(separator: " ").map(String.init) {
            if line.count + 1 + word.count > width, !line.isEmpty {
                lines.append(line)
                line = ""
            }
            while line.isEmpty, word.count > width {
                lines.append(String(word.prefix(width)))
                word.removeFirst(width)
            }
            line += line.isEmpty ? word : " " + word
        }
        return line.isEmpty ? lines : lines + [line]
    }

    package func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    /// "1 member", "2 members".
    package static func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
        "\(count.grouped) \(count == 1 ? one : many ?? one + "s")"
    }

    package var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

extension Unicode.Scalar {
    /// Controls, and the marks that turn the direction of text.
    fileprivate var isObeyed: Bool {
        switch value {
        case 0..<0x20, 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

extension Int {
    /// With commas: 1,234,567.
    package var grouped: String {
        let digits = Array(String(magnitude))
        let text = digits.indices.reduce(into: "") { text, place in
            if place > 0, (digits.count - place) % 3 == 0 { text += "," }
            text.append(digits[place])
        }
        return self < 0 ? "-" + text : text
    }
}
