package import StrictJSON

/// The steps of a directory's test for a person to read: a line a step, what to change beneath it,
/// and a last line that sums up.
package struct DirectoryCheckupReport {
    /// As the API gives it.
    package var answer: JSONValue
    package var style = TerminalStyle.plain
    /// In characters; nil for lines as long as they come.
    package var width: Int?

    package init(answer: JSONValue, style: TerminalStyle = .plain, width: Int? = nil) {
        (self.answer, self.style, self.width) = (answer, style, width)
    }

    package var lines: [String] { steps.flatMap(lines) + [summary] }

    private var steps: [JSONValue] { answer["steps"].items }

    private func lines(_ step: JSONValue) -> [String] {
        let mark = mark(step["outcome"].text)
        let name = step["step"].text.withoutControls.padded(to: column)
        // Two spaces on both sides of the name.
        let margin = mark.plain.count + 2 + name.count + 2
        let saw = wrapped(step["saw"].text.withoutControls, margin: margin)
        let first = "\(mark.shown)  \(name)  \(saw.first ?? "")"
        let indentation = String(repeating: " ", count: min(margin, Self.longest + 8))
        var lines = [first] + saw.dropFirst().map { String(repeating: " ", count: margin) + $0 }
        // Not wrapped: a command in it is there to be copied.
        if let advice = step["advice"].string { lines.append("\(indentation)→ \(advice.withoutControls)") }
        return lines
    }

    /// Names that are longer, as those with a URL, push their line to the right.
    private static let longest = 24

    private var column: Int { steps.map(\.["step"].text.count).filter { $0 <= Self.longest }.max() ?? 0 }

    /// A word without colours, a sign with them; equally wide in each case.
    private func mark(_ outcome: String) -> (plain: String, shown: String) {
        let (sign, word) =
            switch outcome {
            case "passed": ("✓", "pass")
            case "warning": ("!", "warn")
            case "failed": ("✗", "fail")
            default: ("–", "skip")
            }
        guard style.isColoured else { return (word, word) }
        let shown =
            switch outcome {
            case "passed": style.green(sign)
            case "warning": style.yellow(sign)
            case "failed": style.red(sign)
            default: style.faint(sign)
            }
        return (sign, shown)
    }

    /// Broken at spaces into lines that end before the terminal's edge.
    private func wrapped(_ text: String, margin: Int) -> [String] {
        guard let width, width - margin >= 30 else { return [text] }
        return text.wrapped(to: width - margin)
    }

    /// "11 steps passed, 1 warning, 1 failed".
    private var summary: String {
        func count(_ outcome: String) -> Int { steps.count { $0["outcome"].string == outcome } }
        let (warnings, failed, skipped) = (count("warning"), count("failed"), count("skipped"))
        var parts = ["\(String.counted(count("passed"), "step")) passed"]
        if warnings > 0 { parts.append(String.counted(warnings, "warning")) }
        if failed > 0 { parts.append("\(failed.grouped) failed") }
        if skipped > 0 { parts.append("\(skipped.grouped) skipped") }
        return style.bold(parts.joined(separator: ", "))
    }
}
