import AccessModel
import ArgumentParser
import Foundation
import StrictJSON
import Wording

/// `--format` of the commands that answer with a list of names.
struct FormatOption: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json, csv }

    @Option(help: "table, json or csv.")
    var format = Format.table

    @Flag(help: "As --format json.")
    var json = false

    @Flag(help: "As --format csv.")
    var csv = false

    func validate() throws {
        if [json, csv, format != .table].count(where: \.self) > 1 {
            throw ValidationError("give one of --format, --json and --csv")
        }
    }

    func show(_ results: [JSONValue], _ columns: [Column], empty: String) {
        let table = Column.table(results, columns)
        switch json ? .json : csv ? .csv : format {
        case .json: Terminal.print(JSONValue(members: [("results", .array(results))]).pretty)
        case .csv: Terminal.write(CSV.text(table))
        case .table where results.isEmpty: Terminal.print(empty)
        case .table:
            Terminal.print(table.lines(width: Terminal.isOutputTerminal ? Terminal.width : nil, style: Terminal.style))
        }
    }
}

/// What both searches may be told.
struct SearchOptions: ParsableArguments {
    @OptionGroup var format: FormatOption
    @OptionGroup var moment: MomentOption

    @Flag(help: "Tell for each what gives it.")
    var explain = false

    var context: JSONValue? {
        let context = moment.context + (explain ? [("explain", true)] : [])
        return context.isEmpty ? nil : JSONValue(members: context)
    }

    func show(_ results: [JSONValue], _ columns: [Column], empty: String) {
        var columns = columns + [Column("LEVEL") { $0["properties"]["level"].text }]
        if explain { columns.append(Column("REASON", wraps: true) { $0["properties"]["text"].text }) }
        format.show(results, columns, empty: empty)
    }
}

struct WhoMay: APICommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists everybody who may do something.",
        discussion: """
            Examples:
              portreeve who-may push nerd-dinner/web
              portreeve who-may push nerd-dinner/web --explain
              portreeve who-may push 'nerd-dinner/*' --format csv
              portreeve who-may pull nerd-dinner/web --csv --as-of 2026-03-01T12:00:00Z
              portreeve who-may container.exec /prod/web
            """)

    @Argument(
        help: "What they may do: an action on a repository, or an operation as container.exec or \"get pods\".",
        completion: .actions)
    var action: String

    @Argument(
        help: "NAMESPACE/REPOSITORY, or NAMESPACE/PREFIX* or * for a list of several; or /COLLECTION.",
        completion: .repositories)
    var repository: String

    @Flag(help: "Of a collection, also list those one by one who have it as everyone has.")
    var expand = false

    @OptionGroup var search: SearchOptions
    @OptionGroup(title: "Where") var connection: ConnectionOptions

    func validate() throws {
        if case .collection = ResourceNotation(repository) {
            guard !search.explain else {
                throw ValidationError("--explain is about one repository: explain asks about somebody")
            }
            return try checkResource(repository, action)
        }
        guard ResourceNotation(repository).isRepository, !expand else {
            throw ValidationError("ask about a repository, or about a collection by its path")
        }
        guard repository.hasSuffix("*") else { return try checkResource(repository, action) }
        try checkPattern(repository)
        do throws(CommandFailure) { _ = try ResourceNotation.action(action) } catch {
            throw ValidationError(error.description)
        }
        guard !search.explain else { throw ValidationError("--explain is about one repository") }
    }

    func run(with api: APIClient) async throws {
        if case .collection(let path) = ResourceNotation(repository) { return try await list(api, in: path) }
        if repository.hasSuffix("*") { return try await list(api) }
        var results: [JSONValue] = []
        for type in ["user", "service-account", "anonymous"] {
            results += try await api.search(
                "subject",
                [
                    ("subject", ["type": .string(type)]), ("action", ["name": .string(action)]),
                    ("resource", ["type": "repository", "id": .string(repository)]),
                    ("context", search.context),
                ])
        }
        search.show(
            results, [Column("SUBJECT", "id"), Column("TYPE", "type")],
            empty: "Nobody may \(action) \(repository).")
    }
}

extension WhoMay {
    /// Everybody, repository by repository. What everybody has is told for the anonymous only.
    private func list(_ api: APIClient) async throws {
        let query = [
            ("action", action), ("repository", repository),
            ("as_of", search.moment.asOf.map { Moment.text($0, at: Date()) }), ("limit", "1000"),
        ]
        let items = try await api.list(APIPath.make("v1", "access", query: query))
        let columns = [
            Column("REPOSITORY", "repository"), Column("SUBJECT") { $0["subject"]["id"].text },
            Column("TYPE") { $0["subject"]["type"].text }, Column("LEVEL", "level"),
        ]
        search.format.show(items, columns, empty: "Nobody may \(action) any of \(repository).")
    }

