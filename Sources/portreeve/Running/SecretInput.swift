import Foundation
import Server
import StrictJSON

/// Passwords and tokens from a file, from standard input or from the keyboard.
enum SecretInput {
    /// The first line of a file, or of standard input for `-`; without a file it is asked for, if
    /// there is a terminal to ask at.
    static func read(file: String?, prompt: String) throws -> String {
        if let file { return try firstLine(try InputFile.read(file), of: file) }
        guard Terminal.isInputTerminal else {
            throw CommandFailure.input(
                "a password is needed and there is no terminal to ask at: give it as a file, or - for standard input")
        }
        return try ask(prompt)
    }

    /// For a new password: asked for twice.
    static func readNew(file: String?, prompt: String) throws -> String {
        let password = try read(file: file, prompt: prompt)
        guard file == nil, try ask("The same again: ") != password else { return password }
        throw CommandFailure.input("the two passwords are not the same: nothing was changed")
    }

    private static func firstLine(_ data: Data, of file: String) throws -> String {
        let line = data.prefix { $0 != UInt8(ascii: "\n") }
        guard var text = String(data: line, encoding: .utf8) else {
            throw CommandFailure.input("\(InputFile.name(file)): its first line is not UTF-8 text")
        }
        if text.hasSuffix("\r") { text.removeLast() }
        guard !text.isEmpty else { throw CommandFailure.input("\(InputFile.name(file)): its first line is empty") }
        return text
    }

    private static func ask(_ prompt: String) throws -> String {
        var settings = termios()
        let isKnown = tcgetattr(STDIN_FILENO, &settings) == 0
        var silent = settings
        silent.c_lflag &= ~tcflag_t(ECHO)
        // Before the question, so that an answer that comes at once is neither shown nor lost.
        if isKnown { tcsetattr(STDIN_FILENO, TCSADRAIN, &silent) }
        Terminal.writeError(prompt)
        defer {
            if isKnown { tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings) }
            Terminal.writeError("\n")
        }
        guard let line = readLine(), !line.isEmpty else { throw CommandFailure.input("no password was typed") }
        return line
    }
}

/// Files that commands read; `-` is standard input.
enum InputFile {
    static func name(_ file: String) -> String { file == "-" ? "standard input" : file }

    /// Texts, without a mark of their encoding in front.
    static func read(_ file: String) throws -> Data {
        let data: Data
        do {
            // Mapped, as an import may be larger than one would like to hold.
            data =
                file == "-"
                ? try FileHandle.standardInput.readToEnd() ?? Data()
                : try Data(contentsOf: URL(fileURLWithPath: file), options: .mappedIfSafe)
        } catch {
            throw CommandFailure.input("\(name(file)) cannot be read: \(TextFile.words(error))")
        }
        do throws(TextFile.Unusable) {
            return try TextFile.utf8(data)
        } catch {
            throw CommandFailure.input("\(name(file)) cannot be used: \(error)")
        }
    }

    static func json(_ file: String) throws -> JSONValue {
        let data = try read(file)
        guard !data.isEmpty else { throw CommandFailure.input("\(name(file)) is empty") }
        guard String(data: data, encoding: .utf8) != nil else {
            throw CommandFailure.input("\(name(file)) cannot be used: it is not UTF-8; save it as UTF-8")
        }
        do {
            return try JSONParser.parse(data)
        } catch {
            let place = error.place.map { ":\($0.line):\($0.column)" } ?? ""
            throw CommandFailure.input("\(name(file))\(place): \(error.reason)")
        }
    }
}

/// Files that commands write, for their owner only.
enum OutputFile {
    /// Writes a file that appears when it is complete, and takes the place of one that is there. What is no file, as
    /// a device or a pipe, is written to.
    static func write(_ data: Data, to named: String) throws {
        let file = URL(fileURLWithPath: named).resolvingSymlinksInPath().path
        var status = stat()
        if stat(file, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
            return try handle.write(contentsOf: data)
        }
        let draft = "\(file).\(String(UInt64.random(in: .min ... .max), radix: 36)).new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try handle.write(contentsOf: data)
            try handle.synchronize()
            guard rename(draft, file) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        } catch {
            unlink(draft)
            throw error
        }
    }
}
