import AccessControl
import AccessModel
import Foundation
import TestSupport
import Testing

/// Runs on ordinary days: groups that are renamed, servers that ail, notes that repeat.
@Suite(.timeLimit(.minutes(5)))
struct OrdinaryRunTests {
    // MARK: Frozen rules

    @Test func `a rule follows its group, and what is frozen is counted everywhere`() async throws {
        try await DirectoryWorld.run { world async throws in
            let people = try world.addPeople(["ann", "lou"])
            #expect(try await world.sync()["frozen"] == 0)
            try world.windows.rename("CN=ops,\(WindowsDirectory.users)", to: "CN=operators,\(WindowsDirectory.users)")
            try world.windows.removeMember(people[0], from: "CN=operators,\(WindowsDirectory.users)")
            for reading in [nil, "full"] {
                let run = try await world.sync(reading: reading)
                #expect(run.state == "applied" && run["frozen"] == 0, "\(run)")
                #expect(run["plan"]?["notes"]?.elements.map { $0["kind"]?.string } == ["renamed-group"], "\(run)")
                #expect(try await world.members() == ["lou"])
            }
            #expect(try await world.metric("frozen") == 0)
            // Out of what is read: it cannot be followed.
            let away = try world.windows.addUnit("Away")
            try world.windows.rename("CN=operators,\(WindowsDirectory.users)", to: "CN=operators,\(away)")
            try world.windows.removeMember(people[1], from: "CN=operators,\(away)")
            let lost = try await world.sync(reading: "full")
            #expect(lost.state == "applied" && lost["frozen"] == 1, "\(lost)")
            #expect(try await world.members() == ["lou"], "nobody leaves a team whose group is not read")
            #expect(try await world.metric("frozen") == 1)
            let ready = try await world.service.get("/readyz?verbose", as: "root").json
            #expect(ready["directories"]?.elements.first?["frozen"] == 1, "\(ready)")
            let settled = try await world.sync(reading: "full")
            #expect(settled["frozen"] == 1, "also where nothing has changed since: \(settled)")
            // Somebody else's group gets the name meanwhile.
            _ = try world.windows.addUser("eve")
            let stranger = try world.windows.addGroup("ops", members: ["CN=eve,\(WindowsDirectory.users)"])
            let taken = try await world.sync(reading: "full")
            #expect(taken["frozen"] == 1, "\(taken)")
            #expect(try await world.members() == ["lou"], "a stranger's group is not followed: \(taken)")
            try world.windows.delete(stranger)
            let steps = try await world.service.post("/v1/directories/corp/test", [:], as: "root").text
            #expect(steps.contains("CN=ops,"), "\(steps)")
            try world.windows.rename("CN=operators,\(away)", to: "CN=back,\(WindowsDirectory.users)")
            let back = try await world.sync(reading: "full")
            #expect(back["frozen"] == 0, "it is known until it is read again: \(back)")
            #expect(try await world.members() == [])
            let followed = try await world.service.post("/v1/directories/corp/test", [:], as: "root").json
            let rules = followed["steps"]?.elements.first { $0["step"] == "rules" }
            #expect(rules?["outcome"] == "warning" && rules?["saw"]?.string?.contains("CN=back") == true, "\(followed)")
            // The same settings with the same password are no change, and others keep what rules follow.
            let revision = try await world.service.get("/v1/directories/corp", as: "root").json["revision"]
            try await world.put { $0["brake"] = nil }
            #expect(try await world.service.get("/v1/directories/corp", as: "root").json["revision"] == revision)
            try await world.put { $0["timeout"] = 50 }
            #expect(try await world.service.get("/v1/directories/corp", as: "root").json["revision"] != revision)
            #expect(try await world.sync()["frozen"] == 0)
        }
    }

    @Test func `a team of a pattern whose group is gone counts as frozen`() async throws {
        try await DirectoryWorld.run({ $0["rules"] = [["pattern": "registry {org} {team}"]] }) { world async throws in
            let people = try world.addPeople(["ann", "lou"])
            let group = try world.windows.addGroup("registry acme web", members: people)
            #expect(try await world.sync()["frozen"] == 0)
            try world.windows.delete(group)
            let run = try await world.sync(reading: "full")
            #expect(run["frozen"] == 2 && run.planned.isEmpty, "\(run)")
            #expect(try await world.members(of: "acme/web") == ["ann", "lou"])
        }
    }