    /// Everybody who may do an operation in a collection; everyone stands for those who have it as all have.
    private func list(_ api: APIClient, in path: String) async throws {
        let query = [
            ("operation", action), ("collection", path), ("expand", expand ? "true" : nil),
            ("as_of", search.moment.asOf.map { Moment.text($0, at: Date()) }), ("limit", "1000"),
        ]
        let items = try await api.list(APIPath.make("v1", "access", query: query))
        let columns = [Column("SUBJECT") { $0["subject"]["id"].text }, Column("TYPE") { $0["subject"]["type"].text }]
        search.format.show(items, columns, empty: "Nobody may \(action) in \(path).")
    }
}

struct WhatMay: APICommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists where somebody may do something.",
        discussion: """
            Examples:
              portreeve what-may elton
              portreeve what-may nerd-dinner+ci push --format json
              portreeve what-may team:nerd-dinner/ops push
              portreeve what-may elton container.exec
              portreeve what-may elton --plane both
            """)

    @Argument(help: "A user, OWNER+NAME for a service account, team:ORG/NAME, or anonymous.", completion: .principals)
    var subject: String

    enum Plane: String, ExpressibleByArgument, CaseIterable { case registry, control, both }

    @Argument(
        help: "What they may do: an action on repositories, or an operation in collections.", completion: .actions)
    var action: String?

    @Option(help: ArgumentHelp("Repositories, collections with the roles there, or both.", valueName: "plane"))
    var plane: Plane?

    @OptionGroup var search: SearchOptions
    @OptionGroup(title: "Where") var connection: ConnectionOptions

    func validate() throws {
        guard let action, Action(rawValue: action) == nil else { return }
        guard plane != .registry, plane != .both else {
            throw ValidationError("\(action) is no action on a repository")
        }
        do throws(CommandFailure) { _ = try ResourceNotation.operation(action) } catch {
            throw ValidationError(error.description)
        }
    }

    func run(with api: APIClient) async throws {
        let isAction = action.flatMap(Action.init(rawValue:)) != nil
        if let action, !isAction { return try await listCollections(action, api) }
        if plane != .control { try await listRepositories(action ?? Action.pull.rawValue, api) }
        if plane == .both { Terminal.print("") }
        if plane == .control || plane == .both { try await listRoles(api) }
    }

    /// The topmost collections in which they may do an operation, and with each all below it.
    private func listCollections(_ operation: String, _ api: APIClient) async throws {
        let (type, id) = SubjectNotation.principal(subject)
        let results = try await api.search(
            "resource",
            [
                ("subject", ["type": .string(type), "id": .string(id)]), ("action", ["name": .string(operation)]),
                ("resource", ["type": "collection"]), ("context", search.context),
            ])
        search.format.show(
            results, [Column("COLLECTION") { "\($0["id"].text) and all below it" }],
            empty: "There is no collection where \(subject) may \(operation).")
    }

    /// The roles that they have, and through what.
    private func listRoles(_ api: APIClient) async throws {
        let (type, id) = SubjectNotation.principal(subject)
        let query = [("subject", "\(type):\(id)"), ("effective", "true")]
        let grants = try await api.list(APIPath.make("v1", "control-grants", query: query))
        let columns = [
            Column("COLLECTION") { $0["collection"].text }, Column("ROLE", "role"),
            Column("THROUGH") { ControlGrantWords.subject($0["subject"]) },
            Column("EXPIRES") { $0["expires_at"].string ?? "never" },
        ]
        search.format.show(
            grants, columns, empty: "Nothing was given to \(subject) on a collection, nor to what they are in.")
    }

    private func listRepositories(_ action: String, _ api: APIClient) async throws {
        let (type, id) = SubjectNotation.principal(subject)
        let results = try await api.search(
            "resource",
            [
                ("subject", ["type": .string(type), "id": .string(id)]), ("action", ["name": .string(action)]),
                ("resource", ["type": "repository"]),
                ("context", search.context),
            ])
        search.show(
            results, [Column("REPOSITORY", "id")],
            empty: "There is no repository that \(subject) may \(action); --plane both asks both planes.")
    }
}
