import ArgumentParser

extension TeamCommands {
    static func memberPath(_ team: String, _ user: String, query: [(String, String?)] = []) throws -> String {
        let name = try SlashedName(team, form: "ORG/TEAM")
        return APIPath.make("v1", "orgs", name.left, "teams", name.right, "members", user, query: query)
    }

    struct MemberCommands: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "member", abstract: "Members and maintainers of a team.",
            subcommands: [List.self, Add.self, Remove.self])
    }
}

extension TeamCommands.MemberCommands {
    struct List: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists a team's members.",
            discussion: """
                Example:
                  portreeve team member list nerd-dinner/engineering --effective
                """)

        @Argument(help: "ORG/TEAM", completion: .teams) var team: String

        @Flag(help: "With the members of the teams below it.")
        var effective = false

        @Option(help: ArgumentHelp("Only those with this in their name or full name.", valueName: "text"))
        var contains: String?

        @Flag(inversion: .prefixedNo, help: "Only active ones, or those who are not.")
        var active: Bool?

        @Option(help: "member or maintainer.")
        var role: Add.Role?

        @OptionGroup var list: ListOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let name = try SlashedName(team, form: "ORG/TEAM")
            let query = [
                ("limit", "1000"), ("effective", effective ? "true" : nil), ("contains", contains),
                ("active", active.map { $0 ? "true" : "false" }), ("role", role?.rawValue),
            ]
            let members = try await api.list(
                APIPath.make("v1", "orgs", name.left, "teams", name.right, "members", query: query), limit: list.most)
            let through = effective ? [Column("THROUGH", "through")] : []
            list.show(members, OrganizationMemberCommands.columns + through, empty: "\(team) has no members.")
        }
    }

    struct Add: APICommand {
        enum Role: String, ExpressibleByArgument, CaseIterable { case member, maintainer }

        static let configuration = CommandConfiguration(
            abstract: "Makes users members or maintainers, or changes which.",
            discussion: """
                Example:
                  portreeve team member add nerd-dinner/ops elton anna --role maintainer
                """)

        @Argument(help: "ORG/TEAM", completion: .teams) var team: String
        @Argument(help: ArgumentHelp(valueName: "user"), completion: .users) var users: [String]

        @Option(help: "member or maintainer.")
        var role = Role.member

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            try await forEach(of: users) { user in
                let path = try TeamCommands.memberPath(team, user, query: [rehearsal.parameter])
                let response = try await api.send(APIRequest("PUT", path, ["role": .string(role.rawValue)]))
                try rehearsal.report("\(user) is a \(role.rawValue) of \(team)", response, output)
            }
        }
    }

    struct Remove: APICommand {
        static let configuration = CommandConfiguration(abstract: "Takes users out of a team.")

        @Argument(help: "ORG/TEAM", completion: .teams) var team: String
        @Argument(help: ArgumentHelp(valueName: "user"), completion: .users) var users: [String]

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            try await forEach(of: users) { user in
                let path = try TeamCommands.memberPath(team, user, query: [rehearsal.parameter])
                let response = try await api.send(APIRequest("DELETE", path))
                try rehearsal.report("\(user) left \(team)", response, output)
            }
        }
    }
}
