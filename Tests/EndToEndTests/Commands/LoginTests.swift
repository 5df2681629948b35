import Foundation
import TestSupport
import Testing

/// `portreeve login`, `logout` and `whoami`, and questions at a terminal.
@Suite(.timeLimit(.minutes(3)))
struct LoginTests {
    /// Runs a command as somebody who has neither settings nor a database there.
    private func run(_ company: PortreeveInstallation, _ arguments: [String], input: String = "") async throws
        -> Outcome
    {
        let words = company.words(arguments).filter { !$0.hasPrefix("PORTREEVE_") }
        return try await Program.run(words, input: input, in: company.folder.root)
    }

    @Test func `a login is used until it is taken back`() async throws {
        let server = try await PortreeveProcess.start()
        let company = server.installation
        try await company.makeUsers("mia")
        let password = PortreeveInstallation.password(of: "mia")
        let file = company.folder.path("config/portreeve/logins.json")
        let login = ["login", company.url, "--name", "mia", "--password-file", "-"]
        let wrong = try await run(company, login, input: "wrong")
        #expect(wrong.status == 4 && !FileManager.default.fileExists(atPath: file), "\(wrong)")
        let done = try await run(company, login, input: password)
        #expect(done.status == 0 && done.output.hasPrefix("Logged in to \(company.url) as mia, until "), "\(done)")
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let kept = try String(contentsOfFile: file, encoding: .utf8)
        #expect(!kept.contains(password))
        let who = try await run(company, ["whoami"])
        #expect(who.output.contains("mia") && who.output.contains(company.url), "\(who)")
        #expect(try await run(company, ["what-may", "mia"]).status == 0)
        let tokens = try await run(company, ["token", "list", "mia"])
        #expect(tokens.output.contains("portreeve on "), "\(tokens)")
        // On the file it says so instead.
        let local = try await company.run(["whoami"])
        #expect(local.output.contains("the database file"), "\(local)")
        // Another may not use it.
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        let open = try await run(company, ["whoami"])
        #expect(open.status == 2 && open.errors.contains("chmod 600"), "\(open)")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        let out = try await run(company, ["logout"])
        #expect(out.status == 0 && out.errors.isEmpty, "\(out)")
        #expect(try await company.ask(["token", "list", "mia"]).output.contains("portreeve on ") == false)
        #expect(try await run(company, ["logout"]).status == 2)
        try await server.remove()
    }

    @Test func `a robot's token is kept as it is`() async throws {
        let server = try await PortreeveProcess.start()
        let company = server.installation
        _ = try await company.ask(["org", "create", "acme"]).required()
        _ = try await company.ask(["service-account", "create", "acme+ci"]).required()
        let made = try await company.ask(["token", "create", "acme+ci", "pipeline", "--json"]).required()
        let secret = try #require(try JSONValue(parsing: Data(made.output.utf8))["secret"]?.string)
        let login = ["login", company.url, "--name", "acme+ci", "--token-file", "-"]
        #expect(try await run(company, login, input: "prt_wrong").status == 4)
        #expect(try await run(company, login, input: secret).status == 0)
        #expect(try await run(company, ["whoami"]).output.contains("acme+ci"))
        #expect(try await run(company, ["logout"]).status == 0)
        #expect(
            try await company.ask(["token", "list", "acme+ci"]).output.contains("pipeline"), "it is not ours to revoke")
        try await server.remove()
    }

    @Test(arguments: [("y", "", 0), ("n", "", 1), ("", "", 1), ("", "--yes", 0), ("", "--dry-run", 0)])
    func `a deletion asks at a terminal`(answer: String, option: String, status: Int32) async throws {
        let company = try PortreeveInstallation()
        defer { company.remove() }
        _ = try await company.run(["init", "--admin", "root", "--password-file", "-"], input: "a-Secret-1").required()
        _ = try await company.run(["org", "create", "acme"]).required()
        let words = company.words(["org", "delete", "acme"] + (option.isEmpty ? [] : [option]))
        let line = words.map { "'\($0)'" }.joined(separator: " ")
        let outcome = try await Program.run(
            ["script", "--quiet", "--return", "--command", line, "/dev/null"], input: answer + "\n",
            in: company.folder.root)
        #expect(outcome.status == status, "\(outcome)")
        #expect(outcome.text.contains("Delete organisation acme with its teams? [y/N]") == option.isEmpty, "\(outcome)")
        let isThere = try await company.run(["org", "show", "acme"]).status == 0
        #expect(isThere == (status == 1 || option == "--dry-run"))
    }
}
