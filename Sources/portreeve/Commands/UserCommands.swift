import ArgumentParser
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
        static let configuration = CommandConfiguration(abstract: "Lists all users.")

        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let users = try await api.list(APIPath.make("v1", "users", query: [("limit", "1000")]))
            output.show(list: users, columns, empty: "There is no user yet: portreeve init makes the first.")
        }
    }

    struct Show: APICommand {
        static let configuration = CommandConfiguration(abstract: "Shows one user; without a name, yourself.")

        @Argument var name = "me"

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
            output.show(try await api.get(path(name)), columns + more)
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

        @Argument var name: String

        @Flag(help: "Also delete the repositories in the user's namespace.")
        var deleteRepositories = false

        @OptionGroup var confirmation: ConfirmationOption
        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            try confirmation.ask("Delete user \(name)", unless: rehearsal)
            let query = [("delete_repositories", deleteRepositories ? "true" : nil), rehearsal.parameter]
            let response = try await api.send(APIRequest("DELETE", path(name, query: query)))
            try rehearsal.report("Deleted user \(name)", response, output)
        }
    }
}
