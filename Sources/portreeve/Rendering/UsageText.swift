/// Help as the parser writes it, whose lines of usage it does not break.
enum UsageText {
    /// - Parameter width: of the terminal, in characters.
    static func wrapped(_ help: String, width: Int) -> String {
        help.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.lowercased().hasPrefix("usage: ") && line.count > width ? broken(line, width) : String(line)
        }.joined(separator: "\n")
    }

    /// Broken between options, each of which stays whole: `[--limit <number>]`.
    private static func broken(_ line: Substring, _ width: Int) -> String {
        var lines: [String] = []
        var current = ""
        for part in parts(of: line) {
            if !current.isEmpty, current.count + 1 + part.count > width {
                lines.append(current)
                current = "         "
            }
            current += (current.isEmpty || current.hasSuffix(" ") ? "" : " ") + part
        }
        return (lines + [current]).joined(separator: "\n")
    }

    private static func parts(of line: Substring) -> [Substring] {
        var (parts, depth, start) = ([Substring](), 0, line.startIndex)
        for place in line.indices {
            switch line[place] {
            case "[", "<": depth += 1
            case "]", ">": depth -= 1
            case " " where depth == 0:
                parts.append(line[start..<place])
                start = line.index(after: place)
            default: break
            }
        }
        return parts + [line[start...]]
    }
}
