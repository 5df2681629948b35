import Foundation
import TestSupport
import Testing

/// A process that is killed leaves all of what it did, or nothing.
@Suite(.timeLimit(.minutes(5)))
struct DurabilityTests {
    @Test func `an import that is killed leaves nothing, and succeeds when it is repeated`() async throws {
        let company = try PortreeveInstallation()
        try await company.run(["migrate"]).required()
        try await company.run(["import", Checkout.path("Sample-Data/nerd-dinner.jsonl")]).required()
        let before = try await company.run(["export"]).required().output
        let file = try company.folder.write(Self.lines(20_000), to: "large.jsonl")

        let killer = WriterKiller(of: company.database, after: .milliseconds(300))
        let killed = try await company.run(["import", file])
        try await killer.wait()
        #expect(killed.status != 0, "\(killed)")

        try await company.run(["verify"]).required()
        #expect(try await company.run(["export"]).required().output == before)
        let repeated = try await company.run(["import", file]).required()
        #expect(repeated.output.contains("20,000 lines"), "\(repeated)")
        try await company.run(["verify"]).required()
        let after = try await company.run(["export"]).required().output
        #expect(after.split(separator: "\n").count == before.split(separator: "\n").count + 20_000)
        company.remove()
    }

    enum Moment: Sendable, CaseIterable {
        case whileReading
        case whileWriting
    }

    @Test(arguments: Moment.allCases)
    func `a synchronisation that is killed is repeated, and then changes nothing more`(moment: Moment) async throws {
        let people = 2_000
        let slapd = try await SlapdServer.start()
        try await slapd.apply(Self.people(people))
        let server = try await PortreeveProcess.start()
        let company = server.installation
        try await company.run(["org", "create", "acme"]).required()
        try await company.run(["team", "create", "acme/all"]).required()
        // Falls silent in the midst of the people, so that the moment is there for as long as it takes.
        let proxy = try MessageProxy(upstream: slapd.port, at: moment == .whileReading ? people / 2 : nil, .silence)
        defer { proxy.stop() }
        let settings = try company.folder.write(Self.settings(proxy), to: "slapd.json")
        try await company.run(["directory", "put", "corp", settings]).required()

        let killer = moment == .whileWriting ? WriterKiller(of: company.database, after: .milliseconds(40)) : nil
        let runs = "/v1/directories/corp/sync-runs"
        let interrupted = Task {
            try await company.send("POST", runs, as: company.admin, json: #"{"mode":"run"}"#)
        }
        if let killer {
            try await killer.wait()
        } else {
            try await poll(for: .seconds(30), "half of the people to be read") {
                proxy.messagesPassed >= people / 2 - 1 ? () : nil
            }
        }
        try await server.kill()
        await #expect(throws: (any Error).self) { try await interrupted.value }

        try await company.run(["verify"]).required()
        #expect(try await Self.members(of: company) == 0)
        proxy.message = nil
        try await server.restart()
        let repeated = try await company.ask(["sync", "run", "corp"]).required()
        #expect(repeated.output.contains("applied"), "\(repeated)")
        #expect(try await Self.members(of: company) == people)
        let settled = try await company.run(["export"]).required().output
        let again = try await company.ask(["sync", "run", "corp"]).required()
        #expect(again.output.contains("nothing to change"), "\(again)")
        #expect(try await company.run(["export"]).required().output == settled)
        try await company.run(["verify"]).required()
        let listed = try await company.ask(["sync", "runs", "corp"]).required()
        #expect(!listed.output.contains("running"), "a run that was killed runs no longer: \(listed)")

        try await server.remove()
        try await slapd.remove()
    }

    /// Organisations, each with an owner, a team, repositories and a grant: so many lines, which 8 divides.
    private static func lines(_ count: Int) -> String {
        var lines: [String] = []
        for number in 0..<(count / 8) {
            let (org, user) = ("org-\(number)", "user-\(number)")
            lines += [
                #"{"kind":"user","name":"\#(user)","email":"\#(user)@example.com"}"#,
                #"{"kind":"org","name":"\#(org)","full_name":"Organisation \#(number)"}"#,
                #"{"kind":"org-member","org":"\#(org)","user":"\#(user)","role":"owner"}"#,
                #"{"kind":"team","org":"\#(org)","name":"ops"}"#,
                #"{"kind":"team-member","org":"\#(org)","team":"ops","user":"\#(user)"}"#,
                #"{"kind":"repository","namespace":"\#(org)","name":"web"}"#,
                #"{"kind":"repository","namespace":"\#(org)","name":"tools","visibility":"public"}"#,
                #"{"kind":"grant","subject":{"type":"team","org":"\#(org)","name":"ops"},"#
                    + #""target":{"type":"namespace","name":"\#(org)"},"level":"read-write"}"#,
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func people(_ count: Int) -> String {
        let names = (1...count).map { "uid=person-\($0),\(SlapdServer.people)" }
        let entries = names.enumerated().map { index, dn in
            LDIF.entry(
                dn,
                [
                    ("objectClass", "inetOrgPerson"), ("uid", "person-\(index + 1)"), ("cn", "Person \(index + 1)"),
                    ("sn", "Person"), ("mail", "person-\(index + 1)@corp.example.com"),
                ])
        }
        let group = LDIF.entry(
            "cn=All,\(SlapdServer.groups)",
            [("objectClass", "groupOfNames"), ("cn", "All")] + names.map { ("member", $0) })
        return entries.joined() + group
    }

    private static func settings(_ proxy: MessageProxy) -> String {
        """
        {"preset": "openldap", "urls": ["ldap://127.0.0.1:\(proxy.port)"],
         "tls": {"mode": "none", "allow_cleartext": true},
         "bind": {"dn": "\(SlapdServer.syncAccount)", "password": "\(SlapdServer.password)"},
         "users": {"base": "\(SlapdServer.people)"}, "groups": {"base": "\(SlapdServer.groups)"},
         "rules": [{"group": "cn=All,\(SlapdServer.groups)", "team": "acme/all"}]}
        """
    }

    private static func members(of company: PortreeveInstallation) async throws -> Int {
        let export = try await company.run(["export"]).required().output
        return export.split(separator: "\n").count { $0.contains(#""kind":"team-member""#) }
    }

}
