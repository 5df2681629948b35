import ArgumentParser
import StrictJSON
import Wording

struct Changes: APICommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows the change log, oldest first.",
        discussion: """
            Examples:
              portreeve changes --after 4000
              portreeve changes --subject nerd-dinner --limit 20 --json
            """)

    @Option(help: ArgumentHelp("Only what came after this revision.", valueName: "revision"))
    var after: Int64 = 0

    @Option(help: ArgumentHelp("At most so many.", valueName: "count"))
    var limit = 100

    @Option(help: ArgumentHelp("Only what is about this account.", valueName: "account"))
    var subject: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Where") var connection: ConnectionOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be 1 or more") }
        guard after >= 0 else { throw ValidationError("--after must be 0 or more") }
    }

    func run(with api: APIClient) async throws {
        let changes = try await read(api)
        let columns = [
            Column("REVISION", "revision"), Column("TIME") { String($0["time"].text.prefix(19)) },
            Column("ACTOR", "actor"),
            Column("CHANGE", ChangeText.sentence), Column("REASON", "reason"),
        ]
        output.show(list: changes, columns, empty: "There is no change after revision \(after).")
    }

    /// The log has no pages: what follows is what came after the last revision.
    private func read(_ api: APIClient) async throws -> [JSONValue] {
        var changes: [JSONValue] = []
        var last = String(after)
        while changes.count < limit {
            let size = min(limit - changes.count, 1_000)
            let query = [("after", last), ("limit", String(size)), ("subject", subject)]
            let page = try await api.list(APIPath.make("v1", "changes", query: query))
            changes += page
            guard page.count == size, let end = page.last?["revision"].int, String(end) != last else { break }
            last = String(end)
        }
        return changes
    }
}
