import ArgumentParser
import StrictJSON
import Wording

/// A command that asks the API.
protocol APICommand: AsyncParsableCommand {
    var connection: ConnectionOptions { get }

    func run(with api: APIClient) async throws
}

extension APICommand {
    func run() async throws {
        let transport = try await connection.open()
        do {
            try await run(with: APIClient(transport: transport))
        } catch {
            await transport.close()
            throw error
        }
        await transport.close()
    }
}

/// `--json`, and how answers are printed with and without it.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print the service's answer as JSON.")
    var json = false

    /// One thing, a line for each column.
    func show(_ item: JSONValue, _ columns: [Column]) {
        if json { return Terminal.print(item.pretty) }
        let width = columns.map(\.heading.count).max() ?? 0
        for column in columns {
            let text = column.text(item).withoutControls
            if !text.isEmpty {
                Terminal.print("\(Terminal.style.faint(column.heading.padded(to: width)))  \(text)")
            }
        }
    }

    /// What a write did, with its revision.
    /// - Parameter sentence: without a full stop: "Created user elton".
    func report(_ sentence: String, _ response: APIResponse) throws {
        let body = try APIClient.json(response)
        if json {
            let revision = response.revision.map { JSONValue.number(String($0)) } ?? .null
            return Terminal.print((body.isNull ? JSONValue(members: [("revision", revision)]) : body).pretty)
        }
        let revision = response.revision.map { " (revision \($0))" } ?? ""
        Terminal.print("\(sentence)\(revision)".withoutControls)
    }
}

/// `--dry-run`, for what takes away or does a lot.
struct DryRunOption: ParsableArguments {
    @Flag(help: "Tell what would change, and whose access; change nothing.")
    var dryRun = false

    var parameter: (String, String?) { ("dry_run", dryRun ? "true" : nil) }

    /// - Parameter sentence: what was done, if it was.
    func report(_ sentence: String, _ response: APIResponse, _ output: OutputOptions) throws {
        guard dryRun else { return try output.report(sentence, response) }
        let answer = try APIClient.json(response)
        guard response.status == 200, case .array = answer["changes"], case .array = answer["access"] else {
            throw CommandFailure.unreachable(
                "the service does not answer as a dry run does, and may have done it: look it up")
        }
        guard !output.json else { return try output.report(sentence, response) }
        Terminal.print(DryRunReport.lines(answer))
    }
}

/// How a list is printed, and how much of it.
struct ListOptions: ParsableArguments {
    @Flag(help: "Print the service's answer as JSON.")
    var json = false

    @Flag(help: "Print as CSV.")
    var csv = false

    @Option(help: ArgumentHelp("So many at the most.", valueName: "number"))
    var limit: Int?

    var most: Int { limit ?? .max }

    func validate() throws {
        if json, csv { throw ValidationError("give --json or --csv, not both") }
        if let limit, limit < 1 { throw ValidationError("--limit is 1 or more") }
    }

    func show(_ items: [JSONValue], _ columns: [Column], empty: String) {
        let table = Column.table(items, columns)
        if json {
            Terminal.print(JSONValue(members: [("items", .array(items))]).pretty)
        } else if csv {
            Terminal.write(CSV.text(table))
        } else if items.isEmpty {
            Terminal.print(empty)
        } else {
            Terminal.print(table.lines(width: Terminal.isOutputTerminal ? Terminal.width : nil, style: Terminal.style))
        }
    }
}

/// Which items of a list are wanted: of accounts.
struct FilterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only those with this in their name or full name.", valueName: "text"))
    var contains: String?

    @Flag(inversion: .prefixedNo, help: "Only active ones, or those who are not.")
    var active: Bool?

    @Option(help: ArgumentHelp("Only those of a directory, or local ones.", valueName: "directory|local"))
    var source: String?

    var query: [(String, String?)] {
        [("contains", contains), ("active", active.map { $0 ? "true" : "false" }), ("source", source)]
    }
}

/// In which order a list comes.
enum ListOrder: String, ExpressibleByArgument, CaseIterable { case name, newest }
