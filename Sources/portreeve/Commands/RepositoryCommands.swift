import ArgumentParser
import StrictJSON
import Wording

struct RepositoryCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repository", abstract: "Repositories of images.",
        subcommands: [
            List.self, Show.self, Tags.self, Catalog.self, Create.self, Update.self, Move.self, Delete.self,
        ], aliases: ["repo"])

    enum Visibility: String, ExpressibleByArgument, CaseIterable { case `private`, `public` }

    /// What both making and changing a repository may set.
    struct Fields: ParsableArguments {
        @Option(help: "private or public.") var visibility: Visibility?
        @Option var description: String?

        var members: [(String, JSONValue?)] {
            [
                ("visibility", visibility.map { .string($0.rawValue) }),
                ("description", description.map(JSONValue.string)),
            ]
        }
    }

    static let columns = [
        Column("REPOSITORY") { "\($0["namespace"].text)/\($0["name"].text)" }, Column("VISIBILITY", "visibility"),
        Column("YOUR LEVEL", "level"), Column("DESCRIPTION", "description"),
    ]

    static func path(_ repository: String, query: [(String, String?)] = []) throws -> String {
        let name = try SlashedName(repository, form: "NAMESPACE/REPOSITORY")
        return APIPath.make("v1", "repositories", name.left, name.right, query: query)
    }

    struct List: APICommand {
        static let configuration = CommandConfiguration(abstract: "Lists the repositories that you may see.")

        @Argument(help: "Only those of this user or organisation.", completion: .accounts)
        var namespace: String?

        @Option(help: ArgumentHelp("Only those with this in their name.", valueName: "text"))
        var contains: String?

        @Option(help: "private or public.")
        var visibility: Visibility?

        @Option(help: "Where you have at least read-only, read-write or admin.")
        var level: GrantCommands.Put.Level?

        @OptionGroup var list: ListOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let query = [
                ("namespace", namespace), ("contains", contains), ("visibility", visibility?.rawValue),
                ("level", level?.rawValue), ("limit", "1000"),
            ]
            let repositories = try await api.list(APIPath.make("v1", "repositories", query: query), limit: list.most)
            list.show(repositories, columns, empty: "There is no repository that you may see.")
        }
    }

    struct Show: APICommand {
        static let configuration = CommandConfiguration(abstract: "Shows one repository.")

        @Argument(help: "NAMESPACE/REPOSITORY", completion: .repositories) var repository: String

        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let more = [
                used("LAST PUSHED", "last_pushed"), used("LAST PULLED", "last_pulled"), Column("ID", "id"),
                Column("REVISION", "revision"),
            ]
            output.show(try await api.get(try path(repository)), columns + more)
        }

        private func used(_ title: String, _ member: String) -> Column {
            Column(title) { repository in
                guard let time = repository["\(member)_at"].string else { return "" }
                return "\(time.prefix(19)) by \(repository["\(member)_by"].text)"
            }
        }
    }

    struct Tags: APICommand {
        static let configuration = CommandConfiguration(abstract: "Lists the tags that the registry told of.")

        @Argument(help: "NAMESPACE/REPOSITORY", completion: .repositories) var repository: String

        @OptionGroup var list: ListOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let name = try SlashedName(repository, form: "NAMESPACE/REPOSITORY")
            let tags = try await api.list(
                APIPath.make("v1", "repositories", name.left, name.right, "tags"), limit: list.most)
            let columns = [
                Column("TAG", "name"), Column("PUSHED") { String($0["pushed_at"].text.prefix(19)) },
                Column("BY", "pushed_by"), Column("DIGEST", "digest"),
            ]
            list.show(tags, columns, empty: "The registry told of no tag in \(repository).")
        }
    }

    struct Catalog: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists what you may pull, a repository a line: what the registry's own catalogue cannot tell.")

        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            var last: String?
            repeat {
                let answer = try await api.get(APIPath.make("v1", "catalog", query: [("n", "1000"), ("last", last)]))
                let paths = answer["repositories"].items.map(\.text)
                Terminal.print(paths)
                last = paths.count == 1_000 ? paths.last : nil
            } while last != nil
        }
    }

    struct Move: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Moves a repository to another name or owner, with what it can keep of its grants.",
            discussion: """
                To another owner go the grants to users; those to teams and service accounts stay behind. Its images \
                stay in the registry under the old name, as no registry renames: copy them.

                Examples:
                  portreeve repository move elton/notes nerd-dinner/notes --dry-run
                  skopeo copy --all docker://R/elton/notes:1 docker://R/nerd-dinner/notes:1
                """)

        @Argument(help: "NAMESPACE/REPOSITORY", completion: .repositories) var repository: String
        @Argument(help: "NAMESPACE/REPOSITORY", completion: .repositories) var target: String

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let name = try SlashedName(target, form: "NAMESPACE/REPOSITORY")
            let body = JSONValue(members: [("namespace", .string(name.left)), ("name", .string(name.right))])
            let path = try path(repository, query: [rehearsal.parameter])
            let response = try await api.send(APIRequest("PATCH", path, body))
            try rehearsal.report("Moved repository \(repository) to \(target)", response, output)
            guard !rehearsal.dryRun, !output.json else { return }
            Terminal.print("Its images stay under \(repository) in the registry: copy them with skopeo copy --all.")
        }
    }

    struct Create: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a repository, private by default.",
            discussion: """
                Example:
                  portreeve repository create nerd-dinner/handlers/save --visibility private
                """)

        @Argument(help: "NAMESPACE/REPOSITORY", completion: .repositories) var repository: String

        @OptionGroup var fields: Fields
        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let name = try SlashedName(repository, form: "NAMESPACE/REPOSITORY")
            let body = JSONValue(
                members: [("namespace", .string(name.left)), ("name", .string(name.right))] + fields.members)
            let path = APIPath.make("v1", "repositories", query: [rehearsal.parameter])
            let response = try await api.send(APIRequest("POST", path, body))
            try rehearsal.report("Created repository \(repository)", response, output)
        }
    }

    struct Update: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Changes a repository; what is not named stays.",
            discussion: """
                Example:
                  portreeve repository update nerd-dinner/site --visibility public
                """)

        @Argument(help: "NAMESPACE/REPOSITORY", completion: .repositories) var repository: String

        @OptionGroup var fields: Fields
        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let body = JSONValue(members: fields.members)
            guard !body.members.isEmpty else {
                throw CommandFailure.input("say what to change: see portreeve repository update --help")
            }
            let response = try await api.send(
                APIRequest("PATCH", try path(repository, query: [rehearsal.parameter]), body))
            try rehearsal.report("Changed repository \(repository)", response, output)
        }
    }

    struct Delete: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Deletes a repository and its grants; the images stay in the registry.")

        @Argument(help: "NAMESPACE/REPOSITORY", completion: .repositories) var repository: String

        @OptionGroup var confirmation: ConfirmationOption
        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            try confirmation.ask("Delete repository \(repository) and its grants", unless: rehearsal)
            let response = try await api.send(APIRequest("DELETE", try path(repository, query: [rehearsal.parameter])))
            try rehearsal.report("Deleted repository \(repository)", response, output)
        }
    }
}
