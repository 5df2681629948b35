import AccessModel
import Foundation
import StrictJSON
import Testing

@testable import Wording
@testable import portreeve

@Suite struct SyncReportTests {
    @Test func `a held run shows counts, groups, what is held and what to do`() {
        let leaving = (1...2).map { Self.change("remove-from-team", "m\($0)", ["org": "nd", "team": "dev"]) }
        let joining = Self.change("add-to-team", "elton", ["org": "nd", "team": "ops"])
        let report = SyncReport(run: Self.run("held", [joining] + leaving, held: leaving))
        #expect(
            report.lines == [
                "Synchronisation R1 of corp: 1 applied, 2 held (revision 9)", "Read 12 people and 1 group.", "",
                "       1 joins a team", "       2 leave teams", "", "Team nd/ops  +1", "  + elton  because", "",
                "Held by the brake: 2 changes", "  too many", "    Team nd/dev  -2", "      - m1  because",
                "      - m2  because",
                "Apply exactly this with: portreeve sync approve R1",
                "Give it up with:         portreeve sync cancel R1",
            ])
    }

    @Test func `a long list is folded unless all of it is asked for`() {
        let people = (1...25).map {
            Self.change("create-user", "p\($0)", ["new_name": .string("p\($0)"), "active": true])
        }
        var report = SyncReport(run: Self.run("applied", people, held: []))
        #expect(report.lines.last == "  … and 5 more (--all shows them)")
        report.longest = nil
        #expect(report.lines.last == "  + p25  because")
    }

    @Test func `a line is cut to the terminal and its sign stays`() {
        let change = Self.change("rename", "old", ["new_login": .string(String(repeating: "n", count: 60))])
        let report = SyncReport(run: Self.run("applied", [change], held: []), width: 50)
        #expect(report.lines.last?.count == 50)
        #expect(report.lines.last?.hasPrefix("  ~ old → nnn") == true)
    }

    @Test func `every action of a plan has its words`() {
        #expect(Set(SyncLine.actions.map(\.name)) == Set(SyncChange.Kind.allCases.map(\.rawValue)))
    }

    @Test func `an action that is not known is counted and shown`() {
        let change = Self.change("grant-wish", "elton", [:])
        let report = SyncReport(run: Self.run("applied", [change], held: []))
        #expect(report.lines.contains("       1 grant wish"))
        #expect(report.lines.last == "  ~ elton (grant wish)  because")
    }

    @Test func `nothing to change is said`() {
        #expect(SyncReport(run: Self.run("applied", [], held: [])).lines.last == "There is nothing to change.")
    }

    @Test(arguments: [
        ("applied", "full", true, CommandStatus.done), ("planned", "full", true, .done),
        ("cancelled", "full", false, .done),
        ("held", "full", true, .refused), ("lapsed", "full", true, .refused), ("failed", "full", false, .unreachable),
        ("applied", "full", false, .incomplete), ("planned", "full", false, .incomplete),
        ("held", "full", false, .refused),
        ("applied", "incremental", false, .done),
    ])
    func `a run has its exit code`(state: String, read: String, isComplete: Bool, status: CommandStatus) {
        let run: JSONValue = ["state": .string(state), "read": .string(read), "complete": .bool(isComplete)]
        #expect(CommandStatus(sync: run) == status)
    }

    @Test func `what was not read comes first, a line for each reason, and nothing is called done`() {
        let run = JSONValue(members: [
            ("id", "R1"), ("directory", "corp"), ("mode", "run"), ("state", "applied"), ("applied", 0),
            ("read", "full"),
            ("complete", false), ("users_read", 477), ("groups_read", 0), ("held", .array([])),
            ("counts", JSONValue(members: [])),
            (
                "message",
                "incomplete, so nothing was removed: people: the server went silent (477 people read, 500 last time)\ngroups: it is busy"
            ), ("plan", JSONValue(members: [("changes", .array([])), ("notes", .array([]))])),
        ])
        let lines = SyncReport(run: run).lines
        #expect(
            lines[0]
                == "Incomplete, so nothing was removed: people: the server went silent (477 people read, 500 last time)"
        )
        #expect(lines[1] == "  groups: it is busy")
        #expect(lines.last == "There is nothing to add. What is to be removed is not known.")
    }

    @Test func `a frozen rule is said at once`() {
        var members: [(String, JSONValue)] = []
        if case .object(let known) = Self.run("applied", [], held: []) { members = known.map { ($0.name, $0.value) } }
        let lines = SyncReport(run: JSONValue(members: members + [("frozen", 2)])).lines
        #expect(
            lines.contains(
                "2 rules are frozen: nobody leaves the teams and organisations that they feed (see Notes)"),
            "\(lines)")
    }

    private static func change(_ action: String, _ login: String, _ more: [String: JSONValue]) -> JSONValue {
        JSONValue(
            members: [("action", .string(action)), ("login", .string(login)), ("reason", "because")]
                + more.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    private static func run(_ state: String, _ changes: [JSONValue], held: [JSONValue]) -> JSONValue {
        [
            "id": "R1", "directory": "corp", "mode": "run", "state": .string(state), "revision": 9,
            "applied": .number(String(changes.count - held.count)), "read": "full", "users_read": 12,
            "groups_read": 1,
            "counts": JSONValue(
                members:
                    Dictionary(grouping: changes, by: { $0["action"].text }).sorted { $0.key < $1.key }
                    .map { ($0.key, JSONValue.number(String($0.value.count))) }),
            "plan": ["directory": "corp", "changes": .array(changes), "notes": .array([])],
            "held": held.isEmpty ? .array([]) : .array([["reason": "too many", "changes": .array(held)]]),
        ]
    }
}
