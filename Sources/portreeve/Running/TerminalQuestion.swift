import ArgumentParser

/// Questions to whoever sits at the terminal.
enum TerminalQuestion {
    static func ask(_ prompt: String) throws -> String {
        guard Terminal.isInputTerminal else {
            throw CommandFailure.input("there is no terminal to ask at: give --name")
        }
        Terminal.writeError(prompt)
        guard let line = readLine(), !line.isEmpty else { throw CommandFailure.input("nothing was typed") }
        return line
    }
}

/// `--yes`, for what deletes something.
struct ConfirmationOption: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    /// Asks at a terminal. A script says `--yes` of what cannot be undone.
    /// - Parameters:
    ///   - question: without a question mark: "Delete user elton".
    ///   - canBeUndone: by another command.
    func ask(_ question: String, unless rehearsal: DryRunOption, canBeUndone: Bool = false) throws {
        guard !yes, !rehearsal.dryRun else { return }
        guard Terminal.isInputTerminal else {
            if canBeUndone { return }
            throw CommandFailure.input("there is no terminal to ask at: --yes does it, --dry-run tells what would go")
        }
        Terminal.writeError("\(question.withoutControls)? [y/N] ")
        guard ["y", "yes"].contains((readLine() ?? "").lowercased()) else {
            throw CommandFailure(.no, "nothing was deleted")
        }
    }
}
