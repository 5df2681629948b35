import Foundation
import StrictJSON
import Testing

@testable import Wording
@testable import portreeve

@Suite struct RenderingTests {
    @Test func `a table is cut to the terminal at its widest column`() {
        let table = Table(
            headings: ["NAME", "DESCRIPTION"],
            rows: [["ops", "Operates the registry and brings releases into it"], ["developers", "Web"]])
        let lines = table.lines(width: 30, style: .plain)
        #expect(lines == ["NAME        DESCRIPTION", "ops         Operates the regi…", "developers  Web"])
    }

    @Test func `a table without a terminal is as wide as its cells, but for one that would widen all rows`() {
        func lines(_ count: Int) -> [String] {
            let rows = [[String(repeating: "x", count: count), "y"], ["z", "y"]]
            return Array(Table(headings: ["A", "B"], rows: rows).lines(width: nil, style: .plain).dropFirst())
        }
        #expect(
            lines(50) == [String(repeating: "x", count: 50) + "  y", "z" + String(repeating: " ", count: 51) + "y"])
        #expect(lines(250)[0] == String(repeating: "x", count: 250) + "  y")
        #expect(
            lines(5_000) == [
                String(repeating: "x", count: 249) + "…  y", "z" + String(repeating: " ", count: 61) + "y",
            ])
    }

    @Test func `a name cannot steer the terminal`() {
        let lines = Table(headings: ["NAME"], rows: [["a\u{1B}[31m\nb\u{202E}c"]]).lines(width: 80, style: .plain)
        #expect(lines[1] == "a [31m b c")
    }

    @Test func `colours appear only where asked for`() {
        #expect(TerminalStyle(isColoured: true).red("no") == "\u{1B}[31mno\u{1B}[0m")
        #expect(TerminalStyle.plain.red("no") == "no")
    }

    @Test(arguments: [
        ("plain", "\"plain\""), ("say \"hi\"", "\"say \"\"hi\"\"\""), ("=1+1", "\"'=1+1\""), ("+1", "\"'+1\""),
        ("-1", "\"'-1\""), ("@a", "\"'@a\""), ("\ta", "\"'\ta\""), ("\ra", "\"'\ra\""), ("\r\na", "\"'\r\na\""),
        ("a=b", "\"a=b\""), ("", "\"\""),
    ])
    func `a field of CSV is quoted and no formula`(text: String, field: String) {
        #expect(CSV.field(text) == field)
    }

    @Test func `CSV has its headings first and lines ended by CR LF`() {
        #expect(CSV.text(Table(headings: ["A", "B"], rows: [["1", "2"]])) == "\"A\",\"B\"\r\n\"1\",\"2\"\r\n")
    }

    @Test(arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-12_345, "-12,345")])
    func `numbers are grouped by thousands`(number: Int, text: String) {
        #expect(number.grouped == text)
    }

    @Test func `a progress bar shows share and size`() {
        let bar = ProgressText.bar("Importing", done: 15_000_000, of: 30_000_000, width: 60)
        #expect(bar == "Importing [############............] 50 %  15.0 of 30.0 MB")
    }

    @Test func `the auth block is valid YAML whatever the names hold`() {
        let lines = RegistryBlock.lines(realm: "https://p/token", service: "a: \"b\"", issuer: "i", bundle: "/b.pem")
        #expect(lines[3] == #"    service: "a: \"b\"""#)
    }

    @Test func `a rehearsal tells whose access changes`() throws {
        let answer = try JSONParser.parse(
            Data(
                """
                {"changes":[{"kind":"team-member","effect":"delete","names":"elton in a/ops"},
                {"kind":"team-member","effect":"delete","names":"frida in a/ops"},{"kind":"team","effect":"add"}],
                "access":[{"subject":{"type":"user","id":"elton"},"repository":"a/b",
                "before":"read-write","after":null}]}
                """.utf8))
        #expect(
            DryRunReport.lines(answer) == [
                "Nothing was changed. This would be:", "  delete team member: 2", "    elton in a/ops",
                "    frida in a/ops", "  add team: 1", "  1 access would change:",
                "    elton on a/b: read-write → none",
            ])
    }

    @Test func `a rehearsal that reaches many tells it in people, the losses first`() {
        func differences(_ count: Int, _ type: String, _ before: JSONValue, _ after: JSONValue) -> [JSONValue] {
            (0..<count).map { number in
                [
                    "subject": ["type": .string(type), "id": .string("\(type)\(number % 4)")],
                    "repository": .string("a/r\(number)"), "before": before, "after": after,
                ]
            }
        }
        let access =
            differences(12, "user", .null, "read-only") + differences(8, "user", "read-write", .null)
            + differences(3, "service-account", "read-write", "read-only")
            + [
                [
                    "subject": ["type": "anonymous", "id": "anonymous"], "repository": "a/r1", "before": .null,
                    "after": "read-only",
                ]
            ]
        let answer = JSONValue(members: [
            ("changes", [["kind": "team", "effect": "delete", "names": "a/ops"]]), ("access", .array(access)),
        ])
        #expect(
            DryRunReport.lines(answer) == [
                "Nothing was changed. This would be:", "  delete team: a/ops",
                "  4 people lose read-write on 8 repositories: user0, user1, user2, …",
                "  3 robots go from read-write to read-only on 3 repositories",
                "  4 people and everybody gain read-only on 12 repositories: user0, user1, user2, …",
                "  (--json shows each)",
            ])
    }

    @Test func `a change of the log is a sentence`() throws {
        let change = try JSONParser.parse(
            Data(
                """
                {"revision":7,"kind":"account","before":{"name":"elton","active":true,"email":null},
                "after":{"name":"elton","active":false,"email":"e@example.com"}}
                """.utf8))
        #expect(ChangeText(change).sentence == "changed account elton: active yes → no, email none → e@example.com")
    }

    @Test(
        arguments: [
            (
                #""kind":"grant","before":null,"after":{"level":"read-write","subject":{"type":"team","id":"1"},"target":{"type":"repository","id":"2"}}"#,
                "granted read-write on acme/web to team acme/ops"
            ),
            (
                #""kind":"grant","after":null,"before":{"level":"admin","subject":{"type":"user","id":"3"},"target":{"type":"namespace","id":"4"}}"#,
                "took admin on namespace acme from user elton"
            ),
            (
                #""kind":"grant","before":{"level":"admin","subject":{"type":"user","id":"3"},"target":{"type":"namespace","id":"4"}},"after":{"level":"read-only","subject":{"type":"user","id":"3"},"target":{"type":"namespace","id":"4"}}"#,
                "changed the grant of user elton on namespace acme: level admin → read-only"
            ),
            (
                #""kind":"team-member","before":null,"after":{"role":"maintainer","team":"1","user":"3"}"#,
                "made elton a maintainer of team acme/ops"
            ),
            (
                #""kind":"organization-member","before":null,"after":{"role":"owner","organization":"4","user":"3"}"#,
                "made elton an owner of acme"
            ),
            (
                #""kind":"organization-member","after":null,"before":{"role":"owner","organization":"4","user":"3"}"#,
                "removed elton from acme"
            ),
            (
                #""kind":"team","before":null,"after":{"id":"1","name":"ops","organization":"4"}"#,
                "created team acme/ops"
            ),
            (
                #""kind":"token","after":null,"before":{"id":"9","name":"ci","account":"3"}"#,
                "revoked token ci of elton"
            ),
            (#""kind":"password","before":{"account":"3"},"after":{"account":"3"}"#, "changed the password of elton"),
            (
                #""kind":"team-member","before":null,"after":{"role":"member","team":"77","user":"3"}"#,
                "made elton a member of team 77"
            ),
        ])
    func `a sentence has the names of its time, and an identity that has none`(members: String, sentence: String) throws
    {
        let names = #""names":{"1":"acme/ops","2":"acme/web","3":"elton","4":"acme"}"#
        let change = try JSONParser.parse(Data("{\(members),\(names)}".utf8))
        #expect(ChangeText(change).sentence == sentence)
        #expect(ChangeText(change, showsIdentities: true).sentence.contains("acme") == false)
    }

    @Test(arguments: [
        ("user:3", "elton"), ("user:8", "user 8"), ("directory:corp", "directory corp"), ("service", "service"),
    ])
    func `an actor has a name`(actor: String, shown: String) throws {
        let change = try JSONParser.parse(Data(#"{"actor":"\#(actor)","names":{"3":"elton"}}"#.utf8))
        #expect(ChangeText(change).actor == shown)
    }

    @Test func `a last column that wraps loses nothing`() {
        let sentence =
            "granted read-write on a-long-organisation/a-long-repository to team a-long-organisation/operators"
        let table = Table(
            headings: ["REVISION", "TIME", "CHANGE"], rows: [["42", "2026-01-01 10:00", sentence]], whole: [0, 1],
            wrapsLast: true)
        let lines = table.lines(width: 80, style: .plain).dropFirst()
        #expect(lines.allSatisfy { $0.count <= 80 })
        let words = lines.joined(separator: " ").split(separator: " ").map(String.init)
        #expect(words.dropFirst(3) == sentence.split(separator: " ").map(String.init)[...])
    }

    @Test func `what has changed inside of an object is named by its path`() throws {
        let change = try JSONParser.parse(
            Data(
                """
                {"revision":7,"kind":"directory",
                "before":{"name":"corp","settings":{"timeout":30,"brake":{"max_removals":5},"login":true}},
                "after":{"name":"corp","settings":{"timeout":31,"brake":{"max_removals":6},"login":true}}}
                """.utf8))
        #expect(
            ChangeText(change).sentence
                == "changed directory corp: settings.timeout 30 → 31, settings.brake.max_removals 5 → 6")
    }

    @Test func `a column that is copied is never cut`() {
        let table = Table(
            headings: ["ID", "MESSAGE"],
            rows: [[String(repeating: "i", count: 15), String(repeating: "m", count: 40)]],
            whole: [0])
        let line = table.lines(width: 30, style: .plain)[1]
        #expect(line.hasPrefix(String(repeating: "i", count: 15) + "  ") && line.count == 30)
    }
}
