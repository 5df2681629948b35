import ArgumentParser
import StrictJSON

struct TeamCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "team", abstract: "Teams of an organisation, which access is granted to.",
        subcommands: [
            List.self, Show.self, Create.self, Update.self, Delete.self, MemberCommands.self,
        ])

    static let columns = [Column("NAME", "name"), Column("PARENT", "parent"), Column("DESCRIPTION", "description")]

    /// The name of a team of the same organisation, with or without that in front.
    static func name(of other: String, beside team: String) throws -> String {
        guard other.contains("/") else { return other }
        let (one, own) = (try SlashedName(other, form: "ORG/TEAM"), try SlashedName(team, form: "ORG/TEAM"))
        guard one.left == own.left else {
            throw CommandFailure.input("\(other) is of another organisation than \(team)")
        }
        return one.right
    }

    /// Of the team or, with more components, of what is below it.
    static func path(_ team: String, query: [(String, String?)] = []) throws -> String {
        let name = try SlashedName(team, form: "ORG/TEAM")
        return APIPath.make("v1", "orgs", name.left, "teams", name.right, query: query)
    }

    struct List: APICommand {
        static let configuration = CommandConfiguration(abstract: "Lists an organisation's teams.")

        @Argument(help: ArgumentHelp(valueName: "org"), completion: .organizations) var organization: String

        @Option(help: ArgumentHelp("Only those with this in their name or description.", valueName: "text"))
        var contains: String?

        @OptionGroup var list: ListOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let teams = try await api.list(
                APIPath.make("v1", "orgs", organization, "teams", query: [("limit", "1000"), ("contains", contains)]),
                limit: list.most)
            list.show(teams, columns, empty: "\(organization) has no teams.")
        }
    }

    struct Show: APICommand {
        static let configuration = CommandConfiguration(abstract: "Shows one team.")

        @Argument(help: "ORG/TEAM", completion: .teams) var team: String

        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let more = [
                Column("ORGANISATION", "org"), Column("MANAGED BY", "managed_by"), Column("ID", "id"),
                Column("REVISION", "revision"),
            ]
            output.show(try await api.get(try path(team)), columns + more)
        }
    }

    struct Create: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a team.",
            discussion: """
                Example:
                  portreeve team create nerd-dinner/ops --parent engineering
                """)

        @Argument(help: "ORG/TEAM", completion: .teams) var team: String

        @Option var description: String?

        @Option(
            help: ArgumentHelp("A team of the same organisation; members also have what it has.", valueName: "team"))
        var parent: String?

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let name = try SlashedName(team, form: "ORG/TEAM")
            let body = JSONValue(members: [
                ("name", .string(name.right)), ("description", description.map(JSONValue.string)),
                ("parent", try parent.map { .string(try TeamCommands.name(of: $0, beside: team)) }),
            ])
            let path = APIPath.make("v1", "orgs", name.left, "teams", query: [rehearsal.parameter])
            let response = try await api.send(APIRequest("POST", path, body))
            try rehearsal.report("Created team \(team)", response, output)
        }
    }

    struct Update: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Changes a team; what is not named stays.",
            discussion: """
                Example:
                  portreeve team update nerd-dinner/ops --name operations --no-parent
                """)

        @Argument(help: "ORG/TEAM", completion: .teams) var team: String

        @Option(help: "Another name.")
        var name: String?

        @Option var description: String?

        @Option(help: ArgumentHelp("Another parent.", valueName: "team"))
        var parent: String?

        @Flag(help: "Have no parent.")
        var noParent = false

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func validate() throws {
            if noParent, parent != nil { throw ValidationError("give --parent or --no-parent, not both") }
        }

        func run(with api: APIClient) async throws {
            let body = JSONValue(members: [
                ("name", name.map(JSONValue.string)), ("description", description.map(JSONValue.string)),
                ("parent", noParent ? .null : try parent.map { .string(try TeamCommands.name(of: $0, beside: team)) }),
            ])
            guard !body.members.isEmpty else {
                throw CommandFailure.input("say what to change: see portreeve team update --help")
            }
            let response = try await api.send(
                APIRequest("PATCH", try path(team, query: [rehearsal.parameter]), body))
            try rehearsal.report("Changed team \(team)", response, output)
        }
    }

    struct Delete: APICommand {
        static let configuration = CommandConfiguration(abstract: "Deletes a team; teams below it move up.")

        @Argument(help: "ORG/TEAM", completion: .teams) var team: String

        @OptionGroup var confirmation: ConfirmationOption
        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            try confirmation.ask("Delete team \(team)", unless: rehearsal)
            let response = try await api.send(APIRequest("DELETE", try path(team, query: [rehearsal.parameter])))
            try rehearsal.report("Deleted team \(team)", response, output)
        }
    }
}
