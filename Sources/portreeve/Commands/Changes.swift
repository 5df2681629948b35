import AccessModel
import ArgumentParser
import Foundation
import StrictJSON
import Wording

struct Changes: APICommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows who changed what, the newest first.",
        discussion: """
            Names are those of the time of a change. \(Moment.forms)

            Examples:
              portreeve changes --limit 20
              portreeve changes --actor elton --since 7d
              portreeve changes --subject nerd-dinner --kind grant
              portreeve changes --after 4000 --json
            """)

    @Option(help: ArgumentHelp("Only what was done since then.", valueName: "moment"))
    var since: String?

    @Option(help: ArgumentHelp("Only what was done until then.", valueName: "moment"))
    var until: String?

    @Option(
        help: ArgumentHelp(
            "Only what was done by a user, OWNER+NAME, directory:NAME, local:NAME or service.", valueName: "actor"))
    var actor: String?

    @Option(help: ArgumentHelp("Only what is about this account.", valueName: "account"))
    var subject: String?

    @Option(help: ArgumentHelp("Only what is about this collection.", valueName: "path"), completion: .collections)
    var collection: String?

    @Option(help: "Only changes of this kind.")
    var kind: Fact.Kind?

    @Option(help: ArgumentHelp("Only what came before this revision.", valueName: "revision"))
    var before: Int64?

    @Option(help: ArgumentHelp("Only what came after this revision, the oldest first.", valueName: "revision"))
    var after: Int64?

    @Flag(help: "Show identities in place of names.")
    var ids = false

    @OptionGroup var list: ListOptions
    @OptionGroup(title: "Where") var connection: ConnectionOptions

    func validate() throws {
        for (name, revision) in [("--before", before), ("--after", after)] {
            guard revision.map({ $0 >= 0 }) ?? true else { throw ValidationError("\(name) must be 0 or more") }
        }
    }

    func run(with api: APIClient) async throws {
        let changes = try await read(api)
        let columns = [
            Column("REVISION", "revision", whole: true),
            Column("TIME", whole: true) { String($0["time"].text.prefix(16)).replacing("T", with: " ") },
            Column("ACTOR") { [ids] in ChangeText($0, showsIdentities: ids).actor },
            Column("CHANGE", wraps: true) { [ids] in ChangeText($0, showsIdentities: ids).sentenceWithReason },
        ]
        list.show(changes, columns, empty: "There is no such change.")
    }

    private func read(_ api: APIClient) async throws -> [JSONValue] {
        let now = Date()
        let most = list.limit ?? 100
        let query = [
            ("after", after.map { String($0) }), ("before", before.map { String($0) }),
            ("order", after == nil ? "newest" : nil), ("since", since.map { Moment.text($0, at: now) }),
            ("until", until.map { Moment.text($0, at: now) }), ("actor", actor), ("subject", subject),
            ("collection", collection), ("kind", kind?.rawValue), ("limit", String(min(most + 1, 1_000))),
        ]
        let changes = try await api.list(APIPath.make("v1", "changes", query: query), limit: most + 1)
        if changes.count > most, list.limit == nil {
            Terminal.writeError("Only \(most) of them are shown: --limit shows more.\n")
        }
        return Array(changes.prefix(most))
    }
}
