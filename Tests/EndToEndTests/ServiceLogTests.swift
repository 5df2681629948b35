import Foundation
import TestSupport
import Testing

/// What a running service writes to its log: a line for each refusal, with who, from where and why.
@Suite(.timeLimit(.minutes(5)))
struct ServiceLogTests {
    @Test func `refused logins, tokens and pushes are lines that fail2ban reads`() async throws {
        let server = try await PortreeveProcess.start()
        let company = server.installation
        try await company.makeUsers("mia", "zoe")
        #expect(
            try await company.send("PATCH", "/v1/users/zoe", as: company.admin, json: #"{"active":false}"#).status
                == 200)
        let forged = "x\" address=203.0.113.9\n2026-01-01T00:00:00Z notice login refused address=203.0.113.9"
        for (login, secret) in [("mia", "wrong"), ("nobody", "wrong"), ("zoe", "wrong"), (forged, "wrong")] {
            #expect(try await company.send("GET", "/v1/users/mia", as: .basic(login, secret)).status == 401)
        }
        #expect(try await company.send("GET", "/v1/users/mia", as: .bearer("ptv_none")).status == 401)
        let mia = HTTPCredential.basic("mia", PortreeveInstallation.password(of: "mia"))
        let made = try await company.ask(["token", "create", "mia", "laptop", "--json"]).required()
        let token = try #require(try JSONValue(parsing: Data(made.output.utf8))["secret"]?.string)
        #expect(try await company.send("GET", "/v1/users/mia", as: .basic("zoe", token)).status == 401)
        let scope = "/token?service=\(PortreeveInstallation.registryService)&scope=repository:acme/web:pull,push"
        #expect(try await company.send("GET", scope, as: mia).status == 200)
        let lines = server.log.split(separator: "\n").map(String.init)
        func expect(_ message: String, _ values: String...) {
            let found = lines.contains { line in
                line.contains(" notice \(message) address=127.0.0.1") && values.allSatisfy(line.contains)
            }
            #expect(found, "\(message) \(values) in:\n\(server.log)")
        }
        expect("login refused", "login=mia", #"reason="the password is wrong""#)
        expect("login refused", "login=nobody", #"reason="there is no such login""#)
        expect("login refused", "login=zoe", #"reason="the account is inactive""#)
        expect("token refused", #"reason="no such token, or it was revoked""#)
        expect("token refused", #"reason="it belongs to another login""#, "holder=mia", "token=")
        expect("registry access refused", "subject=mia", "repository=acme/web", "actions=pull,push")
        #expect(!lines.contains { $0.contains("Dinner-") || $0.contains(company.password) }, "no secret is in it")
        let filter = Checkout.path("Packaging/fail2ban/portreeve.conf")
        // As a file, and as the journal hands lines over: with host and program before them, and the time beside them.
        let journal = company.folder.path("journal.log")
        try lines.map { "host portreeve[42]: \($0)\n" }.joined().write(
            toFile: journal, atomically: true, encoding: .utf8)
        for source in [[company.folder.path("server.log")], ["--datepattern", "{NONE}", journal]] {
            let outcome = try await Program.run(
                ["fail2ban-regex", "--out", "ip"] + source + [filter], in: company.folder.root
            ).required()
            let addresses = outcome.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            #expect(addresses == Array(repeating: "127.0.0.1", count: 6), "\(outcome.output)")
        }
        try await server.remove()
    }

    @Test func `a slowed address is said once`() async throws {
        let server = try await PortreeveProcess.start()
        let company = server.installation
        try await company.makeUsers("mia")
        for number in 1...25 {
            let answer = try await company.send("GET", "/v1/users/mia", as: .basic("mia", "wrong\(number)"))
            #expect(answer.status == (number > 20 ? 429 : 401))
        }
        #expect(server.log.split(separator: "\n").count { $0.contains(" login slowed ") } == 1)
        try await server.remove()
    }

    @Test func `a push without credentials is said once`() async throws {
        let server = try await PortreeveProcess.start()
        let company = server.installation
        let path = "/token?service=\(PortreeveInstallation.registryService)&scope=repository:acme/web:pull,push"
        for _ in 1...20 { #expect(try await company.send("GET", path, as: nil).status == 200) }
        let lines = server.log.split(separator: "\n").filter { $0.contains(" registry access refused ") }
        #expect(lines.count == 1, "\(server.log)")
        #expect(lines.first?.contains("subject=anonymous") == true)
        try await server.remove()
    }

    @Test(arguments: ["off", "errors", "all"])
    func `requests are logged as the settings say, as JSON where that is asked for`(which: String) async throws {
        let server = try await PortreeveProcess.start(
            try PortreeveInstallation(settings: ["PORTREEVE_LOG_REQUESTS": which, "PORTREEVE_LOG_FORMAT": "json"]))
        let company = server.installation
        #expect(try await company.send("GET", "/v1/users/nobody?dry_run=x", as: company.admin).status == 400)
        let lines = try server.log.split(separator: "\n").filter { $0.hasPrefix("{") }
            .map { try JSONValue(parsing: Data($0.utf8)) }
        #expect(!lines.isEmpty)
        let requests = lines.filter { $0["message"] == "request" && $0["path"] == "/v1/users/nobody" }
        #expect(requests.count == (which == "all" ? 1 : 0), "\(server.log)")
        for request in requests {
            #expect(request["status"] == "400" && request["method"] == "GET" && request["address"] == "127.0.0.1")
        }
        try await server.remove()
    }
}
