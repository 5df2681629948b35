import AccessModel
import ArgumentParser
import Foundation
import Wording

struct AccessDiff: APICommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Lists who gained or lost something between two moments.",
        discussion: """
            A moment is a revision (4000), a time (2026-03-01T12:00:00Z), a day (2026-03-01, its beginning in UTC), or \
            so long ago (90m, 12h, 7d).

            Examples:
              portreeve diff push 'nerd-dinner/*' --since 7d
              portreeve diff pull nerd-dinner/nerd-dinner-web --since 2026-03-01 --until 2026-04-01 --format csv
            """)

    @Argument(help: "What they may do.")
    var action: Action

    @Argument(help: "NAMESPACE/REPOSITORY, NAMESPACE/PREFIX* or *")
    var repositories: String

    @Option(help: ArgumentHelp("From when on.", valueName: "moment"))
    var since: String

    @Option(help: ArgumentHelp("Until when; until now without it.", valueName: "moment"))
    var until: String?

    @OptionGroup var format: FormatOption
    @OptionGroup(title: "Where") var connection: ConnectionOptions

    func validate() throws { try checkPattern(repositories) }

    func run(with api: APIClient) async throws {
        let now = Date()
        let query = [
            ("action", action.rawValue), ("repository", repositories), ("since", Self.moment(since, at: now)),
            ("until", until.map { Self.moment($0, at: now) }),
        ]
        let answer = try await api.get(APIPath.make("v1", "access-differences", query: query))
        let columns = [
            Column("EFFECT", "effect"), Column("SUBJECT") { $0["subject"]["id"].text },
            Column("TYPE") { $0["subject"]["type"].text }, Column("REPOSITORY", "repository"),
            Column("BEFORE") { $0["before"].string ?? "none" }, Column("AFTER") { $0["after"].string ?? "none" },
        ]
        format.show(
            answer["items"].items, columns,
            empty: "Nobody gained or lost \(action.rawValue) on \(repositories) in that time.")
    }

    /// What the service understands: a day and so long ago are made a time, all else is left as it is.
    static func moment(_ text: String, at now: Date) -> String {
        let seconds: [Character: Double] = ["m": 60, "h": 3_600, "d": 86_400]
        if let unit = text.last.flatMap({ seconds[$0] }), let count = Double(text.dropLast()), count >= 0 {
            return now.addingTimeInterval(-count * unit).ISO8601Format()
        }
        let isDay = text.utf8.count == 10 && text.split(separator: "-").count == 3
        return isDay ? text + "T00:00:00Z" : text
    }
}
