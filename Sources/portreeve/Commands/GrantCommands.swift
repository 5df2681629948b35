import AccessModel
import ArgumentParser
import StrictJSON
import Wording

struct GrantCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant", abstract: "Who has which level of access on what.",
        subcommands: [List.self, Put.self, Delete.self])

    struct List: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the grants on a repository or a namespace, or those of somebody.",
            discussion: """
                Examples:
                  portreeve grant list nerd-dinner/web
                  portreeve grant list nerd-dinner/
                  portreeve grant list nerd-dinner --all --csv
                  portreeve grant list nerd-dinner --all --ending-by 14d
                  portreeve grant list --of team:nerd-dinner/ops
                """)

        @Argument(
            help: "NAMESPACE/REPOSITORY, NAMESPACE/ for a whole namespace, or NAMESPACE with --all.",
            completion: .repositories)
        var target: String?

        @Flag(help: "Of a namespace, also those on its repositories.")
        var all = false

        @Option(
            help: ArgumentHelp(
                "What was granted to team:ORG/TEAM, user:NAME or service-account:OWNER+NAME.", valueName: "subject"))
        var of: String?

        @Option(help: ArgumentHelp("Only those that end by then: \(Ending.forms).", valueName: "end"))
        var endingBy: String?

        @OptionGroup var list: ListOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let last = try Ending.json(endingBy)?.string.flatMap(Timestamp.init)
            let grants = try await api.list(try await path(api), limit: last == nil ? list.most : .max).filter {
                grant in
                guard let last else { return true }
                return grant["expires_at"].string.flatMap(Timestamp.init).map { $0 <= last } ?? false
            }.prefix(list.most)
            let columns = [
                Column("SUBJECT") { GrantWords.subject($0["subject"]) }, Column("LEVEL", "level"),
                Column("TARGET") { GrantWords.target($0["target"]) },
                Column("EXPIRES") { $0["expires_at"].string ?? "never" },
            ]
            list.show(
                Array(grants), columns,
                empty: endingBy == nil
                    ? "Nothing is granted \(target.map { all ? "in \($0)" : "on \($0) itself" } ?? "to \(of ?? "")")."
                    : "Nothing ends by then of what is granted "
                        + "\(target.map { all ? "in \($0)" : "on \($0) itself (--all: and on its repositories)" } ?? "to \(of ?? "")")."
            )
        }

        func validate() throws {
            guard (target == nil) != (of == nil) else { throw ValidationError("give a target, or --of a subject") }
            if all, of != nil { throw ValidationError("--all is about a namespace") }
        }

        private func path(_ api: APIClient) async throws -> String {
            if let of { return try await GrantPath.list(of: GrantSubject(of), api) }
            let target = target ?? ""
            guard all else { return GrantPath.list(try GrantTarget(target)) }
            let namespace = target.hasSuffix("/") ? String(target.dropLast()) : target
            return APIPath.make("v1", "namespaces", namespace, "grants", query: [("all", "true")])
        }
    }

    struct Put: APICommand {
        enum Level: String, ExpressibleByArgument, CaseIterable {
            case readOnly = "read-only"
            case readWrite = "read-write"
            case admin
        }

        static let configuration = CommandConfiguration(
            abstract: "Grants a level, or changes which.",
            discussion: """
                Examples:
                  portreeve grant put team:nerd-dinner/ops nerd-dinner/web read-write
                  portreeve grant put service-account:nerd-dinner+ci nerd-dinner/ read-only
                  portreeve grant put user:elton nerd-dinner/web admin --expires-at 14d
                  portreeve grant put nerd-dinner/ops nerd-dinner/web,nerd-dinner/api read-write
                """)

        @Argument(
            help: "team:ORG/TEAM, user:NAME or service-account:OWNER+NAME; several with commas between.",
            completion: .grantSubjects)
        var subject: String

        @Argument(
            help: "NAMESPACE/REPOSITORY, or NAMESPACE/ for all of a namespace; several with commas between.",
            completion: .repositories)
        var target: String

        @Argument(help: "read-only, read-write or admin.")
        var level: Level

        @Option(help: ArgumentHelp("When it ends: \(Ending.forms), or never; else as it is.", valueName: "end"))
        var expiresAt: String?

        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let body = JSONValue(members: [
                ("level", .string(level.rawValue)), ("expires_at", try Ending.json(expiresAt)),
            ])
            try await forEach(of: GrantPair.all(subject, target)) { pair in
                let path = try pair.path(query: [rehearsal.parameter])
                let response = try await api.send(APIRequest("PUT", path, body))
                let end = try APIClient.json(response)["expires_at"].string.map { " until \($0)" } ?? ""
                try rehearsal.report("\(pair.subject) has \(level.rawValue) on \(pair.target)\(end)", response, output)
            }
        }
    }

    struct Delete: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes a grant back.",
            discussion: """
                Example:
                  portreeve grant delete team:nerd-dinner/ops nerd-dinner/web --dry-run
                """)

        @Argument(
            help: "team:ORG/TEAM, user:NAME or service-account:OWNER+NAME; several with commas between.",
            completion: .grantSubjects)
        var subject: String

        @Argument(
            help: "NAMESPACE/REPOSITORY, or NAMESPACE/ for all of a namespace; several with commas between.",
            completion: .repositories)
        var target: String

        @OptionGroup var confirmation: ConfirmationOption
        @OptionGroup var rehearsal: DryRunOption
        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            try confirmation.ask(
                "Take back what \(subject) was granted on \(target)", unless: rehearsal, canBeUndone: true)
            try await forEach(of: GrantPair.all(subject, target)) { pair in
                let response = try await api.send(
                    APIRequest("DELETE", try pair.path(query: [rehearsal.parameter])))
                let sentence = "Took back what \(pair.subject) was granted on \(pair.target)"
                try rehearsal.report(sentence, response, output)
            }
        }
    }
}

/// One of the grants that a command with several subjects and targets is about.
private struct GrantPair {
    let subject: String
    let target: String

    static func all(_ subjects: String, _ targets: String) throws -> [GrantPair] {
        let pairs = subjects.severalNames.flatMap { subject in
            targets.severalNames.map { GrantPair(subject: subject, target: $0) }
        }
        guard !pairs.isEmpty else { throw CommandFailure.input("name a subject and a target") }
        // What is written wrong is known before anything is granted.
        for pair in pairs { _ = try pair.path() }
        return pairs
    }

    func path(query: [(String, String?)] = []) throws -> String {
        try GrantPath.one(GrantSubject(subject), GrantTarget(target), query: query)
    }
}
