import ArgumentParser
import StrictJSON
import Wording

struct TokenCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Tokens: secrets that stand for a user or a service account at a registry or here.",
        subcommands: [List.self, Create.self, Rotate.self, Delete.self])

    static let holder: ArgumentHelp = "A user, or a service account as OWNER+NAME."

    /// Where the tokens of a user or a service account are.
    static func path(
        _ holder: String, _ api: APIClient, _ more: String..., query: [(String, String?)] = []
    ) async throws -> String {
        guard holder.contains("+") else { return APIPath.make(["v1", "users", holder, "tokens"] + more, query: query) }
        return try await ServiceAccountPath.of(holder, api, ["tokens"] + more, query: query)
    }

    static func show(_ sentence: String, _ response: APIResponse, _ output: OutputOptions) throws {
        try output.report(sentence, response)
        guard !output.json else { return }
        let token = try APIClient.json(response)
        Terminal.print("ID: \(token["id"].text)")
        Terminal.print("Secret, shown this once: \(token["secret"].text)")
    }

    static func rights(_ token: JSONValue) -> String { token["may"].items.map(\.text).joined(separator: " ") }

    static func limit(_ token: JSONValue) -> String {
        if let service = token["registry_service"].string { return "logging in at \(service)" }
        let scope = token["scope"]
        return scope.isNull
            ? ""
            : [scope["actions"], scope["repositories"]]
                .map { $0.items.map(\.text).joined(separator: ",") }.joined(separator: " ")
    }

    struct List: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists tokens, without their secrets, and logins of docker.")

        @Argument(help: TokenCommands.holder, completion: .principals) var holder: String

        @OptionGroup var list: ListOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let tokens = try await api.list(try await path(holder, api), limit: list.most)
            let columns = [
                Column("ID", "id", whole: true), Column("NAME", "name"),
                Column("CREATED") { String($0["created_at"].text.prefix(10)) },
                Column("EXPIRES", whole: true) { $0["expires_at"].string.map { String($0.prefix(16)) } ?? "never" },
                Column("LAST USED") { token in
                    token["last_used_at"].string.map { "\($0.prefix(16)) from \(token["last_used_address"].text)" }
                        ?? "never"
                },
                Column("MAY", TokenCommands.rights), Column("LIMITED TO", TokenCommands.limit),
            ]
            list.show(tokens, columns, empty: "\(holder) has no token.")
        }
    }

    struct Create: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a token and shows its secret, this once.",
            discussion: """
                A token cannot make tokens: at a service use --login. With --action and --repository it is good for \
                those at a registry, as far as its holder may, and for nothing else.

                With --may rotate it makes the token that takes its place, without a person. With --may \
                manage-tokens:OWNER it manages the tokens of OWNER's service accounts; it is for one of these, and for \
                users who manage them. Tokens made with a token end with it, and may make none.

                Examples:
                  portreeve token create elton laptop
                  portreeve token create nerd-dinner+ci pipeline --expires-at 90d --json
                  portreeve token create nerd-dinner+ci deploys --expires-at 30d --may rotate
                  portreeve token create nerd-dinner+vault v --may manage-tokens:nerd-dinner
                  portreeve token create elton mirror --action pull --repository 'nerd-dinner/*'
                """)

        @Argument(help: TokenCommands.holder, completion: .principals) var holder: String

        @Argument(help: "What it is for.")
        var name: String

        @Option(help: ArgumentHelp("When it ends: \(Ending.forms); else never.", valueName: "end"))
        var expiresAt: String?

        @Option(help: ArgumentHelp("Limit it to pull, push or delete; may be repeated.", valueName: "action"))
        var action: [String] = []

        @Option(
            help: ArgumentHelp(
                "Limit it to these: NAMESPACE/NAME, NAMESPACE/* or *; may be repeated.", valueName: "pattern"))
        var repository: [String] = []

        @Option(
            help: ArgumentHelp(
                "What it may do about tokens: rotate, manage-tokens:OWNER; may be repeated.", valueName: "right"))
        var may: [String] = []

        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            guard action.isEmpty == repository.isEmpty else {
                throw CommandFailure.input("a limit has both: --action and --repository")
            }
            let scope: JSONValue? =
                action.isEmpty
                ? nil
                : JSONValue(members: [
                    ("actions", .array(action.map(JSONValue.string))),
                    ("repositories", .array(repository.map(JSONValue.string))),
                ])
            let body = JSONValue(members: [
                ("name", .string(name)), ("expires_at", try Ending.json(expiresAt)), ("scope", scope),
                ("may", may.isEmpty ? nil : .array(may.map(JSONValue.string))),
            ])
            let response = try await api.send(APIRequest("POST", try await path(holder, api), body))
            try show("Created token \(name) of \(holder)", response, output)
        }
    }

    struct Rotate: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a token in the place of another one, which stays good for a while.",
            discussion: """
                Bring the new secret everywhere before the overlap is over. Without a holder and an ID the token that the \
                command is given takes its own place, if it was made with --may rotate.

                Examples:
                  portreeve token rotate nerd-dinner+ci 01J… --overlap 3600
                  portreeve token rotate --json
                """)

        @Argument(help: TokenCommands.holder, completion: .principals) var holder: String?

        @Argument(help: "As token list shows it.")
        var id: String?

        @Option(help: ArgumentHelp("How long the old one stays good; a day without it.", valueName: "seconds"))
        var overlap: Int?

        @Option(
            help: ArgumentHelp(
                "When the new one ends; without it after as long as the old one was made for.", valueName: "time"))
        var expiresAt: String?

        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let body = JSONValue(members: [
                ("overlap", overlap.map { .number(String($0)) }), ("expires_at", try Ending.json(expiresAt)),
            ])
            switch (holder, id) {
            case (let holder?, let id?):
                let response = try await api.send(APIRequest("POST", try await path(holder, api, id, "rotate"), body))
                try show("Rotated token \(id) of \(holder)", response, output)
            case (nil, _):
                let path = APIPath.make("v1", "tokens", "current", "rotate")
                try show("Rotated the token", try await api.send(APIRequest("POST", path, body)), output)
            default:
                throw CommandFailure.input("say which token: see portreeve token list \(holder ?? "")")
            }
        }
    }

    struct Delete: APICommand {
        static let configuration = CommandConfiguration(abstract: "Revokes a token, or ends a login of docker.")

        @Argument(help: TokenCommands.holder, completion: .principals) var holder: String

        @Argument(help: "As token list shows it.")
        var id: String

        @OptionGroup var confirmation: ConfirmationOption
        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            try confirmation.ask("Revoke token \(id) of \(holder)", unless: rehearsal, canBeUndone: true)
            let path = try await path(holder, api, id, query: [rehearsal.parameter])
            let response = try await api.send(APIRequest("DELETE", path))
            try rehearsal.report("Revoked token \(id) of \(holder)", response, output)
        }
    }
}
