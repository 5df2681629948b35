import Foundation
import TestSupport
import Testing

/// The service synchronises by itself, as a process, with a scripted domain controller.
@Suite(.timeLimit(.minutes(5)))
struct ScheduleTests {
    private struct Runs: Decodable {
        struct Run: Decodable {
            var id: String
            var state: String
            var actor: String
            var read: String?
            var applied: Int
        }
        var items: [Run]
    }

    private static func settings(_ port: Int, schedule: String) -> String {
        """
        {"preset": "active-directory", "urls": ["ldap://127.0.0.1:\(port)"],
         "tls": {"mode": "none", "allow_cleartext": true},
         "bind": {"dn": "\(WindowsDirectory.syncPrincipal)", "password": "\(WindowsDirectory.password)"},
         "users": {"base": "\(WindowsDirectory.users)"}, "groups": {"base": "\(WindowsDirectory.users)"},
         "rules": [{"group": "CN=ops,\(WindowsDirectory.users)", "team": "nerd-dinner/ops"}],
         "timeout": 60, "schedule": "\(schedule)", "full_schedule": "1h"}
        """
    }

    private func runs(of company: PortreeveInstallation) async throws -> [Runs.Run] {
        try await company.send("GET", "/v1/directories/corp/sync-runs", as: company.admin).decode(Runs.self).items
    }

    @Test func `a schedule keeps people in step, says how it stands, and ends in order`() async throws {
        let windows = try WindowsDirectory()
        windows.settings.showsDeleted = true
        let proxy = try MessageProxy(upstream: windows.port)
        let ada = try windows.addUser("ada")
        let ops = try windows.addGroup("ops", members: [ada])
        let server = try await PortreeveProcess.start()
        let company = server.installation
        try await company.run(["import", Checkout.path("Sample-Data/nerd-dinner.jsonl")]).required()
        let file = try company.folder.write(Self.settings(proxy.port, schedule: "5s"), to: "corp.json")
        try await company.run(["directory", "put", "corp", file]).required()

        // Put on the file: the running service sees it and begins by itself, with all of it.
        try await poll(for: .seconds(30), "the first scheduled run") {
            try await members(of: "nerd-dinner/ops", at: company) == ["ada"] ? () : nil
        }
        let bob = try windows.addUser("bob")
        try windows.addMember(bob, to: ops)
        try await poll(for: .seconds(30), "the next scheduled run") {
            try await members(of: "nerd-dinner/ops", at: company) == ["ada", "bob"] ? () : nil
        }
        let seen = try await runs(of: company)
        #expect(seen.allSatisfy { $0.actor == "service" && $0.state == "applied" }, "\(seen)")
        #expect(seen.last?.read == "full" && seen.first?.read == "incremental", "\(seen)")

        let metrics = try await company.send("GET", "/metrics", as: company.admin).text
        #expect(metrics.contains(#"portreeve_directory_sync_failing{directory="corp"} 0"#), "\(metrics)")
        let age = metrics.firstMatch(of: /sync_age_seconds\{directory="corp"\} ([0-9.]+)/).flatMap {
            Double($0.output.1)
        }
        #expect(try #require(age) < 30)
        let ready = try await company.send("GET", "/readyz?verbose", as: company.admin).text
        #expect(ready.contains(#""scheduled":true"#) && ready.contains(#""last_state":"applied""#), "\(ready)")

        // A directory that says nothing more while it is read: the service ends all the same, and leaves nothing open.
        proxy.action = .silence
        proxy.message = 3
        try await poll(for: .seconds(30), "a run that waits for the directory") {
            try await runs(of: company).contains { $0.state == "running" } ? () : nil
        }
        let start = ContinuousClock.now
        try await server.stop()
        #expect(ContinuousClock.now - start < .seconds(45), "it does not wait for the directory, which has 60 seconds")
        windows.stop()
        proxy.stop()
        let listed = try await company.run(["sync", "runs", "corp"]).required()
        #expect(!listed.output.contains("running") && listed.output.contains("cancelled"), "\(listed)")
        try await company.run(["verify"]).required()
        try await server.remove()
    }

    @Test func `a command beside the service waits for no lease and takes none`() async throws {
        let windows = try WindowsDirectory()
        let proxy = try MessageProxy(upstream: windows.port)
        defer {
            proxy.stop()
            windows.stop()
        }
        _ = try windows.addUser("ada")
        let server = try await PortreeveProcess.start()
        let company = server.installation
        try await company.run(["org", "create", "nerd-dinner"]).required()
        try await company.run(["team", "create", "nerd-dinner/ops"]).required()
        let file = try company.folder.write(Self.settings(proxy.port, schedule: "31d"), to: "corp.json")
        try await company.run(["directory", "put", "corp", file]).required()
        proxy.action = .silence
        proxy.message = 4
        let running = Task {
            try await company.send(
                "POST", "/v1/directories/corp/sync-runs", as: company.admin, json: #"{"mode":"run"}"#)
        }
        try await poll(for: .seconds(30), "the run to begin") {
            try await runs(of: company).contains { $0.state == "running" } ? () : nil
        }
        let beside = try await company.run(["sync", "run", "corp"])
        #expect(beside.status == 2 && beside.errors.contains("running already"), "\(beside)")
        proxy.stop()
        #expect(try await running.value.status == 201)
        windows.settings.showsDeleted = true
        let after = try await company.run(["sync", "runs", "corp", "--json"]).required()
        #expect(
            after.output.contains(#""state": "failed""#) || after.output.contains(#""complete": false"#), "\(after)")
        try await server.remove()
    }
}
