import ArgumentParser
import StrictJSON
import Wording

struct UserCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Users: people who log in.",
        subcommands: [
            List.self, Show.self, Create.self, Update.self, Delete.self, SetPassword.self, TokenCommands.self,
            Link.self, Unlink.self,
        ])

    static let columns = [
        Column("NAME", "name"), Column("FULL NAME", "full_name"), Column("EMAIL", "email"), Column("ACTIVE", "active"),
        Column("ADMIN") { $0["system_admin"].bool == true ? "yes" : "" },
        Column("DIRECTORY") { user in
            let link = user["directory"]
            return link.string ?? link["name"].string ?? link["directory"].text
        },
    ]

    static func path(_ name: String, query: [(String, String?)] = []) -> String {
        APIPath.make("v1", "users", name, query: query)
    }

    struct List: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists users.",
            discussion: """
                Examples:
                  portreeve user list --contains smith
                  portreeve user list --no-active --source corp --csv
                  portreeve user list --order newest --limit 10
                """)

        @OptionGroup var filter: FilterOptions

        @Option(help: "name or newest.")
        var order: ListOrder?

        @OptionGroup var list: ListOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let users = try await api.list(
                APIPath.make(
                    "v1", "users", query: [("limit", "1000"), ("order", order?.rawValue)] + filter.query),
                limit: list.most)
            list.show(users, columns, empty: "There is no such user.")
        }
    }

    struct Show: APICommand {
        static let configuration = CommandConfiguration(abstract: "Shows one user; without a name, yourself.")

        @Argument(completion: .users) var name = "me"

        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let more = [
                Column("LOGIN", "login"), Column("DECISION READER", "decision_reader"),
                Column("GONE SINCE") { user in
                    guard let since = user["directory"]["gone_since"].string else { return "" }
                    return since + (user["directory"]["resting"].bool == true ? " (what they have rests)" : "")
                },
                Column("LOGIN REFUSED") { user in
                    let refusal = user["directory"]["login_refused"]
                    return refusal["at"].string.map { "\($0): \(refusal["reason"].text)" } ?? ""
                }, Column("ID", "id"), Column("REVISION", "revision"),
            ]
            let user = try await api.get(path(name))
            output.show(user, columns + more)
            if !output.json { try await showPlace(of: user["name"].text, api) }
        }

        /// What they are in, what they were given, and the tokens they have, as far as one may read it.
        private func showPlace(of name: String, _ api: APIClient) async throws {
            let memberships = try await api.list(APIPath.make("v1", "users", name, "memberships"))
            let teams = memberships.flatMap { membership in
                membership["teams"].items.map { "\(membership["org"].text)/\($0["name"].text) (\($0["role"].text))" }
            }
            let grants = try await api.list(APIPath.make("v1", "users", name, "grants"))
            let tokens = try await readable { try await api.list(APIPath.make("v1", "users", name, "tokens")) }
            output.show(
                .null,
                [
                    Column("ORGANISATIONS") { _ in
                        memberships.map { "\($0["org"].text) (\($0["role"].text))" }.joined(separator: ", ")
                    },
                    Column("TEAMS") { _ in teams.joined(separator: ", ") },
                    Column("GRANTS") { _ in
                        grants.map { "\($0["level"].text) on \(GrantWords.target($0["target"]))" }.joined(
                            separator: ", ")
                    },
                    Column("TOKENS") { _ in
                        tokens.map { token in
                            let used = token["last_used_at"].string.map { "last used \($0)" } ?? "never used"
                            return "\(token["name"].text) (\(used))"
                        }.joined(separator: ", ")
                    },
                ])
        }

        /// Nothing for what the caller may not read.
        private func readable(_ list: () async throws -> [JSONValue]) async throws -> [JSONValue] {
            do {
                return try await list()
            } catch let failure as CommandFailure where failure.status == .refused {
                return []
            }
        }
    }

    struct Delete: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Deletes a user; the name is retired.",
            discussion: """
                Examples:
                  portreeve user delete elton --dry-run
                  portreeve user delete elton --delete-repositories
                """)

        @Argument(completion: .users) var name: String

        @Flag(help: "Also delete the repositories in the user's namespace.")
        var deleteRepositories = false

        @Flag(help: "Also delete what is in the user's private collection.")
        var deleteCollections = false

        @OptionGroup var confirmation: ConfirmationOption
        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            try confirmation.ask("Delete user \(name)", unless: rehearsal)
            let query = [
                ("delete_repositories", deleteRepositories ? "true" : nil),
                ("delete_collections", deleteCollections ? "true" : nil), rehearsal.parameter,
            ]
            let response = try await api.send(APIRequest("DELETE", path(name, query: query)))
            try rehearsal.report("Deleted user \(name)", response, output)
        }
    }
}
