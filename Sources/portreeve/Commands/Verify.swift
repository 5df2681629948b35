import ArgumentParser
import Wording

struct Verify: APICommand {
    static let configuration = CommandConfiguration(
        abstract: "Proves that log and rows of the database are as they were written.",
        discussion: """
            Exits with 1 if they are not. The head hash is in the service's log every hour.

            Examples:
              portreeve verify
              portreeve verify --head 5f70bf18a086007016e948b04aed3b82103a36bea4175…
            """)

    @Option(help: ArgumentHelp("A head hash seen earlier, which must be in the chain.", valueName: "hash"))
    var head: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Where") var connection: ConnectionOptions

    func run(with api: APIClient) async throws {
        let answer = try await api.json(APIRequest("GET", APIPath.make("v1", "verify", query: [("head", head)])).long)
        if output.json {
            Terminal.print(answer.pretty)
        } else {
            Terminal.print(VerifyReport.lines(answer, head: head, style: Terminal.style))
        }
        if answer["ok"].bool != true { throw CommandFailure(.no) }
    }
}
