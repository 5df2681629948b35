import TestSupport
import Testing

/// Two directories beside each other: names, members of one in groups of the other, and their order.
struct SeveralDirectoriesTests {
    /// A second directory, `partner`, of its own domain controller or a place of the first one's.
    private func putPartner(
        _ world: DirectoryWorld, url: String, base: String, rules: JSONValue = [], order: Int = 0
    ) async throws {
        let answer = try await world.service.put(
            "/v1/directories/partner",
            [
                "preset": "active-directory", "urls": [.string(url)],
                "tls": ["mode": "none", "allow_cleartext": true], "order": .integer(Int64(order)),
                "bind": [
                    "dn": .string(WindowsDirectory.syncPrincipal), "password": .string(WindowsDirectory.password),
                ],
                "users": ["base": .string(base)], "groups": ["base": .string(base)], "rules": rules, "timeout": 2,
            ], as: "root")
        #expect(answer.status == 201, "\(answer.text)")
    }

    private func syncPartner(_ world: DirectoryWorld) async throws -> JSONValue {
        world.service.clock.advance(by: .seconds(1))
        return try await world.service.post("/v1/directories/partner/sync-runs", ["mode": "run"], as: "root").json
    }

    @Test func `one login name of two domains is the first one's, and the second is told`() async throws {
        let partner = try WindowsDirectory()
        defer { partner.stop() }
        _ = try partner.addUser("ada")
        _ = try partner.addUser("cyd")
        try await DirectoryWorld.run { world in
            try world.addPeople(["ada", "bob"])
            try await putPartner(world, url: partner.url, base: WindowsDirectory.users)
            _ = try await world.sync()
            let run = try await syncPartner(world)
            #expect(run.planned == ["create-user cyd"])
            let note = run["plan"]?["notes"]?.elements.first { $0["kind"] == "refused-person" }
            #expect(note?["text"]?.string?.contains("held by a person of the directory corp") == true)
            #expect(try await world.service.get("/v1/users/ada", as: "root").json["directory"]?["name"] == "corp")
            // Nothing that the second says touches the first one's person.
            try partner.delete("CN=ada,\(WindowsDirectory.users)")
            #expect(try await syncPartner(world).planned == [])
            #expect(try await world.members() == ["ada", "bob"])
        }
    }

    @Test func `a member whom another directory knows is in the team, and leaves with the group`() async throws {
        try await DirectoryWorld.run { world in
            let staff = try world.windows.addUnit("Partners")
            let cyd = try world.windows.addUser("cyd", in: staff)
            try world.addPeople(["ada"])
            try await putPartner(world, url: world.windows.url, base: staff)
            try world.windows.addMember(cyd, to: "CN=ops,\(WindowsDirectory.users)")
            let before = try await world.sync()
            #expect(before["plan"]?["notes"]?.elements.contains { $0["kind"] == "unresolved-members" } == true)
            #expect(try await world.members() == ["ada"])
            _ = try await syncPartner(world)
            #expect(try await world.sync().planned == ["add-to-organization cyd", "add-to-team cyd"])
            #expect(try await world.members() == ["ada", "cyd"])
            #expect(try await world.sync().planned == [])
            try world.windows.removeMember(cyd, from: "CN=ops,\(WindowsDirectory.users)")
            #expect(try await world.sync().planned == ["remove-from-team cyd", "remove-from-organization cyd"])
        }
    }

    @Test func `a directory that is deleted leaves its memberships to people`() async throws {
        try await DirectoryWorld.run { world in
            let staff = try world.windows.addUnit("Partners")
            let ada = try world.addPeople(["ada"])[0]
            _ = try world.windows.addGroup("guests", in: staff, members: [ada])
            let rules: JSONValue = [["group": .string("CN=guests,\(staff)"), "team": "nerd-dinner/web"]]
            try await putPartner(world, url: world.windows.url, base: staff, rules: rules)
            _ = try await world.sync()
            #expect(try await syncPartner(world).planned == ["add-to-team ada"])
            expectProblem(
                try await world.service.delete("/v1/orgs/nerd-dinner/teams/web/members/ada", as: "root"), 409,
                code: "directory-managed")
            #expect(try await world.service.delete("/v1/directories/partner", as: "root").status == 204)
            #expect(try await world.members(of: "nerd-dinner/web") == ["ada"])
            let removed = try await world.service.delete("/v1/orgs/nerd-dinner/teams/web/members/ada", as: "root")
            #expect(removed.status == 204)
        }
    }

    @Test func `directories are listed in their order, and a just-in-time login asks them in it`() async throws {
        let partner = try WindowsDirectory()
        defer { partner.stop() }
        partner.setPassword("the partner's", of: try partner.addUser("ada"))
        try await DirectoryWorld.run({ $0["just_in_time"] = true }) { world in
            try world.addPeople(["ada"])
            try await putPartner(world, url: partner.url, base: WindowsDirectory.users, order: -1)
            let names = try await world.service.get("/v1/directories", as: "root").items.compactMap {
                $0["name"]?.string
            }
            #expect(names == ["partner", "corp"])
            // The partner makes no accounts at a login, so its password is nobody's here.
            let refused = try await world.service.send(
                "GET", "/v1/users/me", as: .basic(login: "ada", secret: "the partner's"))
            #expect(refused.status == 401)
            let taken = try await world.service.send(
                "GET", "/v1/users/me", as: .basic(login: "ada", secret: "ada's password"))
            #expect(taken.json["directory"]?["name"] == "corp")
        }
    }

    @Test func `a directory that is back after a day is read in full and changes nothing more than it must`()
        async throws
    {
        try await DirectoryWorld.run { world in
            let people = try world.addPeople(["ada", "bob"])
            _ = try await world.sync()
            world.proxy.action = .close
            world.proxy.message = 1
            for _ in 0..<3 { #expect(try await world.sync().state == "failed") }
            try world.windows.delete(people[1])
            world.windows.expungeTombstones()
            world.service.clock.advance(by: .seconds(86_400))
            world.proxy.message = nil
            // What was deleted and expunged meanwhile no change tells; the full reading that is due does.
            #expect(try await world.sync().state == "applied")
            let full = try await world.sync(reading: "full")
            #expect(full.planned == ["remove-from-team bob", "deactivate bob"])
            #expect(try await world.members() == ["ada"])
        }
    }

    @Test func `a group that is emptied empties its team, held where that is much`() async throws {
        for (count, state) in [(4, "applied"), (6, "held")] {
            try await DirectoryWorld.run({ $0["brake"] = ["max_percent": 100] }) { world in
                let people = try world.addPeople((1...count).map { "p\($0)" })
                _ = try await world.sync()
                for person in people {
                    try world.windows.removeMember(person, from: "CN=ops,\(WindowsDirectory.users)")
                }
                #expect(try await world.sync().state == state)
                #expect(try await world.members().count == (state == "held" ? count : 0))
            }
        }
    }
}
