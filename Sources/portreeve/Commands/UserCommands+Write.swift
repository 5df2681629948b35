import ArgumentParser
import StrictJSON

extension UserCommands {
    /// What both making and changing a user may set.
    struct Fields: ParsableArguments {
        @Option(help: "The person's name in full.")
        var fullName: String?

        @Option(help: "E-mail address; an empty one takes it away.")
        var email: String?

        @Flag(inversion: .prefixedNo, help: "An inactive user has no access at all.")
        var active: Bool?

        @Flag(inversion: .prefixedNo, help: "May do everything.")
        var systemAdmin: Bool?

        @Flag(inversion: .prefixedNo, help: "May ask about everybody's access: for a registry's account.")
        var decisionReader: Bool?

        var members: [(String, JSONValue?)] {
            [
                ("full_name", fullName.map(JSONValue.string)),
                ("email", email.map { $0.isEmpty ? .null : .string($0) }), ("active", active.map(JSONValue.bool)),
                ("system_admin", systemAdmin.map(JSONValue.bool)),
                ("decision_reader", decisionReader.map(JSONValue.bool)),
            ]
        }
    }

    struct Create: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a user.",
            discussion: """
                Without a password the user cannot log in until one is set.

                Examples:
                  portreeve user create elton --full-name "Elton S" --email elton@example.com
                  portreeve user create registry --decision-reader --password-file -
                """)

        @Argument(completion: .users) var name: String

        @OptionGroup var fields: Fields

        @Option(help: ArgumentHelp("A file with the password, or - for standard input.", valueName: "file"))
        var passwordFile: String?

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let password = try passwordFile.map { try SecretInput.read(file: $0, prompt: "") }
            let members = [("name", .string(name))] + fields.members + [("password", password.map(JSONValue.string))]
            let response = try await api.send(
                APIRequest(
                    "POST", APIPath.make("v1", "users", query: [rehearsal.parameter]), JSONValue(members: members)))
            try rehearsal.report("Created user \(name)", response, output)
        }
    }

    struct Update: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Changes a user; what is not named stays.",
            discussion: """
                Examples:
                  portreeve user update elton --no-active
                  portreeve user update elton --email "" --system-admin
                """)

        @Argument(completion: .users) var name: String

        @OptionGroup var fields: Fields

        @Flag(inversion: .prefixedNo, help: "A push to a repository that is not there makes it.")
        var createOnPush: Bool?

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let body = JSONValue(members: fields.members + [("create_on_push", createOnPush.map(JSONValue.bool))])
            guard !body.members.isEmpty else {
                throw CommandFailure.input("say what to change: see portreeve user update --help")
            }
            let response = try await api.send(
                APIRequest("PATCH", path(name, query: [rehearsal.parameter]), body))
            try rehearsal.report("Changed user \(name)", response, output)
        }
    }

    struct SetPassword: APICommand {
        static let configuration = CommandConfiguration(
            commandName: "password", abstract: "Sets a user's password.",
            discussion: """
                One's own at a service needs the old one, and --login instead of a token.

                Examples:
                  portreeve user password elton
                  portreeve user password elton --login elton --old-password-file old
                """)

        @Argument(completion: .users) var name: String

        @Option(help: ArgumentHelp("A file with the new password, or -; else it is asked for.", valueName: "file"))
        var passwordFile: String?

        @Option(help: ArgumentHelp("A file with the old password, for one's own.", valueName: "file"))
        var oldPasswordFile: String?

        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let old = try oldPasswordFile.map { try SecretInput.read(file: $0, prompt: "") }
            let password = try SecretInput.readNew(file: passwordFile, prompt: "New password of \(name): ")
            let body = JSONValue(members: [
                ("password", .string(password)), ("old_password", old.map(JSONValue.string)),
            ])
            let response = try await api.send(APIRequest("PUT", APIPath.make("v1", "users", name, "password"), body))
            try output.report("Set the password of \(name)", response)
        }
    }
}
