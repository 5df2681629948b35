import ArgumentParser
import StrictJSON
import Wording

struct SyncCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Brings accounts and memberships to what a directory says.",
        discussion: """
            plan shows what would happen and changes nothing; apply does exactly that plan; run does both, under the \
            brake. What the brake holds waits for approve or cancel, and the command exits with 4. It exits with 3 if the \
            directory cannot be read, and with 6 if not all of it was: then nothing was removed.
            """,
        subcommands: [Plan.self, Run.self, Apply.self, Approve.self, Cancel.self, Runs.self, Show.self])

    struct Plan: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows what a synchronisation would change, and why.",
            discussion: """
                Example:
                  portreeve sync plan corp --all
                """)

        @Argument(completion: .directories) var directory: String

        @OptionGroup var reading: ReadingOption
        @OptionGroup var output: SyncOutput
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let run = try await SyncCalls(api: api).start(directory, mode: "plan", readsAll: reading.full)
            try output.show(run, next: output.json ? [] : next(run))
        }

        /// What may be done with a plan.
        private func next(_ run: JSONValue) -> [String] {
            guard run["state"].string == "planned", !run["plan"]["changes"].items.isEmpty else { return [] }
            let id = run["id"].text
            guard !run["held"].items.isEmpty else { return ["", "Do exactly this with: portreeve sync apply \(id)"] }
            return [
                "", "Do all of it, also what the brake would hold: portreeve sync apply \(id)",
                "Do what passes the brake, and let the rest wait: portreeve sync run \(directory)",
            ]
        }
    }

    struct Run: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Synchronises a directory now.",
            discussion: """
                Example:
                  portreeve sync run corp
                """)

        @Argument(completion: .directories) var directory: String

        @OptionGroup var reading: ReadingOption
        @OptionGroup var output: SyncOutput
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            try output.show(try await SyncCalls(api: api).start(directory, mode: "run", readsAll: reading.full))
        }
    }

    struct Apply: APICommand {
        static let configuration = CommandConfiguration(
            abstract: "Does exactly what a plan shows, once, also what the brake would hold.")

        @Argument(help: "The plan's identifier.") var run: String

        @OptionGroup var output: SyncOutput
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            try output.show(try await SyncCalls(api: api).decide(run, "apply"))
        }
    }

    struct Approve: APICommand {
        static let configuration = CommandConfiguration(abstract: "Does what the brake holds, once.")

        @Argument(help: "The synchronisation's identifier.") var run: String

        @OptionGroup var output: SyncOutput
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            try output.show(try await SyncCalls(api: api).decide(run, "approve"))
        }
    }

    struct Cancel: APICommand {
        static let configuration = CommandConfiguration(abstract: "Gives up what a run holds or planned.")

        @Argument(help: "The synchronisation's identifier.") var run: String

        @OptionGroup var output: OutputOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            let cancelled = try await SyncCalls(api: api).decide(run, "cancel")
            let isEnding = cancelled["state"].string == "running"
            Terminal.print(output.json ? cancelled.pretty : isEnding ? "\(run) is being cancelled" : "Cancelled \(run)")
        }
    }

    struct Runs: APICommand {
        static let configuration = CommandConfiguration(abstract: "Lists a directory's synchronisations, newest first.")

        @Argument(completion: .directories) var directory: String

        @OptionGroup var list: ListOptions
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func validate() throws {
            guard (1...1_000).contains(list.limit ?? 20) else {
                throw ValidationError("--limit must be from 1 to 1000")
            }
        }

        func run(with api: APIClient) async throws {
            let limit = list.limit ?? 20
            let path = APIPath.make("v1", "directories", directory, "sync-runs", query: [("limit", String(limit))])
            let columns = [
                Column("ID", "id", whole: true),
                Column("STARTED", whole: true) { String($0["started_at"].text.prefix(16)).replacing("T", with: " ") },
                Column("STATE") { SyncCommands.stateText($0) }, Column("APPLIED", "applied"),
                Column("HELD", "held_changes"),
                Column("ACTOR") { ChangeText($0).actor }, Column("MESSAGE", wraps: true) { $0["message"].text },
            ]
            list.show(try await api.list(path, limit: limit), columns, empty: "\(directory) was never synchronised.")
        }
    }

    /// The state of a run, and what of it is not as it should be.
    private static func stateText(_ run: JSONValue) -> String {
        let frozen = run["frozen"].int.flatMap { $0 > 0 ? "\($0) frozen" : nil }
        let more = [CommandStatus(sync: run) == .incomplete ? "incomplete" : nil, frozen].compactMap(\.self)
        return run["state"].text + (more.isEmpty ? "" : " (\(more.joined(separator: ", ")))")
    }

    struct Show: APICommand {
        static let configuration = CommandConfiguration(abstract: "Shows a synchronisation with its plan and its log.")

        @Argument(help: "The synchronisation's identifier.") var run: String

        @OptionGroup var output: SyncOutput
        @OptionGroup(title: "Where") var connection: ConnectionOptions

        func run(with api: APIClient) async throws {
            try output.show(try await SyncCalls(api: api).show(run), withLog: true)
        }
    }
}

/// How much of a directory is read.
struct ReadingOption: ParsableArguments {
    @Flag(help: "Read the whole directory, also where it can say what has changed since the last time.")
    var full = false
}

/// How a synchronisation is shown.
struct SyncOutput: ParsableArguments {
    @Flag(help: "Show long lists in full.")
    var all = false

    @Flag(help: "Print the service's answer as JSON.")
    var json = false

    /// - Parameter next: lines behind the report.
    /// - Throws: a failure without words for what is held or incomplete: the report has told it.
    func show(_ run: JSONValue, withLog: Bool = false, next: [String] = []) throws {
        if json {
            Terminal.print(run.pretty)
        } else {
            let report = SyncReport(
                run: run, style: Terminal.style, longest: all ? nil : 20,
                width: Terminal.isOutputTerminal ? Terminal.width : nil, showsLog: withLog)
            Terminal.print(report.lines + next)
        }
        let status = CommandStatus(sync: run)
        guard status != .done else { return }
        // For cron and its like, which look at standard error.
        throw CommandFailure(status, status == .unreachable ? run["message"].text.withoutControls : "")
    }
}
