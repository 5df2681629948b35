import ArgumentParser

struct OrganizationMemberCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "member", abstract: "Members and owners of an organisation.",
        subcommands: [List.self, Add.self, Remove.self], aliases: ["members"])

    static let columns = [
        Column("USER", "user"), Column("FULL NAME", "full_name"), Column("ROLE", "role"),
        Column("MANAGED BY", "managed_by"),
    ]

    static func path(_ organization: String, _ user: String, query: [(String, String?)] = []) -> String {
        APIPath.make("v1", "orgs", organization, "members", user, query: query)
    }

    struct List: APICommand {
        static let configuration = CommandConfiguration(abstract: "Lists an organisation's members.")

        @Argument(help: ArgumentHelp(valueName: "org"), completion: .organizations) var organization: String

        @OptionGroup var filter: FilterOptions

        @Option(help: "member or owner.")
        var role: String?

        @OptionGroup var list: ListOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let members = try await api.list(
                APIPath.make(
                    "v1", "orgs", organization, "members", query: [("limit", "1000"), ("role", role)] + filter.query),
                limit: list.most)
            list.show(members, columns, empty: "\(organization) has no members.")
        }
    }

    struct Add: APICommand {
        enum Role: String, ExpressibleByArgument, CaseIterable { case member, owner }

        static let configuration = CommandConfiguration(
            abstract: "Makes users members or owners, or changes which.",
            discussion: """
                Example:
                  portreeve org member add nerd-dinner elton anna --role owner
                """)

        @Argument(help: ArgumentHelp(valueName: "org"), completion: .organizations) var organization: String
        @Argument(help: ArgumentHelp(valueName: "user"), completion: .users) var users: [String]

        @Option(help: "member or owner.")
        var role = Role.member

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let what = role == .owner ? "an owner" : "a member"
            try await forEach(of: users) { user in
                let path = path(organization, user, query: [rehearsal.parameter])
                let response = try await api.send(APIRequest("PUT", path, ["role": .string(role.rawValue)]))
                try rehearsal.report("\(user) is \(what) of \(organization)", response, output)
            }
        }
    }

    struct Remove: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes users out of an organisation and its teams.",
            discussion: """
                Example:
                  portreeve org member remove nerd-dinner elton --dry-run
                """)

        @Argument(help: ArgumentHelp(valueName: "org"), completion: .organizations) var organization: String
        @Argument(help: ArgumentHelp(valueName: "user"), completion: .users) var users: [String]

        @Flag(help: "Leave the user what was granted directly on its repositories.")
        var keepDirectGrants = false

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let query = [("keep_direct_grants", keepDirectGrants ? "true" : nil), rehearsal.parameter]
            try await forEach(of: users) { user in
                let response = try await api.send(APIRequest("DELETE", path(organization, user, query: query)))
                try rehearsal.report("\(user) left \(organization)", response, output)
            }
        }
    }
}
