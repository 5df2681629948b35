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

    func show(list items: [JSONValue], _ columns: [Column], empty: String) {
        if json {
            Terminal.print(JSONValue(members: [("items", .array(items))]).pretty)
        } else if items.isEmpty {
            Terminal.print(empty)
        } else {
            let width = Terminal.isOutputTerminal ? Terminal.width : nil
            Terminal.print(Column.table(items, columns).lines(width: width, style: Terminal.style))
        }
    }

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
