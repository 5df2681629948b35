import ArgumentParser
import StrictJSON
import Wording

struct NamespaceCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "namespace", abstract: "How repositories of a user or an organisation begin.",
        subcommands: [Show.self, Update.self])

    enum Switch: String, ExpressibleByArgument, CaseIterable { case on, off }

    static let columns = [
        Column("NAMESPACE", "name"), Column("CREATE ON PUSH") { $0["create_on_push"].bool == true ? "on" : "off" },
        Column("DEFAULT VISIBILITY", "default_visibility"),
        Column("DEFAULT GRANTS") { namespace in
            let grants = namespace["default_grants"].items
                .map { "\(GrantWords.subject($0["subject"]))=\($0["level"].text)" }
            return grants.isEmpty ? "none" : grants.joined(separator: " ")
        },
    ]

    struct Show: APICommand {
        static let configuration = CommandConfiguration(abstract: "Shows how repositories of a namespace begin.")

        @Argument(help: "A user or an organisation.", completion: .accounts) var namespace: String

        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            output.show(try await api.get(APIPath.make("v1", "namespaces", namespace)), columns)
        }
    }

    struct Update: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Changes how repositories of a namespace begin; what is not named stays.",
            discussion: """
                Repositories that are there stay as they are.

                Examples:
                  portreeve namespace update nerd-dinner --create-on-push on
                  portreeve namespace update acme --default-grant team:acme/ops=read-write
                  portreeve namespace update acme --no-default-grants
                """)

        @Argument(help: "A user or an organisation.", completion: .accounts) var namespace: String

        @Option(help: "Whether a push makes a repository that is not there: on or off.") var createOnPush: Switch?
        @Option(help: "private or public.") var defaultVisibility: RepositoryCommands.Visibility?
        @Option(
            help: ArgumentHelp(
                "Given on each new repository, in place of what was; may be repeated.", valueName: "subject=level"))
        var defaultGrant: [String] = []
        @Flag(help: "Give nothing on new repositories.") var noDefaultGrants = false

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func validate() throws {
            if noDefaultGrants && !defaultGrant.isEmpty {
                throw ValidationError("--default-grant and --no-default-grants exclude each other")
            }
        }

        func run(with api: APIClient) async throws {
            let grants: JSONValue? =
                noDefaultGrants || !defaultGrant.isEmpty ? .array(try defaultGrant.map(Self.grant)) : nil
            let body = JSONValue(members: [
                ("create_on_push", createOnPush.map { .bool($0 == .on) }),
                ("default_visibility", defaultVisibility.map { .string($0.rawValue) }), ("default_grants", grants),
            ])
            guard !body.members.isEmpty else {
                throw CommandFailure.input("say what to change: see portreeve namespace update --help")
            }
            let path = APIPath.make("v1", "namespaces", namespace, query: [rehearsal.parameter])
            let response = try await api.send(APIRequest("PATCH", path, body))
            try rehearsal.report("Changed namespace \(namespace)", response, output)
        }

        private static func grant(_ text: String) throws -> JSONValue {
            guard let equals = text.lastIndex(of: "=") else {
                throw CommandFailure.input("\"\(text)\" is not of the form SUBJECT=LEVEL, as team:acme/ops=read-write")
            }
            let subject: [(String, JSONValue?)] =
                switch try GrantSubject(String(text[..<equals])) {
                case .team(let organization, let name):
                    [("type", "team"), ("org", .string(organization)), ("name", .string(name))]
                case .user(let name): [("type", "user"), ("name", .string(name))]
                case .serviceAccount(let owner, let name):
                    [("type", "service-account"), ("owner", .string(owner)), ("name", .string(name))]
                }
            return JSONValue(members: [
                ("subject", JSONValue(members: subject)),
                ("level", .string(String(text[text.index(after: equals)...]))),
            ])
        }
    }
}
