import Foundation
import TestSupport
import Testing

/// What commands answer on a database file that nobody serves: exit codes and outputs.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct CommandAnswerTests {
    /// The sample company, with elton in the team ops and frida in none.
    private static let company = Task {
        let company = try PortreeveInstallation()
        try await company.run(
            ["init", "--admin", PortreeveInstallation.administrator, "--password-file", "-"], input: company.password
        ).required()
        try await company.run(["import", Checkout.path("Sample-Data/nerd-dinner.jsonl")]).required()
        try await company.makeUsers("elton", "frida")
        try await company.run(["team", "add", "nerd-dinner/ops", "elton"]).required()
        return company
    }

    struct Example: Sendable, CustomTestStringConvertible {
        var arguments: String
        var status: Int32
        /// Part of what it prints: on standard output for 0 and 1, else on standard error.
        var says: String

        init(_ arguments: String, _ status: Int32, _ says: String) {
            (self.arguments, self.status, self.says) = (arguments, status, says)
        }

        var testDescription: String { arguments.isEmpty ? "no arguments" : arguments }
    }

    @Test(arguments: [
        Example("check elton push nerd-dinner/nerd-dinner-web", 0, "allowed"),
        Example("check frida push nerd-dinner/nerd-dinner-web", 1, "denied"),
        Example("check anonymous pull nerd-dinner/nerd-dinner-homepage", 0, "allowed"),
        Example("check ELTON push nerd-dinner/nerd-dinner-web", 0, "allowed"),
        Example("check nobody pull nerd-dinner/nerd-dinner-homepage", 5, "there is no user \"nobody\""),
        Example("check eltom push nerd-dinner/nerd-dinner-web", 5, "is \"elton\" meant?"),
        Example("check elton push nerd-diner/nerd-dinner-web", 5, "is \"nerd-dinner\" meant?"),
        Example("check elton push nerd-dinner/nerd-dinner-wbe", 5, "is \"nerd-dinner/nerd-dinner-web\" meant?"),
        Example("check elton push nerd-dinner/nerd-dinner-web --as-of 2000-01-01T00:00:00Z", 1, "denied"),
        Example("check elton push nerd-dinner/nerd-dinner-web --as-of 2", 1, "denied"),
        Example("check elton push nerd-dinner/nerd-dinner-web --as-of 2900-01-01T00:00:00Z", 2, "future"),
        Example("check elton push nerd-dinner/nerd-dinner-web --as-of yesterday", 2, "yesterday"),
        Example("check elton psuh nerd-dinner/nerd-dinner-web", 2, "psuh"),
        Example("check elton push nerd-dinner-web", 2, "nerd-dinner-web"),
        Example("check elton push", 2, "Missing expected argument '<resource>'"),
        Example("explain elton push nerd-dinner/nerd-dinner-web", 0, "nerd-dinner/ops"),
        Example("explain frida push nerd-dinner/nerd-dinner-web", 1, "denied"),
        Example("who-may push nerd-dinner/nerd-dinner-web", 0, "elton"),
        Example("who-may push nerd-dinner/nothing", 5, "there is no repository \"nerd-dinner/nothing\""),
        Example("who-may push other/*", 5, "other/*"),
        Example("what-may nosuch", 5, "there is no user \"nosuch\""),
        Example("what-may team:nerd-dinner/opps", 5, "is \"nerd-dinner/ops\" meant?"),
        Example("diff push nerd-dinner/nothing --since 1h", 5, "nerd-dinner/nothing"),
        Example("gran list", 2, "is \"grant\" meant?"),
        Example("grant lsit nerd-dinner/", 2, "is \"list\" meant?"),
        Example("who-may push nerd-dinner/nerd-dinner-web --format csv", 0, #""elton","user","read-write""#),
        Example("what-may elton", 0, "nerd-dinner/handlers/save-dinner"),
        Example("what-may elton push --format csv", 0, #""nerd-dinner/nerd-dinner-web","read-write""#),
        Example("verify", 0, "Sound"),
    ])
    func `questions end with the answer's exit code`(example: Example) async throws {
        try await expect(example)
    }

    @Test(arguments: [
        Example("", 0, "USAGE"),
        Example("--version", 0, "."),
        Example("serve --help", 0, "listen"),
        Example("frobnicate", 2, "frobnicate"),
        Example("check elton push nerd-dinner/nerd-dinner-web --frob", 2, "--frob"),
        Example("grant put team:ops nerd-dinner/nerd-dinner-web read-write", 2, "team:ORG/TEAM"),
        Example("grant put team:nerd-dinner/ops nerd-dinner/nerd-dinner-web owner", 2, "owner"),
        Example("user list --server http://127.0.0.1:9 --database x.db", 2, "--server"),
        Example("check nerd-dinner/ops push nerd-dinner/nerd-dinner-web", 2, "a team does nothing itself"),
        Example("user list --server nonsense", 2, "nonsense"),
        Example("user list --server http://127.0.0.1:9", 3, "http://127.0.0.1:9"),
        Example("user list --database no-such.db", 3, "no-such.db"),
        Example("user show nobody", 5, "nobody"),
        Example("user create Not/A/Name", 2, "Not/A/Name"),
        Example("import no-such.jsonl", 2, "no-such.jsonl"),
        Example("sync run nowhere", 5, "nowhere"),
        Example("init --admin another --password-file /dev/null", 2, "/dev/null"),
        Example("user list --as nobody", 2, "nobody"),
        Example("user create somebody --as elton", 4, "may not"),
        Example("export --as elton", 4, "export"),
        Example("grant delete team:nerd-dinner/ops nerd-dinner/nerd-dinner-web --as frida", 5, "nerd-dinner-web"),
        Example("who-may push nerd-dinner/nerd-dinner-web --as elton", 4, "nerd-dinner-web"),
        Example("who-may push nerd-dinner/handlers/save-dinner --as elton", 0, "elton"),
        Example("what-may elton --as elton", 0, "nerd-dinner/nerd-dinner-web"),
        Example("what-may elton --as frida", 4, "yourself"),
    ])
    func `what cannot be done ends with its own exit code and says why`(example: Example) async throws {
        try await expect(example)
    }

    @Test(arguments: [
        "check elton push nerd-dinner/nerd-dinner-web --json", "explain elton push nerd-dinner/nerd-dinner-web --json",
        "who-may pull nerd-dinner/nerd-dinner-web --format json", "what-may elton --format json", "user list --json",
        "user show elton --json", "org list --json", "org show nerd-dinner --json", "team list nerd-dinner --json",
        "team members nerd-dinner/engineering --effective --json", "repository list --json",
        "repository show nerd-dinner/nerd-dinner-web --json", "grant list nerd-dinner/nerd-dinner-web --json",
        "grant list nerd-dinner/ --json", "token list elton --json", "directory list --json", "changes --json",
        "verify --json", "grant delete team:nerd-dinner/ops nerd-dinner/nerd-dinner-web --dry-run --json",
        "user update frida --email frida@example.com --json",
    ])
    func `an answer for scripts is JSON and nothing else`(arguments: String) async throws {
        let outcome = try await Self.company.value.run(arguments.split(separator: " ").map(String.init)).required()
        #expect(outcome.errors.isEmpty)
        #expect(throws: Never.self, "\(outcome)") {
            try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        }
    }

    @Test func `the first administrator is made once and only where there is none`() async throws {
        let company = try await Self.company.value
        let outcome = try await company.run(["init", "--admin", "second", "--password-file", "-"], input: "a-Secret-2")
        #expect(outcome.status == 2 && outcome.errors.contains("administrator"), "\(outcome)")
        #expect(try await company.run(["user", "show", "second"]).status == 5)
    }

    @Test func `a secret that was made up is shown once and lets its owner in`() async throws {
        let company = try PortreeveInstallation()
        defer { company.remove() }
        let made = try await company.run(["init"]).required()
        let password = try #require(made.output.firstMatch(of: /Password, shown this once: (\S+)/)).output.1
        let server = try await PortreeveProcess.start(company)
        let answer = try await company.send("GET", "/v1/users/me", as: .basic("admin", String(password)))
        #expect(answer.status == 200)
        try await server.stop()
    }

    @Test func `a backup is sound and holds everything`() async throws {
        let company = try await Self.company.value
        let name = "backup-\(UUID().uuidString).db"
        try await company.run(["backup", name]).required()
        try await company.run(["verify", "--database", name]).required()
        let (original, copy) = (
            try await company.run(["export"]).required(),
            try await company.run(["export", "--database", name]).required()
        )
        #expect(original.output == copy.output)
        #expect(try await company.run(["backup", name]).status == 2, "a file that is there is not overwritten")
    }

    private func expect(_ example: Example, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let outcome = try await Self.company.value.run(example.arguments.split(separator: " ").map(String.init))
        #expect(outcome.status == example.status, "\(outcome)", sourceLocation: sourceLocation)
        let (spoken, silent) =
            example.status < 2 ? (outcome.output, outcome.errors) : (outcome.errors, outcome.output)
        #expect(spoken.contains(example.says), "\(outcome)", sourceLocation: sourceLocation)
        #expect(silent.isEmpty, "\(outcome)", sourceLocation: sourceLocation)
    }
}