    // MARK: Servers that ail

    @Test func `a server that fails its searches is asked after the others`() async throws {
        try await DirectoryWorld.run { world async throws in
            try world.addPeople(["ann", "lou"])
            let (first, second) = ("ldap://127.0.0.1:\(world.proxy.port)", "ldap://127.0.0.1:\(world.windows.port)")
            try await world.put { $0["urls"] = [.string(first), .string(second)] }
            world.proxy.rewrite = { answer in
                var answer = answer
                if answer.isSearchDone, answer.request?.scope != .base { answer.end(with: 51) }
                return [answer]
            }
            let failing = try await world.sync()
            #expect(failing["complete"] == false && failing.log.contains("connected to \(first)"), "\(failing)")
            #expect(failing["message"]?.string?.contains("Server is busy (51)") == true, "\(failing)")
            let next = try await world.sync()
            #expect(next["complete"] == true && next.log.contains("connected to \(second)"), "\(next)")
            #expect(try await world.members() == ["ann", "lou"])
            world.proxy.rewrite = nil
            let later = try await world.sync(reading: "full")
            #expect(later.log.contains("connected to \(second)"), "for some minutes: \(later)")
        }
    }

    @Test(arguments: [1, 3, 11, 51, 52, 80])
    func `a bind without a verdict is asked of the next server`(_ code: UInt8) async throws {
        try await DirectoryWorld.run { world async throws in
            try world.addPeople(["ann"])
            world.proxy.rewrite = { answer in
                var answer = answer
                if answer.isBind { answer.end(with: code) }
                return [answer]
            }
            let alone = try await world.sync()
            #expect(alone.state == "failed", "\(alone)")
            #expect(alone["message"]?.string?.contains("with no verdict") == true, "\(alone)")
            #expect(alone["message"]?.string?.contains("refused") == false, "\(alone)")
            try await world.put {
                $0["urls"] = [
                    .string("ldap://127.0.0.1:\(world.proxy.port)"), .string("ldap://127.0.0.1:\(world.windows.port)"),
                ]
            }
            #expect(try await world.sync()["complete"] == true)
            let login = try await world.service.get(
                "/v1/users/me", as: .basic(login: "ann", secret: "ann's password"))
            #expect(login.status == 200, "\(login.text)")
        }
    }

    @Test func `members are not looked up one by one after a failed search`() async throws {
        try await DirectoryWorld.run { world async throws in
            try world.addPeople((0..<30).map { "p\($0)" })
            world.proxy.rewrite = { answer in
                var answer = answer
                if answer.isSearchDone, answer.request?.filter.contains("objectCategory") == true {
                    answer.end(with: 3)
                }
                // Nobody arrives before the search fails.
                if answer.entry?.dn.hasPrefix("CN=p") == true, answer.request?.scope != .base { return [] }
                return [answer]
            }
            world.windows.forgetRequests()
            #expect(try await world.sync()["complete"] == false)
            #expect(!world.windows.requests.contains { $0.base.hasPrefix("CN=p") }, "\(world.windows.requests)")
        }
    }

