import ArgumentParser
import StrictJSON
import Wording

struct RoleCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role", abstract: "Named sets of operations of the control plane.",
        subcommands: [List.self, Show.self, Create.self, Update.self, Delete.self, Operations.self])

    static let columns = [
        Column("ROLE", "name"), Column("OPERATIONS") { String($0["operations"].items.count) },
        Column("BUILT IN") { $0["built_in"].bool == true ? "yes" : "no" }, Column("DESCRIPTION", "description"),
    ]

    struct List: APICommand {
        static let configuration = CommandConfiguration(abstract: "Lists all roles.")

        @OptionGroup var list: ListOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            list.show(
                try await api.list(APIPath.make("v1", "roles"), limit: list.most), columns, empty: "There is no role.")
        }
    }

    struct Show: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows one role and its operations.",
            discussion: """
                Example:
                  portreeve role show "Restricted Control"
                """)

        @Argument(help: "A role.", completion: .roles) var role: String

        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let role = try await api.get(APIPath.make("v1", "roles", role))
            output.show(role, columns + [Column("ID", "id"), Column("REVISION", "revision")])
            if !output.json { Terminal.print(role["operations"].items.map { "  \($0.text.withoutControls)" }) }
        }
    }

    struct Operations: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists what can be done at an engine, and with collections and images.",
            discussion: """
                A role may also have those of Kubernetes, as "get pods" or "* *.apps", and x-TYPE.VERB for what others ask.

                Example:
                  portreeve role operations
                """)

        @OptionGroup var list: ListOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let columns = [
                Column("OPERATION", "name"), Column("DANGEROUS") { $0["dangerous"].bool == true ? "yes" : "no" },
                Column("IT LETS SOMEBODY", "description"),
            ]
            list.show(try await api.list(APIPath.make("v1", "operations"), limit: list.most), columns, empty: "")
        }
    }

    struct Create: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a role.",
            discussion: """
                Example:
                  portreeve role create Deployer "get pods" container.create
                """)

        @Argument(help: "What it is called.") var role: String
        @Argument(help: "What it lets somebody do: portreeve role operations lists those of an engine.")
        var operations: [String] = []
        @Option var description: String?

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let body = JSONValue(members: [
                ("name", .string(role)), ("description", description.map(JSONValue.string)),
                ("operations", .array(operations.map(JSONValue.string))),
            ])
            let path = APIPath.make("v1", "roles", query: [rehearsal.parameter])
            try rehearsal.report("Created role \(role)", try await api.send(APIRequest("POST", path, body)), output)
        }
    }

    struct Update: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Changes a role, at once for everybody who has it; what is not named stays.",
            discussion: """
                Examples:
                  portreeve role update Deployer --add container.logs --dry-run
                  portreeve role update Deployer --remove "get pods" --name Rollout
                """)

        @Argument(help: "A role.", completion: .roles) var role: String
        @Option(help: "What it is called from now on.") var name: String?
        @Option var description: String?
        @Option(help: ArgumentHelp("An operation more; may be repeated.", valueName: "operation")) var add: [String] =
            []
        @Option(help: ArgumentHelp("One that it has no longer; may be repeated.", valueName: "operation"))
        var remove: [String] = []

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            func list(_ operations: [String]) -> JSONValue? {
                operations.isEmpty ? nil : .array(operations.map(JSONValue.string))
            }
            let body = JSONValue(members: [
                ("name", name.map(JSONValue.string)), ("description", description.map(JSONValue.string)),
                ("add", list(add)), ("remove", list(remove)),
            ])
            guard !body.members.isEmpty else {
                throw CommandFailure.input("say what to change: see portreeve role update --help")
            }
            let path = APIPath.make("v1", "roles", role, query: [rehearsal.parameter])
            try rehearsal.report("Changed role \(role)", try await api.send(APIRequest("PATCH", path, body)), output)
        }
    }

    struct Delete: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Deletes a role that nobody has.",
            discussion: """
                Example:
                  portreeve role delete Deployer --replace-with "View Only" --dry-run
                """)

        @Argument(help: "A role.", completion: .roles) var role: String
        @Option(help: ArgumentHelp("What those get instead who have it.", valueName: "role"), completion: .roles)
        var replaceWith: String?

        @OptionGroup var confirmation: ConfirmationOption
        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            try confirmation.ask("Delete role \(role)", unless: rehearsal, canBeUndone: true)
            let query = [rehearsal.parameter, ("replace_with", replaceWith)]
            let path = APIPath.make("v1", "roles", role, query: query)
            try rehearsal.report("Deleted role \(role)", try await api.send(APIRequest("DELETE", path)), output)
        }
    }
}

struct ControlPlaneCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "control-plane", abstract: "What holds for the whole control plane.",
        subcommands: [Show.self, Update.self])

    struct Show: APICommand {
        static let configuration = CommandConfiguration(abstract: "Shows what holds for the whole control plane.")

        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            output.show(
                try await api.get(APIPath.make("v1", "control-plane")), [Column("ROLE IN ONE'S OWN", "default_role")])
        }
    }

    struct Update: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Changes what everybody has in their own private collection.",
            discussion: """
                Example:
                  portreeve control-plane update --default-role "View Only"
                """)

        @Option(help: ArgumentHelp("The role.", valueName: "role"), completion: .roles) var defaultRole: String

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let path = APIPath.make("v1", "control-plane", query: [rehearsal.parameter])
            let response = try await api.send(APIRequest("PATCH", path, ["default_role": .string(defaultRole)]))
            try rehearsal.report("Everybody has \(defaultRole) in their own collection", response, output)
        }
    }
}
