import ArgumentParser
import Testing

@testable import portreeve

@Suite struct UsageTextTests {
    @Test func `usage is broken between options, and nothing else is`() {
        let help = """
            OVERVIEW: A sentence that is somewhat longer than the terminal is.

            USAGE: portreeve x <name> [--expires-at <end>] [--json] [--server <url>]
            """
        #expect(
            UsageText.wrapped(help, width: 40) == """
                OVERVIEW: A sentence that is somewhat longer than the terminal is.

                USAGE: portreeve x <name>
                         [--expires-at <end>] [--json]
                         [--server <url>]
                """)
        #expect(UsageText.wrapped(help, width: 80) == help)
    }

    @Test func `no help of a command is wider than 80 columns`() {
        func check(_ command: any ParsableCommand.Type, _ path: String) {
            for line in UsageText.wrapped(command.helpMessage(columns: 80), width: 80).split(separator: "\n") {
                #expect(line.count <= 80, "\(path): \(line)")
            }
            for next in command.configuration.subcommands { check(next, "\(path) \(next._commandName)") }
        }
        check(Portreeve.self, "portreeve")
    }
}
