import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct ImportTests {
    @Test func `an export that is imported elsewhere is exported the same again`() async throws {
        let (first, second) = (try PortreeveInstallation(), try PortreeveInstallation())
        defer { [first, second].forEach { $0.remove() } }
        for installation in [first, second] { try await installation.run(["migrate"]).required() }
        try await first.run(["import", Checkout.path("Sample-Data/nerd-dinner.jsonl")]).required()
        try await first.makeUsers("elton", "frida")
        let commands = [
            ["team", "add", "nerd-dinner/ops", "elton", "--role", "maintainer"],
            ["org", "member", "add", "platform", "elton", "--role", "owner"],
            [
                "user", "update", "frida", "--full-name", "Frida \"\\\u{1F37D} Lund", "--email", "frida@example.com",
                "--no-active",
            ],
            ["repository", "create", "elton/toys", "--visibility", "public", "--description", "Line\tand\u{7F}more"],
            ["grant", "put", "user:frida", "elton/toys", "read-write", "--expires-at", "2900-01-01T00:00:00Z"],
        ]
        for command in commands { try await first.run(command).required() }

        let exported = try await first.run(["export"]).required().output
        try await second.run(["import", "-"], input: exported).required()
        #expect(try await second.run(["export"]).required().output == exported)
        // Once more changes nothing.
        try await second.run(["import", "-"], input: exported).required()
        #expect(try await second.run(["export"]).required().output == exported)
        #expect(exported.split(separator: "\n").count > 20)
    }

    struct BadLine: Sendable, CustomTestStringConvertible {
        var line: String
        var says: String
        var testDescription: String { line }
    }

    @Test(arguments: [
        BadLine(line: #"{"kind":"org","name":"Bad Name"}"#, says: "Bad Name"),
        BadLine(line: #"{"kind":"org","name":"good","colour":"red"}"#, says: "colour"),
        BadLine(line: #"{"kind":"castle","name":"good"}"#, says: "castle"),
        BadLine(line: #"{"kind":"org"}"#, says: "name"),
        BadLine(line: #"{"kind":"org","name":"#, says: "JSON"),
        BadLine(line: #"{"kind":"team","org":"nowhere","name":"ops"}"#, says: "nowhere"),
        BadLine(
            line: #"{"kind":"repository","namespace":"fine","name":"web","visibility":"secret"}"#, says: "visibility"),
    ])
    func `a bad line is named and nothing of the file is imported`(bad: BadLine) async throws {
        let installation = try PortreeveInstallation()
        defer { installation.remove() }
        try await installation.run(["migrate"]).required()
        let text =
            #"{"kind":"org","name":"fine"}"# + "\n\n" + bad.line + "\n" + #"{"kind":"org","name":"later"}"# + "\n"
        try installation.folder.write(text, to: "company.jsonl")

        let outcome = try await installation.run(["import", "company.jsonl"])
        #expect(outcome.status == 2, "\(outcome)")
        #expect(outcome.errors.contains("company.jsonl:3: "), "\(outcome)")
        #expect(outcome.errors.contains(bad.says), "\(outcome)")
        #expect(try await installation.run(["export"]).required().output.isEmpty)
    }

    @Test func `a rehearsal says whose access would change and changes nothing`() async throws {
        let installation = try PortreeveInstallation()
        defer { installation.remove() }
        try await installation.run(["migrate"]).required()
        let file = Checkout.path("Sample-Data/nerd-dinner.jsonl")
        let rehearsal = try await installation.run(["import", file, "--dry-run"]).required()
        #expect(rehearsal.output.contains("Nothing was changed"))
        #expect(try await installation.run(["export"]).required().output.isEmpty)
    }
}
