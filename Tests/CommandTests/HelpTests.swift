import ArgumentParser
import Testing

@testable import portreeve

/// What `--help` shows.
@Suite struct HelpTests {
    /// Every command with its words: `team member add`.
    private static func commands(
        below command: any ParsableCommand.Type = Portreeve.self, _ path: [String] = []
    ) -> [(path: [String], command: any ParsableCommand.Type)] {
        [(path, command)]
            + command.configuration.subcommands.flatMap { commands(below: $0, path + [$0._commandName]) }
    }

    /// The lines of a text's examples, as they are typed.
    private static func examples(of command: any ParsableCommand.Type) -> [String] {
        command.configuration.discussion.split(separator: "\n").map { $0.drop { $0 == " " } }
            .filter { $0.hasPrefix("portreeve ") && !$0.contains("  ") }.map(String.init)
    }

    /// Words as a shell has them.
    private static func words(of line: String) -> [String] {
        line.matches(of: /"[^"]*"|'[^']*'|[^ ]+/).map { $0.output.filter { $0 != "\"" && $0 != "'" } }
    }

    @Test func `no example is broken by a terminal of 80 columns, and each can be typed`() throws {
        var count = 0
        for (path, command) in Self.commands() {
            for example in Self.examples(of: command) {
                #expect(example.count + 2 <= 80, "\(path.joined(separator: " ")): \(example)")
                guard !example.contains(where: { "|>…".contains($0) }) else { continue }
                #expect(throws: Never.self, "\(example)") {
                    _ = try Portreeve.parseAsRoot(Array(Self.words(of: example).dropFirst()))
                }
                count += 1
            }
        }
        #expect(count > 60)
    }
}
