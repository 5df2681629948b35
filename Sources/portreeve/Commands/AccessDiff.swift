import AccessModel
import ArgumentParser
import Foundation
import Wording

struct AccessDiff: APICommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Lists who gained or lost something between two moments.",
        discussion: """
            \(Moment.forms)

            Examples:
              portreeve diff push 'nerd-dinner/*' --since 7d
              portreeve diff pull nerd-dinner/web --since 2026-03-01 --csv
              portreeve diff container.exec /prod --since 30d
            """)

    @Argument(help: "What they may do: an action on a repository, or an operation.", completion: .actions)
    var action: String

    @Argument(
        help: "NAMESPACE/REPOSITORY, NAMESPACE/PREFIX* or *; or /COLLECTION, with what is below it.",
        completion: .repositories)
    var repositories: String

    @Option(help: ArgumentHelp("From when on.", valueName: "moment"))
    var since: String

    @Option(help: ArgumentHelp("Until when; until now without it.", valueName: "moment"))
    var until: String?

    @OptionGroup var format: FormatOption
    @OptionGroup(title: "Where") var connection: ConnectionOptions

    func validate() throws {
        if case .collection = ResourceNotation(repositories) { return try checkResource(repositories, action) }
        try checkPattern(repositories)
        do throws(CommandFailure) { _ = try ResourceNotation.action(action) } catch {
            throw ValidationError(error.description)
        }
    }

    func run(with api: APIClient) async throws {
        let now = Date()
        var collection: String?
        if case .collection(let path) = ResourceNotation(repositories) { collection = path }
        let query = [
            (collection == nil ? "action" : "operation", action), ("collection", collection),
            ("repository", collection == nil ? repositories : nil), ("since", Moment.text(since, at: now)),
            ("until", until.map { Moment.text($0, at: now) }),
        ]
        let answer = try await api.get(APIPath.make("v1", "access-differences", query: query))
        let ofCollections = [
            Column("EFFECT", "effect"), Column("SUBJECT") { $0["subject"]["id"].text },
            Column("TYPE") { $0["subject"]["type"].text }, Column("COLLECTION", "collection"),
            Column("WHAT", wraps: true) { ControlWords.changes(in: $0) },
        ]
        let columns =
            collection != nil
            ? ofCollections
            : [
                Column("EFFECT", "effect"), Column("SUBJECT") { $0["subject"]["id"].text },
                Column("TYPE") { $0["subject"]["type"].text }, Column("REPOSITORY", "repository"),
                Column("BEFORE") { $0["before"].string ?? "none" }, Column("AFTER") { $0["after"].string ?? "none" },
            ]
        format.show(
            answer["items"].items, columns,
            empty: "Nobody gained or lost \(action) on \(repositories) in that time.")
    }
}
