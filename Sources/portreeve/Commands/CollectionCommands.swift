import AccessModel
import ArgumentParser
import StrictJSON
import Wording

struct CollectionCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collection", abstract: "Places for what runs: a tree with / on top.",
        subcommands: [List.self, Tree.self, Show.self, Create.self, Move.self, Delete.self])

    static let columns = [
        Column("COLLECTION", "path"), Column("OWNER") { $0["owner"].string ?? "" },
        Column("BUILT IN") { $0["built_in"].bool == true ? "yes" : "no" },
    ]

    struct List: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the collections that you may see.",
            discussion: """
                Everybody has a private collection, /Shared/Private/NAME, which is listed once something was made in it.

                Example:
                  portreeve collection list --under /prod
                """)

        @Option(help: ArgumentHelp("From this one down.", valueName: "path"), completion: .collections) var under:
            String?
        @Option(help: ArgumentHelp("So many levels below it.", valueName: "number")) var depth: Int?

        @OptionGroup var list: ListOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let query = [("under", under), ("depth", depth.map(String.init))]
            let found = try await api.list(APIPath.make("v1", "collections", query: query), limit: list.most)
            list.show(found, columns, empty: "There is no collection that you may see.")
        }
    }

    struct Tree: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Draws the collections that you may see.",
            discussion: """
                Example:
                  portreeve collection tree /prod
                """)

        @Argument(help: "From this one down.", completion: .collections) var path = "/"

        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let found = try await api.list(APIPath.make("v1", "collections", query: [("under", path)]))
            let top = Self.depth(path)
            for collection in found {
                let text = collection["path"].text
                let level = Self.depth(text) - top
                let name = level <= 0 ? text : collection["name"].text
                Terminal.print(String(repeating: "  ", count: max(0, level)) + name.withoutControls)
            }
        }

        private static func depth(_ path: String) -> Int { path.split(separator: "/").count }
    }

    struct Show: APICommand {
        static let configuration = CommandConfiguration(abstract: "Shows one collection.")

        @Argument(help: "A path, as /prod/web.", completion: .collections) var path: String

        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            output.show(
                try await api.get(APIPath.make("v1", "collections", path)),
                columns + [Column("ID", "id"), Column("REVISION", "revision")])
        }
    }

    struct Create: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes collections below ones that are there.",
            discussion: """
                Example:
                  portreeve collection create /prod,/prod/web
                """)

        @Argument(help: "A path, as /prod/web; several with commas between.") var path: String

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            try await forEach(of: path.severalNames) { path in
                let request = APIRequest(
                    "POST", APIPath.make("v1", "collections", query: [rehearsal.parameter]), ["path": .string(path)])
                try rehearsal.report("Created collection \(path)", try await api.send(request), output)
            }
        }
    }

    struct Move: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Renames or moves a collection, which keeps its grants.",
            discussion: """
                Examples:
                  portreeve collection move /prod/web /prod/site
                  portreeve collection move /dev/web /prod/web --dry-run
                """)

        @Argument(help: "Where it is.", completion: .collections) var path: String
        @Argument(help: "Where it is to be; the one above that is there.", completion: .collections) var target: String

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let new: CollectionPath
            do throws(NameError) { new = try CollectionPath(target) } catch {
                throw CommandFailure.input(error.description)
            }
            guard let name = new.components.last, let parent = new.parent else {
                throw CommandFailure.input("/ is there already")
            }
            let body: JSONValue = ["name": .string(name.rawValue), "parent": .string(parent.description)]
            let request = APIRequest(
                "PATCH", APIPath.make("v1", "collections", path, query: [rehearsal.parameter]), body)
            try rehearsal.report("\(path) is \(target) now", try await api.send(request), output)
        }
    }

    struct Delete: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Deletes a collection.",
            discussion: """
                Example:
                  portreeve collection delete /prod/web --recursive --dry-run
                """)

        @Argument(help: "A path, as /prod/web.", completion: .collections) var path: String
        @Flag(help: "With everything in it and below it.") var recursive = false

        @OptionGroup var confirmation: ConfirmationOption
        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            try confirmation.ask("Delete \(path)\(recursive ? " and everything below it" : "")", unless: rehearsal)
            let query = [rehearsal.parameter, ("recursive", recursive ? "true" : nil)]
            let request = APIRequest("DELETE", APIPath.make("v1", "collections", path, query: query))
            try rehearsal.report("Deleted collection \(path)", try await api.send(request), output)
        }
    }
}

