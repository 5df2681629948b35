import ArgumentParser
import StrictJSON
import Wording

/// What a cluster and an engine have in common.
enum SiteWords {
    static let columns = [
        Column("NAME", "name"), Column("COLLECTION", "collection"), Column("AGENT") { $0["agent"].string ?? "none" },
    ]

    struct Fields: ParsableArguments {
        @Option(
            help: ArgumentHelp("Where what it runs is that is nowhere else.", valueName: "path"),
            completion: .collections)
        var collection: String?
        @Option(
            help: ArgumentHelp("The service account that may ask for it; none for nobody.", valueName: "owner+name"),
            completion: .serviceAccounts)
        var agent: String?

        var members: [(String, JSONValue?)] {
            [
                ("collection", collection.map(JSONValue.string)),
                ("agent", agent.map { $0 == "none" ? .null : .string($0) }),
            ]
        }
    }
}

protocol SiteKind {
    /// Of the path.
    static var plural: String { get }
    static var word: String { get }
    static var isIt: String { get }
}

enum ClusterKind: SiteKind {
    static let plural = "clusters"
    static let word = "cluster"
    static let isIt = "A Kubernetes cluster"
}

enum EngineKind: SiteKind {
    static let plural = "engines"
    static let word = "engine"
    static let isIt = "A Docker Engine"
}

typealias ClusterCommands = SiteCommands<ClusterKind>
typealias EngineCommands = SiteCommands<EngineKind>

struct SiteCommands<Kind: SiteKind>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Kind.word, abstract: "\(Kind.isIt) that asks here: where it is, and who asks for it.",
            subcommands: [List.self, Show.self, Create.self, Update.self, Delete.self])
    }

    struct List: APICommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(commandName: "list", abstract: "Lists the \(Kind.plural) that you may see.")
        }

        @OptionGroup var list: ListOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let found = try await api.list(APIPath.make("v1", Kind.plural), limit: list.most)
            list.show(found, SiteWords.columns, empty: "There is no \(Kind.word) that you may see.")
        }
    }

    struct Show: APICommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(commandName: "show", abstract: "Shows one.")
        }

        @Argument(help: "What it is called.") var name: String

        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            output.show(
                try await api.get(APIPath.make("v1", Kind.plural, name)),
                SiteWords.columns + [Column("ID", "id"), Column("REVISION", "revision")])
        }
    }

    struct Create: APICommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "create", abstract: "Makes one known.",
                discussion: """
                    Example:
                      portreeve \(Kind.word) create eu --collection /prod --agent infra+eu
                    """)
        }

        @Argument(help: "What it is called.") var name: String
        @OptionGroup var fields: SiteWords.Fields

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let body = JSONValue(members: [("name", .string(name))] + fields.members)
            let path = APIPath.make("v1", Kind.plural, query: [rehearsal.parameter])
            let response = try await api.send(APIRequest("POST", path, body))
            try rehearsal.report("Created \(Kind.word) \(name)", response, output)
        }
    }

    struct Update: APICommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "update", abstract: "Changes one; what is not named stays.",
                discussion: """
                    Example:
                      portreeve \(Kind.word) update eu --collection /prod/eu --dry-run
                    """)
        }

        @Argument(help: "What it is called.") var name: String
        @Option(help: ArgumentHelp("What it is called from now on.", valueName: "name")) var newName: String?
        @OptionGroup var fields: SiteWords.Fields

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let body = JSONValue(members: [("name", newName.map(JSONValue.string))] + fields.members)
            guard !body.members.isEmpty else {
                throw CommandFailure.input("say what to change: see portreeve \(Kind.word) update --help")
            }
            let path = APIPath.make("v1", Kind.plural, name, query: [rehearsal.parameter])
            let response = try await api.send(APIRequest("PATCH", path, body))
            try rehearsal.report("Changed \(Kind.word) \(name)", response, output)
        }
    }

    struct Delete: APICommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(commandName: "delete", abstract: "Forgets one, with what is placed there.")
        }

        @Argument(help: "What it is called.") var name: String

        @OptionGroup var confirmation: ConfirmationOption
        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            try confirmation.ask("Forget \(Kind.word) \(name)", unless: rehearsal)
            let path = APIPath.make("v1", Kind.plural, name, query: [rehearsal.parameter])
            let response = try await api.send(APIRequest("DELETE", path))
            try rehearsal.report("Deleted \(Kind.word) \(name)", response, output)
        }
    }
}

struct PlacementCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "placement", abstract: "That a namespace or something else is in a collection.",
        subcommands: [List.self, Put.self, Delete.self])

    struct List: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists what was placed in a collection.",
            discussion: """
                Example:
                  portreeve placement list /prod/shop
                """)

        @Argument(help: "A path, as /prod.", completion: .collections) var collection: String

        @OptionGroup var list: ListOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let path = APIPath.make("v1", "placements", query: [("collection", collection)])
            let columns = [Column("TYPE", "type"), Column("RESOURCE", "id"), Column("COLLECTION", "collection")]
            list.show(
                try await api.list(path, limit: list.most), columns, empty: "Nothing was placed in \(collection).")
        }
    }

    struct Put: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Places something in a collection.",
            discussion: """
                Examples:
                  portreeve placement put namespace eu/shop /prod/shop
                  portreeve placement put record record-1 /prod
                """)

        @Argument(help: "namespace, a type of an engine as container, or one of others.") var type: String
        @Argument(help: "CLUSTER/NAMESPACE, ENGINE/ID, or what others call it.") var id: String
        @Argument(help: "A path, as /prod.", completion: .collections) var collection: String

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let path = APIPath.make("v1", "placements", type, id, query: [rehearsal.parameter])
            let response = try await api.send(APIRequest("PUT", path, ["collection": .string(collection)]))
            try rehearsal.report("\(type) \(id) is in \(collection)", response, output)
        }
    }

    struct Delete: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes something out of the collection that it was placed in.")

        @Argument(help: "As of placement put.") var type: String
        @Argument(help: "As of placement put.") var id: String

        @OptionGroup var confirmation: ConfirmationOption
        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            try confirmation.ask("Take \(type) \(id) out of its collection", unless: rehearsal, canBeUndone: true)
            let path = APIPath.make("v1", "placements", type, id, query: [rehearsal.parameter])
            let response = try await api.send(APIRequest("DELETE", path))
            try rehearsal.report("Took \(type) \(id) out of its collection", response, output)
        }
    }
}
