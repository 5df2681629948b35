import Foundation
import TestSupport
import Testing

/// The sample company in OpenLDAP, its service and its registry, from the first plan to a directory that is down.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct OpenLDAPTests {
    @Test func `a company's people come, log in, push, and leave as their directory says`() async throws {
        let world = try await SyncedWorld()
        let company = world.company

        // A plan prints what would be, and changes nothing.
        let before = try await company.run(["export"]).required().output
        let plan = try await company.ask(["sync", "plan", "corp", "--all"]).required()
        #expect(plan.output.contains("elton") && plan.output.contains("nerd-dinner/ops"), "\(plan)")
        #expect(try await company.run(["export"]).required().output == before)
        let run = try await company.ask(["sync", "run", "corp"]).required()
        #expect(run.output.contains("applied"), "\(run)")

        // Nested three groups deep: Contractors, in Web Developers, in Developers.
        #expect(try await members(of: "nerd-dinner/developers", at: company).contains("jsmith"))
        #expect(try await members(of: "nerd-dinner/ops", at: company).contains("elton"))
        #expect(try await world.login("elton").status == 200)
        #expect(try await world.login("elton", password: "Dinner-paula-1").status == 401)
        #expect(try await world.login("elton", password: "").status == 401)
        try await world.push("nerd-dinner-web", as: "elton").required()
        try await world.push("handlers/save-dinner", as: "jsmith").required()
        #expect(try await world.push("nerd-dinner-web", as: "frida").status != 0)

        // Disabled and expired: in the directory's groups, and without any access.
        for name in ["wendell", "tim"] {
            #expect(try await world.login(name).status == 401)
            #expect(try await company.run(["check", name, "pull", "nerd-dinner/nerd-dinner-homepage"]).status == 1)
        }

        try await world.directory.apply(Self.member("Elton Stone", leaves: "Registry Ops"))
        try await world.push("nerd-dinner-web", as: "elton").required()
        let removal = try await company.ask(["sync", "run", "corp"]).required()
        #expect(removal.output.contains("elton"), "\(removal)")
        #expect(try await !members(of: "nerd-dinner/ops", at: company).contains("elton"))
        #expect(try await world.push("nerd-dinner-web", as: "elton").status != 0)
        #expect(try await world.login("elton").status == 200)

        let again = try await company.ask(["sync", "run", "corp"]).required()
        #expect(again.output.contains("nothing to change"), "\(again)")
        try await company.run(["verify"]).required()
        try await world.remove()
    }

    @Test func `what the brake holds is applied once, by approval`() async throws {
        let world = try await SyncedWorld()
        let company = world.company
        try await company.ask(["sync", "run", "corp"]).required()
        let developers = try await members(of: "nerd-dinner/developers", at: company)
        try #require(developers.count > 10)

        let leo = SampleDirectory.person("Leo Tanaka")
        try await world.directory.apply(
            LDIF.replace(SampleDirectory.group("Developers"), "member", with: [leo]))
        let held = try await company.ask(["sync", "run", "corp"])
        #expect(held.status == 4, "\(held)")
        #expect(held.errors.isEmpty)
        #expect(try await members(of: "nerd-dinner/developers", at: company) == developers)
        let id = try #require(held.output.firstMatch(of: /portreeve sync approve (\S+)/), "\(held)").output.1

        let approved = try await company.ask(["sync", "approve", String(id)])
        #expect(approved.status == 0, "\(approved)")
        #expect(try await members(of: "nerd-dinner/developers", at: company) == ["leo"])
        let second = try await company.ask(["sync", "approve", String(id)])
        #expect(second.status == 2, "\(second)")
        #expect(second.errors.contains("nothing waits"), "\(second)")
        let after = try await company.ask(["sync", "run", "corp"]).required()
        #expect(after.output.contains("nothing to change"), "\(after)")
        try await world.remove()
    }

    @Test func `a plan lapses with the settings that it follows`() async throws {
        let world = try await SyncedWorld()
        let company = world.company
        let plan = try await company.ask(["sync", "plan", "corp"]).required()
        let id = try #require(plan.output.firstMatch(of: /portreeve sync apply (\S+)/), "\(plan)").output.1
        let file = try world.directory.writeSettings(for: company)
        let settings = try String(contentsOfFile: file, encoding: .utf8)
        let opening = try #require(settings.firstIndex(of: "{"))
        let changed = "{\"page_size\": 77," + settings[settings.index(after: opening)...]
        let changedFile = try company.folder.write(String(changed), to: "changed.json")
        try await company.run(["directory", "put", "corp", changedFile]).required()
        let applied = try await company.ask(["sync", "apply", String(id)])
        #expect(applied.status == 2, "\(applied)")
        #expect(applied.errors.contains("settings"), "\(applied)")
        try await world.remove()
    }

    @Test func `a plan is applied as it was shown, and lapses when the state has moved`() async throws {
        let world = try await SyncedWorld()
        let company = world.company
        let identifier = { (plan: Outcome) in
            try #require(plan.output.firstMatch(of: /portreeve sync apply (\S+)/), "\(plan)").output.1
        }
        let first = try identifier(try await company.ask(["sync", "plan", "corp"]).required())
        try await company.ask(["sync", "apply", String(first)]).required()
        #expect(try await members(of: "nerd-dinner/ops", at: company).contains("elton"))
        #expect(try await company.ask(["sync", "apply", String(first)]).status == 2)

        try await world.directory.apply(Self.member("Elton Stone", leaves: "Registry Ops"))
        let second = try identifier(try await company.ask(["sync", "plan", "corp"]).required())
        try await company.ask(["sync", "run", "corp"]).required()
        let lapsed = try await company.ask(["sync", "apply", String(second)])
        #expect(lapsed.status != 0, "\(lapsed)")
        #expect(lapsed.errors.contains("plan again"), "\(lapsed)")
        try await world.remove()
    }

    @Test func `a directory that is down takes nobody's access and keeps no local administrator out`() async throws {
        let world = try await SyncedWorld()
        let company = world.company
        try await company.ask(["sync", "run", "corp"]).required()
        let before = try await company.run(["export"]).required().output

        try await world.directory.stop()
        for command in ["plan", "run"] {
            let outcome = try await company.ask(["sync", command, "corp"])
            #expect(outcome.status == 3, "\(outcome)")
            #expect(outcome.errors.contains("127.0.0.1"), "\(outcome)")
        }
        #expect(try await company.run(["export"]).required().output == before)
        #expect(try await company.send("GET", "/v1/users/me", as: company.admin).status == 200)
        try await world.skopeo.push(
            "nerd-dinner/nerd-dinner-web", as: .init(PortreeveInstallation.administrator, company.password)
        ).required()
        #expect(try await company.run(["check", "elton", "push", "nerd-dinner/nerd-dinner-web"]).status == 0)
        #expect(try await world.login("nobody").status == 503)

        try await world.directory.restart()
        let back = try await company.ask(["sync", "run", "corp"]).required()
        #expect(back.output.contains("nothing to change"), "\(back)")
        #expect(try await world.login("elton").status == 200)
        try await world.remove()
    }

    @Test func `a wrong bind password is told and changes nothing`() async throws {
        let world = try await SyncedWorld()
        let company = world.company
        try await company.ask(["sync", "run", "corp"]).required()
        let before = try await company.run(["export"]).required().output
        try company.folder.write("a wrong password", to: "secrets/company-password")
        let outcome = try await company.ask(["sync", "run", "corp"])
        #expect(outcome.status == 3, "\(outcome)")
        #expect(outcome.errors.contains("password"), "\(outcome)")
        #expect(!outcome.text.contains("a wrong password"), "a secret is never shown: \(outcome)")
        #expect(try await company.run(["export"]).required().output == before)
        try await world.remove()
    }

    private static func member(_ person: String, leaves group: String) -> String {
        """
        dn: \(SampleDirectory.group(group))
        changetype: modify
        delete: member
        member: \(SampleDirectory.person(person))

        """
    }
}