struct ControlGrantCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "control-grant", abstract: "Who has which role on which collection.",
        subcommands: [List.self, Put.self, Delete.self])

    struct List: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists who has which role where.",
            discussion: """
                Examples:
                  portreeve control-grant list --on /prod --inherited
                  portreeve control-grant list --of user:elton --effective
                  portreeve control-grant list --role "Full Control" --csv
                """)

        @Option(help: ArgumentHelp("On this collection.", valueName: "path"), completion: .collections) var on: String?
        @Flag(help: "With --on, also those on the collections above it.") var inherited = false
        @Option(
            help: ArgumentHelp("What user:NAME, team:ORG/TEAM, org:NAME, … or everyone has.", valueName: "subject"))
        var of: String?
        @Flag(help: "With --of somebody, also what their teams and organisations have, and everyone.") var effective =
            false
        @Option(help: ArgumentHelp("Of this role.", valueName: "role"), completion: .roles) var role: String?

        @OptionGroup var list: ListOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func validate() throws {
            if inherited, on == nil || of != nil || role != nil {
                throw ValidationError("--inherited is about --on alone")
            }
            if effective, of == nil { throw ValidationError("--effective is about --of somebody") }
        }

        func run(with api: APIClient) async throws {
            let query = [
                ("collection", on), ("subject", of), ("role", role), ("effective", effective ? "true" : nil),
            ]
            let path =
                inherited
                ? APIPath.make("v1", "collections", on ?? "/", "grants", query: [("inherited", "true")])
                : APIPath.make("v1", "control-grants", query: query)
            list.show(
                try await api.list(path, limit: list.most), ControlGrantWords.columns, empty: "Nothing is given there.")
        }
    }

    struct Put: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Gives a role on a collection and all below it, or changes when that ends.",
            discussion: """
                Examples:
                  portreeve control-grant put team:nerd-dinner/ops Deployer /prod
                  portreeve control-grant put everyone "View Only" /dev
                  portreeve control-grant put user:elton Deployer /prod --expires-at 14d
                """)

        @Argument(
            help:
                "user:NAME, team:ORG/TEAM, org:NAME, service-account:OWNER+NAME or everyone; several with commas between."
        )
        var subject: String
        @Argument(help: "A role.", completion: .roles) var role: String
        @Argument(help: "A path, as /prod; several with commas between.", completion: .collections) var collection:
            String
        @Option(help: ArgumentHelp("When it ends: \(Ending.forms), or never; else as it is.", valueName: "end"))
        var expiresAt: String?

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let body = JSONValue(members: [("expires_at", try Ending.json(expiresAt))])
            try await forEach(of: ControlGrantWords.pairs(subject, collection)) { subject, collection in
                let path = ControlGrantWords.path(subject, role, collection, [rehearsal.parameter])
                let response = try await api.send(APIRequest("PUT", path, body))
                let end = try APIClient.json(response)["expires_at"].string.map { " until \($0)" } ?? ""
                try rehearsal.report("\(subject) has \(role) on \(collection)\(end)", response, output)
            }
        }
    }

    struct Delete: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes a role back.",
            discussion: """
                Example:
                  portreeve control-grant delete user:elton Deployer /prod/web --dry-run
                """)

        @Argument(help: "As of control-grant put.") var subject: String
        @Argument(help: "A role.", completion: .roles) var role: String
        @Argument(help: "A path, as /prod; several with commas between.", completion: .collections) var collection:
            String

        @OptionGroup var confirmation: ConfirmationOption
        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            try confirmation.ask("Take \(role) on \(collection) from \(subject)", unless: rehearsal, canBeUndone: true)
            try await forEach(of: ControlGrantWords.pairs(subject, collection)) { subject, collection in
                let path = ControlGrantWords.path(subject, role, collection, [rehearsal.parameter])
                let response = try await api.send(APIRequest("DELETE", path))
                try rehearsal.report("Took \(role) on \(collection) from \(subject)", response, output)
            }
        }
    }
}

/// Control grants in paths and in tables.
enum ControlGrantWords {
    static let columns = [
        Column("COLLECTION", "collection"), Column("SUBJECT") { subject($0["subject"]) }, Column("ROLE", "role"),
        Column("EXPIRES") { $0["expires_at"].string ?? "never" },
    ]

    static func subject(_ subject: JSONValue) -> String {
        switch subject["type"].string {
        case "org": "org:\(subject["name"].text)"
        case "everyone": "everyone"
        default: GrantWords.subject(subject)
        }
    }

    static func pairs(_ subjects: String, _ collections: String) throws(CommandFailure) -> [(String, String)] {
        let pairs = subjects.severalNames.flatMap { subject in collections.severalNames.map { (subject, $0) } }
        guard !pairs.isEmpty else { throw .input("name a subject and a collection") }
        return pairs
    }

    static func path(
        _ subject: String, _ role: String, _ collection: String, _ query: [(String, String?)]
    ) -> String {
        APIPath.make("v1", "collections", collection, "grants", subject, role, query: query)
    }
}
