import ArgumentParser

struct RepositoryCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repository", abstract: "Repositories of images.",
        subcommands: [List.self, Show.self, Create.self, Update.self, Delete.self], aliases: ["repo"])

    enum Visibility: String, ExpressibleByArgument, CaseIterable { case `private`, `public` }

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

        @Argument(help: "Only those of this user or organisation.")
        var namespace: String?

        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let query = [("namespace", namespace), ("limit", "1000")]
            let repositories = try await api.list(APIPath.make("v1", "repositories", query: query))
            output.show(list: repositories, columns, empty: "There is no repository that you may see.")
        }
    }

    struct Show: APICommand {
        static let configuration = CommandConfiguration(abstract: "Shows one repository.")

        @Argument(help: "NAMESPACE/REPOSITORY") var repository: String

        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let more = [Column("ID", "id"), Column("REVISION", "revision")]
            output.show(try await api.get(try path(repository)), columns + more)
        }
    }

    struct Create: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a repository, private by default.",
            discussion: """
                Example:
                  portreeve repository create nerd-dinner/handlers/save-dinner --visibility private
                """)

        @Argument(help: "NAMESPACE/REPOSITORY") var repository: String

        @Option(help: "private or public.") var visibility: Visibility?
        @Option var description: String?

        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let name = try SlashedName(repository, form: "NAMESPACE/REPOSITORY")
            let body: JSONValue = .members([
                ("namespace", .string(name.left)), ("name", .string(name.right)),
                ("visibility", visibility.map { .string($0.rawValue) }),
                ("description", description.map(JSONValue.string)),
            ])
            let response = try await api.send(APIRequest("POST", APIPath.make("v1", "repositories"), body))
            try output.report("Created repository \(repository)", response)
        }
    }

    struct Update: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Changes a repository; what is not named stays.",
            discussion: """
                Example:
                  portreeve repository update nerd-dinner/nerd-dinner-homepage --visibility public
                """)

        @Argument(help: "NAMESPACE/REPOSITORY") var repository: String

        @Option(help: "private or public.") var visibility: Visibility?
        @Option var description: String?

        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let body: JSONValue = .members([
                ("visibility", visibility.map { .string($0.rawValue) }),
                ("description", description.map(JSONValue.string)),
            ])
            guard !body.members.isEmpty else {
                throw CommandFailure.input("say what to change: see portreeve repository update --help")
            }
            let response = try await api.send(APIRequest("PATCH", try path(repository), body))
            try output.report("Changed repository \(repository)", response)
        }
    }

    struct Delete: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Deletes a repository and its grants; the images stay in the registry.")

        @Argument(help: "NAMESPACE/REPOSITORY") var repository: String

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let response = try await api.send(APIRequest("DELETE", try path(repository, query: [rehearsal.parameter])))
            try rehearsal.report("Deleted repository \(repository)", response, output)
        }
    }
}
