import ArgumentParser
import StrictJSON

struct ServiceAccountCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service-account", abstract: "Robots: they log in with a token, as OWNER+NAME.",
        subcommands: [List.self, Show.self, Create.self, Update.self, Delete.self], aliases: ["robot"])

    static let columns = [
        Column("SERVICE ACCOUNT", "login"), Column("WORKING") { $0["working"].bool == true ? "yes" : "no" },
        Column("EXPIRES") { $0["expires_at"].string ?? "never" }, Column("DESCRIPTION", "description"),
    ]

    struct List: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the service accounts of an organisation or a user.")

        @Argument(help: "A user or an organisation.", completion: .accounts) var owner: String

        @OptionGroup var list: ListOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let found = try await api.list(try await ServiceAccountPath.ofAll(owner, api), limit: list.most)
            list.show(found, columns, empty: "\(owner) has no service account.")
        }
    }

    struct Show: APICommand {
        static let configuration = CommandConfiguration(abstract: "Shows one service account.")

        @Argument(help: "OWNER+NAME", completion: .serviceAccounts) var account: String

        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let more = [
                Column("ACTIVE", "active"), Column("DECISION READER", "decision_reader"), Column("ID", "id"),
                Column("REVISION", "revision"),
            ]
            output.show(try await api.get(try await ServiceAccountPath.of(account, api)), columns + more)
        }
    }

    /// What both making and changing a service account may set.
    struct Fields: ParsableArguments {
        @Option var description: String?
        @Option(help: ArgumentHelp("When it ends: \(Ending.forms); or never.", valueName: "end"))
        var expiresAt: String?
        @Flag(inversion: .prefixedNo, help: "One that is not active has nothing until it is.")
        var active: Bool?
        @Flag(
            inversion: .prefixedNo,
            help: "May ask about everybody's access: for a registry. Only system administrators say so.")
        var decisionReader: Bool?

        func members() throws -> [(String, JSONValue?)] {
            [
                ("description", description.map(JSONValue.string)), ("active", active.map(JSONValue.bool)),
                ("expires_at", try Ending.json(expiresAt)),
                ("decision_reader", decisionReader.map(JSONValue.bool)),
            ]
        }
    }

    struct Create: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a service account.",
            discussion: """
                It has nothing until it is granted something, and logs in with a token. At a service a token is made \
                with a password (--login).

                Example:
                  portreeve service-account create nerd-dinner+ci --description "builds it"
                  portreeve grant put nerd-dinner+ci nerd-dinner/web read-write
                  portreeve token create nerd-dinner+ci pipeline
                """)

        @Argument(help: "OWNER+NAME", completion: .serviceAccounts) var account: String

        @OptionGroup var fields: Fields
        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let name = try ServiceAccountPath.parts(account)
            let body = JSONValue(members: try [("name", .string(name.name))] + fields.members())
            let path = try await ServiceAccountPath.ofAll(name.owner, api, query: [rehearsal.parameter])
            let response = try await api.send(APIRequest("POST", path, body))
            try rehearsal.report("Created service account \(account)", response, output)
        }
    }

    struct Update: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Changes a service account, or hands it over; what is not named stays.",
            discussion: """
                With another owner it keeps its tokens, and loses what the old owner granted. One that becomes a \
                decision reader loses its tokens: its owner knows them.

                Examples:
                  portreeve service-account update nerd-dinner+ci --no-active
                  portreeve service-account update nerd-dinner+ci --expires-at 2026-12-31
                  portreeve service-account update elton+ci --owner nerd-dinner --dry-run
                """)

        @Argument(help: "OWNER+NAME", completion: .serviceAccounts) var account: String

        @OptionGroup var fields: Fields
        @Option(help: "Hand it over to this user or organisation.") var owner: String?

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let body = JSONValue(members: try fields.members() + [("owner", owner.map(JSONValue.string))])
            guard !body.members.isEmpty else {
                throw CommandFailure.input("say what to change: see portreeve service-account update --help")
            }
            let path = try await ServiceAccountPath.of(account, api, query: [rehearsal.parameter])
            let response = try await api.send(APIRequest("PATCH", path, body))
            let revoked = fields.decisionReader == true ? "; the tokens that it had are revoked" : ""
            try rehearsal.report("Changed service account \(account)\(revoked)", response, output)
        }
    }

    struct Delete: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Deletes a service account with its grants and tokens.")

        @Argument(help: "OWNER+NAME", completion: .serviceAccounts) var account: String

        @OptionGroup var confirmation: ConfirmationOption
        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            try confirmation.ask("Delete service account \(account) with its grants and tokens", unless: rehearsal)
            let path = try await ServiceAccountPath.of(account, api, query: [rehearsal.parameter])
            let response = try await api.send(APIRequest("DELETE", path))
            try rehearsal.report("Deleted service account \(account)", response, output)
        }
    }
}

/// Where the API has a service account: below an organisation or a user, which its name does not tell.
enum ServiceAccountPath {
    static func parts(_ account: String) throws -> (owner: String, name: String) {
        if account.hasPrefix("id:") { return ("-", account) }
        let parts = account.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw CommandFailure.input("\"\(account)\" is not of the form OWNER+NAME")
        }
        return (parts[0], parts[1])
    }

    static func ofAll(
        _ owner: String, _ api: APIClient, query: [(String, String?)] = []
    ) async throws -> String {
        APIPath.make("v1", try await kind(of: [owner], api), owner, "service-accounts", query: query)
    }

    static func of(
        _ account: String, _ api: APIClient, _ more: [String] = [], query: [(String, String?)] = []
    ) async throws -> String {
        let (owner, name) = try parts(account)
        let asked = owner == "-" ? [owner, "service-accounts", name] : [owner]
        let segments = ["v1", try await kind(of: asked, api), owner, "service-accounts", name] + more
        return APIPath.make(segments, query: query)
    }

    /// - Parameter asked: an owner, or a service account of an owner that is not known.
    private static func kind(of asked: [String], _ api: APIClient) async throws -> String {
        let response = try await api.transport.send(APIRequest("GET", APIPath.make(["v1", "orgs"] + asked)))
        return response.status == 404 ? "users" : "orgs"
    }
}
