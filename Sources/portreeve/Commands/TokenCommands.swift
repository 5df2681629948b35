import ArgumentParser

struct TokenCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Tokens: secrets that stand for a user at a registry or here.",
        subcommands: [List.self, Create.self, Delete.self])

    struct List: APICommand {
        static let configuration = CommandConfiguration(abstract: "Lists a user's tokens, without their secrets.")

        @Argument var user: String

        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let tokens = try await api.list(APIPath.make("v1", "users", user, "tokens"))
            let columns = [
                Column("ID", "id"), Column("NAME", "name"),
                Column("CREATED") { String($0["created_at"].text.prefix(19)) },
                Column("EXPIRES") { $0["expires_at"].string ?? "never" },
            ]
            output.show(list: tokens, columns, empty: "\(user) has no token.")
        }
    }

    struct Create: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a token and shows its secret, this once.",
            discussion: """
                A token cannot make tokens: at a service use --login.

                Examples:
                  portreeve token create elton laptop
                  portreeve token create elton ci --expires-at 2027-01-01T00:00:00Z --json
                """)

        @Argument var user: String

        @Argument(help: "What it is for.")
        var name: String

        @Option(help: ArgumentHelp("When it ends, as 2027-01-01T00:00:00Z; else never.", valueName: "time"))
        var expiresAt: String?

        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let body: JSONValue = .members([("name", .string(name)), ("expires_at", expiresAt.map(JSONValue.string))])
            let response = try await api.send(APIRequest("POST", APIPath.make("v1", "users", user, "tokens"), body))
            try output.report("Created token \(name) of \(user)", response)
            guard !output.json else { return }
            let token = try APIClient.json(response)
            Terminal.print("ID: \(token["id"].text)")
            Terminal.print("Secret, shown this once: \(token["secret"].text)")
        }
    }

    struct Delete: APICommand {
        static let configuration = CommandConfiguration(abstract: "Revokes a token.")

        @Argument var user: String

        @Argument(help: "As token list shows it.")
        var id: String

        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let response = try await api.send(APIRequest("DELETE", APIPath.make("v1", "users", user, "tokens", id)))
            try output.report("Revoked token \(id) of \(user)", response)
        }
    }
}