    @Test func `an incomplete run says first what was not read, and how much was last time`() async throws {
        try await DirectoryWorld.run { world async throws in
            try world.addPeople(["ann", "lou", "max"])
            _ = try await world.sync()
            world.proxy.rewrite = { answer in
                var answer = answer
                if answer.isSearchDone, answer.request?.filter.contains("objectCategory") == true {
                    answer.end(with: 3)
                }
                if answer.entry?.dn.hasPrefix("CN=max") == true { return [] }
                return [answer]
            }
            let run = try await world.sync(reading: "full")
            #expect(
                run["message"]?.string
                    == "incomplete, so nothing was removed: people: the server's time limit stopped the search after 2 "
                    + "entries (2 people read, 3 last time)", "\(run)")
            let notes = run["plan"]?["notes"]?.elements.map { $0["kind"]?.string }
            #expect(notes == ["incomplete-reading"], "each reason once: \(run)")
        }
    }

    @Test func `a run asks its directory for so long and no longer`() async throws {
        let time = TimeForDirectory(.milliseconds(50))
        let error = await #expect(throws: AccessError.self) {
            try await time.ask { () async throws(AccessError) in
                do { try await Task.sleep(for: .seconds(3_600)) } catch { throw .directory(.cancelled) }
            }
        }
        #expect(error?.description.contains("it answers too slowly") == true)
        #expect(try await TimeForDirectory(.seconds(3_600)).ask { () async throws(AccessError) in 7 } == 7)
        let cancelled = Task {
            try await TimeForDirectory(.seconds(3_600)).ask { () async throws(AccessError) in
                do { try await Task.sleep(for: .seconds(3_600)) } catch { throw .directory(.cancelled) }
            }
        }
        cancelled.cancel()
        await #expect(throws: AccessError.directory(.cancelled)) { try await cancelled.value }
    }

    // MARK: Notes

    @Test func `notes that are those of an earlier run take no room`() async throws {
        try await DirectoryWorld.run { world async throws in
            try world.addPeople(["ann"])
            for number in 0..<300 { try world.windows.addUser("pc\(number)$") }
            func size() async throws -> Int {
                try await Int(
                    Command.run(
                        ["sqlite3", world.service.folder.path("portreeve.db"), "SELECT sum(pgsize) FROM dbstat"]
                    ).trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
            }
            var notes: [JSONValue] = []
            var first = 0
            for number in 1...21 {
                // One more now and then must not store all of them again.
                if number > 15 { try world.windows.addUser("more\(number)$") }
                let run = try await world.sync(reading: number % 2 == 0 ? "full" : nil)
                notes = run["plan"]?["notes"]?.elements ?? []
                #expect(notes.count == 300 + max(0, number - 15))
                #expect(try await world.run(run.id)["plan"]?["notes"]?.elements == notes, "each shows them")
                if number == 1 { first = try await size() }
            }
            #expect(try await size() - first < 20 * 8_192, "two pages a run")
        }
    }

    // MARK: Members from other forests

    @Test func `a member from another forest is found by the SID`() async throws {
        let other = try await SambaDomainController.start(allowsClearText: true)
        let base = "OU=Forest,\(SambaDomainController.base)"
        try await other.apply(
            LDIF.entry(base, [("objectClass", "organizationalUnit")])
                + SambaDomainController.user("eva", dn: "CN=eva,\(base)"))
        let sid = try await other.sid("CN=eva,\(base)")
        try await DirectoryWorld.run { world async throws in
            try world.addPeople(["ann"])
            let principals = "CN=ForeignSecurityPrincipals,\(WindowsDirectory.base)"
            try world.windows.add(principals, [("objectClass", ["top", "container"])])
            for name in [sid, "S-1-5-11"] {
                try world.windows.add(
                    "CN=\(name),\(principals)", [("objectClass", ["top", "foreignSecurityPrincipal"])])
                try world.windows.addMember("CN=\(name),\(principals)", to: "CN=ops,\(WindowsDirectory.users)")
            }
            let before = try await world.sync()
            let text = before["plan"]?["notes"]?.elements.compactMap { $0["text"]?.string } ?? []
            #expect(text.contains { $0.hasPrefix("2 members from another forest, or built-in") }, "\(before)")
            let settings: JSONValue = [
                "preset": "active-directory", "urls": [.string("ldap://\(other.address)")],
                "tls": ["mode": "none", "allow_cleartext": true],
                "bind": [
                    "dn": .string(SambaDomainController.syncAccount),
                    "password": .string(SambaDomainController.password),
                ],
                "users": ["base": .string(base)], "groups": ["base": .string(base)], "timeout": 20,
            ]
            #expect(try await world.service.put("/v1/directories/samba", settings, as: "root").status == 201)
            world.service.clock.advance(by: .seconds(1))
            let run = try await world.service.post("/v1/directories/samba/sync-runs", ["mode": "run"], as: "root").json
            #expect(run.state == "applied", "\(run)")
            let after = try await world.sync()
            #expect(try await world.members() == ["ann", "eva"], "\(after)")
            try await other.stop()
            try world.windows.addUser("max")
            let down = try await world.sync(reading: "full")
            #expect(
                try await world.members() == ["ann", "eva"], "a forest that cannot be asked takes nobody away: \(down)")
            #expect(
                down.log.contains { $0.hasPrefix("members from other forests are not looked for in samba") }, "\(down)")
        }
        try await other.remove()
    }

    // MARK: Renamed groups on real servers

    @Test(arguments: ["slapd", "samba"])
    func `a rule follows its group to another name, and says so`(_ kind: String) async throws {
        let base: String
        let apply: (String) async throws -> Void
        let stop: () async throws -> Void
        var settings: [String: JSONValue] = [
            "tls": ["mode": "none", "allow_cleartext": true], "brake": DirectoryWorld.noBrake,
        ]
        if kind == "slapd" {
            let server = try await SlapdServer.start(followsChanges: true)
            base = "ou=People,\(SlapdServer.suffix)"
            try await server.apply(
                ["ann", "lou"].map { name in
                    LDIF.entry(
                        "cn=\(name),\(base)",
                        [("objectClass", "inetOrgPerson"), ("cn", name), ("uid", name), ("sn", name)])
                }.joined()
                    + LDIF.entry(
                        "cn=ops,\(base)",
                        [("objectClass", "groupOfNames"), ("cn", "ops")]
                            + ["ann", "lou"].map { ("member", "cn=\($0),\(base)") }))
            settings["preset"] = "openldap"
            settings["urls"] = [.string(server.url)]
            settings["bind"] = ["dn": .string(SlapdServer.syncAccount), "password": .string(SlapdServer.password)]
            apply = { try await server.apply($0) }
            stop = { try await server.remove() }
        } else {
            let server = try await SambaDomainController.start(allowsClearText: true)
            base = "OU=Renamed,\(SambaDomainController.base)"
            try await server.apply(
                LDIF.entry(base, [("objectClass", "organizationalUnit")])
                    + ["ann", "lou"].map { SambaDomainController.user($0, dn: "CN=\($0),\(base)") }.joined())
            try await server.apply(
                SambaDomainController.group(
                    "ops", dn: "CN=ops,\(base)", members: ["ann", "lou"].map { "CN=\($0),\(base)" }))
            settings["preset"] = "active-directory"
            settings["urls"] = [.string("ldap://\(server.address)")]
            settings["bind"] = [
                "dn": .string(SambaDomainController.syncAccount), "password": .string(SambaDomainController.password),
            ]
            apply = { try await server.apply($0) }
            stop = { try await server.remove() }
        }
        settings["users"] = ["base": .string(base)]
        settings["groups"] = ["base": .string(base)]
        settings["rules"] = [["group": .string("cn=ops,\(base)"), "team": "nerd-dinner/ops"]]
        let put = JSONValue.object(settings)
        let lines: [SeedLine] = [.user("root", admin: true), .org("nerd-dinner"), .team("nerd-dinner/ops")]
        try await TestService.run(lines) { service async throws in
            #expect(try await service.put("/v1/directories/corp", put, as: "root").status == 201)
            func sync(_ reading: String? = nil) async throws -> JSONValue {
                service.clock.advance(by: .seconds(1))
                let body: JSONValue = reading.map { ["mode": "run", "reading": .string($0)] } ?? ["mode": "run"]
                return try await service.post("/v1/directories/corp/sync-runs", body, as: "root").json
            }
            func members() async throws -> [String] {
                try await service.get("/v1/orgs/nerd-dinner/teams/ops/members", as: "root").items
                    .compactMap { $0["user"]?.string }
            }
            #expect(try await sync().state == "applied")
            #expect(try await members() == ["ann", "lou"])
            try await apply(
                LDIF.rename("cn=ops,\(base)", to: "cn=operators")
                    + LDIF.remove("cn=operators,\(base)", "member", ["cn=ann,\(base)"]))
            // Whoever does not see deleted objects, as Samba's account, removes nobody before the next full reading.
            for reading in kind == "slapd" ? [nil, "full"] : ["full"] {
                let run = try await sync(reading)
                #expect(
                    run["frozen"] == 0
                        && run["plan"]?["notes"]?.elements.map { $0["kind"]?.string } == ["renamed-group"], "\(run)")
                #expect(try await members() == ["lou"])
            }
        }
        try await stop()
    }
}

extension JSONValue {
    fileprivate var log: [String] { self["log"]?.elements.compactMap { $0["text"]?.string } ?? [] }
}
