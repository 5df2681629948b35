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
            """)

    @Argument(help: "What they may do.")
    var action: Action

    @Argument(help: "NAMESPACE/REPOSITORY, or NAMESPACE/PREFIX* or * for a list of several.", completion: .repositories)
    var repository: String

    @OptionGroup var search: SearchOptions
    @OptionGroup(title: "Where") var connection: ConnectionOptions

    func validate() throws {
        guard repository.hasSuffix("*") else { return try checkRepository(repository) }
        try checkPattern(repository)
        guard !search.explain else { throw ValidationError("--explain is about one repository") }
    }

    func run(with api: APIClient) async throws {
        if repository.hasSuffix("*") { return try await list(api) }
        var results: [JSONValue] = []
        for type in ["user", "service-account", "anonymous"] {
            results += try await api.search(
                "subject",
                [
                    ("subject", ["type": .string(type)]), ("action", ["name": .string(action.rawValue)]),
                    ("resource", ["type": "repository", "id": .string(repository)]),
                    ("context", search.context),
                ])
        }
        search.show(
            results, [Column("SUBJECT", "id"), Column("TYPE", "type")],
            empty: "Nobody may \(action.rawValue) \(repository).")
    }
}

extension WhoMay {
    /// Everybody, repository by repository. What everybody has is told for the anonymous only.
    private func list(_ api: APIClient) async throws {
        let query = [
            ("action", action.rawValue), ("repository", repository),
            ("as_of", search.moment.asOf.map { Moment.text($0, at: Date()) }), ("limit", "1000"),
        ]
        let items = try await api.list(APIPath.make("v1", "access", query: query))
        let columns = [
            Column("REPOSITORY", "repository"), Column("SUBJECT") { $0["subject"]["id"].text },
            Column("TYPE") { $0["subject"]["type"].text }, Column("LEVEL", "level"),
        ]
        search.format.show(items, columns, empty: "Nobody may \(action.rawValue) any of \(repository).")
    }
}

struct WhatMay: APICommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists every repository that somebody may do something with.",
        discussion: """
            Examples:
              portreeve what-may elton
              portreeve what-may nerd-dinner+ci push --format json
              portreeve what-may team:nerd-dinner/ops push
            """)

    @Argument(help: "A user, OWNER+NAME for a service account, team:ORG/NAME, or anonymous.", completion: .principals)
    var subject: String

    @Argument(help: "What they may do.")
    var action = Action.pull

    @OptionGroup var search: SearchOptions
    @OptionGroup(title: "Where") var connection: ConnectionOptions

    func run(with api: APIClient) async throws {
        let (type, id) = SubjectNotation.principal(subject)
        let results = try await api.search(
            "resource",
            [
                ("subject", ["type": .string(type), "id": .string(id)]), ("action", ["name": .string(action.rawValue)]),
                ("resource", ["type": "repository"]),
                ("context", search.context),
            ])
        search.show(
            results, [Column("REPOSITORY", "id")], empty: "There is nothing that \(subject) may \(action.rawValue).")
    }
}
