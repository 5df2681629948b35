import ArgumentParser
import Foundation
import Server
import Wording

struct Import: APICommand {
    static let configuration = CommandConfiguration(
        abstract: "Reads users, organisations, teams, repositories and grants from JSON Lines.",
        discussion: """
            All of the file or nothing. Things that are there already are changed to what the file says.

            Examples:
              portreeve import company.jsonl --dry-run
              portreeve import teams.jsonl --org nerd-dinner
              portreeve export --server https://old.example.com | portreeve import -
            """)

    @Argument(help: "One JSON object a line; - for standard input.")
    var file: String

    @Option(name: .customLong("org"), help: "Only lines about this organisation: its owners may import them.")
    var organization: String?

    @OptionGroup var rehearsal: DryRunOption
    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Where") var connection: ConnectionOptions

    func run(with api: APIClient) async throws {
        let progress = ProgressLine("Importing")
        var request = APIRequest(
            "POST", APIPath.make("v1", "import", query: [("org", organization), rehearsal.parameter])
        ).long
        request.body = try InputFile.read(file)
        request.contentType = "application/x-ndjson"
        request.reportsBytes = { progress.show($0, of: $1) }
        defer { progress.end() }
        let response = try await api.send(request, file: file == "-" ? "standard input" : file)
        progress.end()
        let answer = try APIClient.json(response)
        let lines = answer["lines"].int.map { String.counted($0, "line") } ?? file
        let changes = answer["changes"].int.map { $0 == 0 ? ": nothing changed" : ", \(String.counted($0, "change"))" }
        let ended = answer["ended"].int ?? 0
        let note =
            ended > 0
            ? "; \(String.counted(ended, "grant")) had ended, and \(ended == 1 ? "was" : "were") passed over" : ""
        try rehearsal.report("Imported \(lines)\(changes ?? "")\(note)", response, output)
    }
}

struct Export: APICommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes everything, or an organisation, in the format that import reads.",
        discussion: """
            It is no backup: passwords and tokens are not in it. A file appears only when it is complete. Owners export \
            their organisation.

            Examples:
              portreeve export company.jsonl
              portreeve export | gzip > company.jsonl.gz
              portreeve export nerd-dinner.jsonl --org nerd-dinner
            """)

    @Argument(help: "Where it goes; standard output if there is none.")
    var file: String?

    @Option(
        help: ArgumentHelp("Only what is this organisation's.", valueName: "organisation"), completion: .organizations)
    var org: String?

    @OptionGroup(title: "Where") var connection: ConnectionOptions

    func run(with api: APIClient) async throws {
        let path = APIPath.make("v1", "export", query: [("org", org)])
        let body = try await api.send(APIRequest("GET", path).long).body
        guard let file, file != "-" else { return Terminal.write(body) }
        do {
            try OutputFile.write(body, to: file)
        } catch {
            throw CommandFailure.input("\(file) cannot be written: \(TextFile.words(error))")
        }
        let lines = body.count { $0 == UInt8(ascii: "\n") }
        Terminal.print("Exported \(String.counted(lines, "line")) to \(file)")
    }
}
