import ArgumentParser
import StrictJSON
import Wording

extension DirectoryCommands {
    struct Test: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Tries a directory's settings out, step by step, and says what to change.",
            discussion: """
                Reads the first people and groups, and changes nothing here or there. Exits with 3 if the directory \
                cannot be reached or refuses the bind, and with 2 if another step fails.

                Examples:
                  portreeve directory test corp
                  portreeve directory test corp --user elton
                """)

        @Argument(completion: .directories) var name: String

        @Option(help: ArgumentHelp("Show this person as the sample.", valueName: "login"))
        var user: String?

        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        /// - Throws: a failure without words for steps that failed: the report has told them.
        func run(with api: APIClient) async throws {
            let body = JSONValue(members: [("user", user.map(JSONValue.string))])
            let path = APIPath.make("v1", "directories", name, "test")
            let answer = try await api.json(APIRequest("POST", path, body).long)
            let report = DirectoryCheckupReport(
                answer: answer, style: Terminal.style, width: Terminal.isOutputTerminal ? Terminal.width : nil)
            if output.json {
                Terminal.print(answer.pretty)
            } else {
                Terminal.print(report.lines)
            }
            if report.status != .done { throw CommandFailure(report.status) }
        }
    }
}

extension DirectoryCheckupReport {
    /// Of the whole test: whether the directory can be reached counts before what was found in it.
    var status: CommandStatus {
        let failed = answer["steps"].items.filter { $0["outcome"].string == "failed" }.map { $0["step"].text }
        let isUnreachable = failed.contains { ["bind", "password"].contains($0) || $0.hasPrefix("connect") }
        if isUnreachable { return .unreachable }
        return failed.isEmpty ? .done : .input
    }
}
