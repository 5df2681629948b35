import Foundation
import Wording

/// Standard output and standard error, and who is there to read them.
enum Terminal {
    static let isOutputTerminal = isatty(STDOUT_FILENO) == 1
    static let isErrorTerminal = isatty(STDERR_FILENO) == 1
    static let isInputTerminal = isatty(STDIN_FILENO) == 1

    static var style: TerminalStyle {
        let noColour = ProcessInfo.processInfo.environment.nonEmpty("NO_COLOR") != nil
        return TerminalStyle(isColoured: isOutputTerminal && !noColour)
    }

    /// In characters: from `COLUMNS`, else the terminal's own, else 80.
    static var width: Int {
        if let text = ProcessInfo.processInfo.environment["COLUMNS"], let columns = Int(text), columns > 0 {
            return columns
        }
        var size = winsize()
        for descriptor in [STDOUT_FILENO, STDERR_FILENO]
        where ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 {
            return Int(size.ws_col)
        }
        return 80
    }

    /// Text as it is, without a line's end.
    static func write(_ text: String) { write(Data(text.utf8)) }

    /// Takes what would go to standard output, for tests.
    @TaskLocal static var output: (@Sendable (Data) -> Void)?

    static func write(_ data: Data) {
        guard let output else { return write(data, to: .standardOutput) }
        output(data)
    }

    static func print(_ line: String) { write(line + "\n") }

    static func print(_ lines: [String]) { write(lines.map { $0 + "\n" }.joined()) }

    static func warn(_ text: String) { writeError("Warning: \(text)\n") }

    static func writeError(_ text: String) { write(Data(text.utf8), to: .standardError) }

    private static func write(_ data: Data, to file: FileHandle) {
        do {
            try file.write(contentsOf: data)
        } catch {
            // A reader that has gone away, as `head` does, wants no more, and no complaint.
            let code = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
            exit((code.code == Int(EPIPE) ? CommandStatus.done : .unreachable).rawValue)
        }
    }
}
