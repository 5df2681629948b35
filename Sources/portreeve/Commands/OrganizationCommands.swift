import ArgumentParser
import StrictJSON

struct OrganizationCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "org", abstract: "Organisations: owners of teams and repositories.",
        subcommands: [
            List.self, Show.self, Create.self, Update.self, Delete.self, OrganizationMemberCommands.self,
        ])

    static let columns = [
        Column("NAME", "name"), Column("FULL NAME", "full_name"), Column("CREATE ON PUSH", "create_on_push"),
    ]

    static func path(_ name: String, query: [(String, String?)] = []) -> String {
        APIPath.make("v1", "orgs", name, query: query)
    }

    struct List: APICommand {
        static let configuration = CommandConfiguration(abstract: "Lists all organisations.")

        @Option(help: ArgumentHelp("Only those with this in their name or full name.", valueName: "text"))
        var contains: String?

        @Option(help: "name or newest.")
        var order: ListOrder?

        @OptionGroup var list: ListOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let organizations = try await api.list(
                APIPath.make(
                    "v1", "orgs", query: [("limit", "1000"), ("contains", contains), ("order", order?.rawValue)]),
                limit: list.most)
            list.show(organizations, columns, empty: "There is no organisation yet.")
        }
    }

    struct Show: APICommand {
        static let configuration = CommandConfiguration(abstract: "Shows one organisation.")

        @Argument(completion: .organizations) var name: String

        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let more = [Column("MANAGED BY", "managed_by"), Column("ID", "id"), Column("REVISION", "revision")]
            output.show(try await api.get(path(name)), columns + more)
        }
    }

    struct Create: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes an organisation.",
            discussion: """
                Example:
                  portreeve org create nerd-dinner --full-name "Nerd Dinner"
                """)

        @Argument(completion: .organizations) var name: String

        @Option var fullName: String?

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let body = JSONValue(members: [("name", .string(name)), ("full_name", fullName.map(JSONValue.string))])
            let response = try await api.send(
                APIRequest("POST", APIPath.make("v1", "orgs", query: [rehearsal.parameter]), body))
            try rehearsal.report("Created organisation \(name)", response, output)
        }
    }

    struct Update: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Changes an organisation; what is not named stays.",
            discussion: """
                Example:
                  portreeve org update nerd-dinner --create-on-push
                """)

        @Argument(completion: .organizations) var name: String

        @Option var fullName: String?

        @Flag(inversion: .prefixedNo, help: "A push to a repository that is not there makes it.")
        var createOnPush: Bool?

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let body = JSONValue(members: [
                ("full_name", fullName.map(JSONValue.string)), ("create_on_push", createOnPush.map(JSONValue.bool)),
            ])
            guard !body.members.isEmpty else {
                throw CommandFailure.input("say what to change: see portreeve org update --help")
            }
            let response = try await api.send(
                APIRequest("PATCH", path(name, query: [rehearsal.parameter]), body))
            try rehearsal.report("Changed organisation \(name)", response, output)
        }
    }

    struct Delete: APICommand {
        static let configuration = CommandConfiguration(abstract: "Deletes an organisation; the name is retired.")

        @Argument(completion: .organizations) var name: String

        @Flag(help: "Also delete its repositories.")
        var deleteRepositories = false

        @OptionGroup var confirmation: ConfirmationOption
        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            try confirmation.ask("Delete organisation \(name) with its teams", unless: rehearsal)
            let query = [("delete_repositories", deleteRepositories ? "true" : nil), rehearsal.parameter]
            let response = try await api.send(APIRequest("DELETE", path(name, query: query)))
            try rehearsal.report("Deleted organisation \(name)", response, output)
        }
    }
}
