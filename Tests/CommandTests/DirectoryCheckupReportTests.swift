import StrictJSON
import Testing

@testable import Wording
@testable import portreeve

@Suite struct DirectoryCheckupReportTests {
    @Test func `each step is a line with its advice beneath, and the last line sums up`() {
        let report = DirectoryCheckupReport(
            answer: Self.answer([
                ("bind", "passed", "accepted as svc", nil), ("users base", "warning", "odd", "mend it"),
                ("users", "failed", "nobody", "look there"), ("rules", "skipped", "not tried: no group", nil),
            ]))
        #expect(
            report.lines == [
                "pass  bind        accepted as svc", "warn  users base  odd", "                  → mend it",
                "fail  users       nobody", "                  → look there", "skip  rules       not tried: no group",
                "1 step passed, 1 warning, 1 failed, 1 skipped",
            ])
    }

    @Test func `what there is none of is not counted out`() {
        let steps = (1...11).map { ("s\($0)", "passed", "fine", String?.none) }
        #expect(DirectoryCheckupReport(answer: Self.answer(steps)).lines.last == "11 steps passed")
    }

    @Test func `a terminal with colours gets signs in place of words`() {
        let steps = ["passed", "warning", "failed", "skipped"].map { ("s", $0, "x", String?.none) }
        let report = DirectoryCheckupReport(answer: Self.answer(steps), style: TerminalStyle(isColoured: true))
        #expect(
            report.lines.dropLast() == [
                "\u{1B}[32m✓\u{1B}[0m  s  x", "\u{1B}[33m!\u{1B}[0m  s  x", "\u{1B}[31m✗\u{1B}[0m  s  x",
                "\u{1B}[2m–\u{1B}[0m  s  x",
            ])
    }

    @Test func `what was seen is broken at spaces, and the advice is not`() {
        let words = Array(repeating: "word", count: 20).joined(separator: " ")
        let report = DirectoryCheckupReport(answer: Self.answer([("users", "warning", words, words)]), width: 50)
        // Four of "warn", two, five of "users" and two more leave 37, which seven words fill.
        let line = Array(repeating: "word", count: 7).joined(separator: " ")
        #expect(
            report.lines.dropLast() == [
                "warn  users  \(line)", "             \(line)", "             word word word word word word",
                "             → \(words)",
            ])
    }

    @Test func `a step with a URL does not push the others to the right`() {
        let connect = "connect ldaps://dc1.corp.example.com"
        let report = DirectoryCheckupReport(
            answer: Self.answer([(connect, "failed", "no answer", "look"), ("bind", "skipped", "not tried", nil)]))
        #expect(
            report.lines.prefix(3) == [
                "fail  \(connect)  no answer", String(repeating: " ", count: 32) + "→ look", "skip  bind  not tried",
            ])
    }

    @Test func `nothing in a directory commands the terminal`() {
        let report = DirectoryCheckupReport(answer: Self.answer([("users", "failed", "a\u{1B}[2Jb\nc", "d\u{7}e")]))
        #expect(report.lines.dropLast() == ["fail  users  a [2Jb c", "             → d e"])
    }

    @Test(arguments: [
        ([("bind", "passed"), ("users", "warning"), ("rules", "skipped")], CommandStatus.done),
        ([("bind", "passed"), ("users", "failed")], .input),
        ([("settings", "failed"), ("bind", "skipped")], .input),
        ([("connect ldaps://a", "failed"), ("bind", "skipped")], .unreachable),
        ([("connect ldaps://a", "warning"), ("bind", "passed")], .done),
        ([("bind", "failed"), ("users", "skipped")], .unreachable), ([], .done),
    ])
    func `the exit code tells a directory that cannot be reached from settings that do not fit`(
        steps: [(String, String)], status: CommandStatus
    ) {
        let answer = Self.answer(steps.map { ($0.0, $0.1, "", nil) })
        #expect(DirectoryCheckupReport(answer: answer).status == status)
    }

    private static func answer(_ steps: [(String, String, String, String?)]) -> JSONValue {
        let items = steps.map { step, outcome, saw, advice in
            JSONValue(members: [
                ("step", .string(step)), ("outcome", .string(outcome)), ("saw", .string(saw)),
                ("advice", advice.map(JSONValue.string)),
            ])
        }
        return ["steps": .array(items)]
    }
}
