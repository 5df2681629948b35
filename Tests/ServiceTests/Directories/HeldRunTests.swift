import TestSupport
import Testing

/// What the brake holds, from the first run that holds it to the approval.
struct HeldRunTests {
    private static let names = (1...8).map { "p\($0)" }

    private func world(_ body: (DirectoryWorld, [String]) async throws -> Void) async throws {
        try await DirectoryWorld.run { world in
            let people = try world.addPeople(Self.names)
            #expect(try await world.sync().state == "applied")
            for person in people.prefix(6) {
                try world.windows.removeMember(person, from: "CN=ops,\(WindowsDirectory.users)")
            }
            try await body(world, people)
        }
    }

    @Test func `what is held stays to be approved while the directory says the same`() async throws {
        try await world { world, _ in
            let first = try await world.sync()
            #expect(first.state == "held" && first["waits_in"] == nil)
            // The schedule's next runs find the same: whoever read the first one may still approve it.
            let second = try await world.sync()
            let third = try await world.sync(reading: "full")
            for later in [second, third] {
                #expect(later.state == "held" && later["waits_in"]?.string == first.id)
            }
            #expect(try await world.run(first.id).state == "held")
            #expect(try await world.metric("held_changes") == 12)
            let approved = try await world.decide(third, "approve")
            #expect(approved.status == 200 && approved.json.id == first.id && approved.json.state == "applied")
            #expect(try await world.members() == ["p7", "p8"])
            for later in [second, third] { #expect(try await world.run(later.id).state == "lapsed") }
            expectProblem(try await world.decide(first, "approve"), 409, code: "wrong-state")
            #expect(try await world.metric("held_changes") == 0)
            #expect(try await world.sync().planned == [])
        }
    }

    @Test func `what is held lapses when the directory says something else`() async throws {
        try await world { world, people in
            let first = try await world.sync()
            try world.windows.removeMember(people[6], from: "CN=ops,\(WindowsDirectory.users)")
            let second = try await world.sync()
            #expect(second.state == "held" && second["waits_in"] == nil)
            #expect(try await world.run(first.id).state == "lapsed")
            expectProblem(try await world.decide(first, "approve"), 409, code: "wrong-state")
            #expect(try await world.decide(second, "approve").status == 200)
            #expect(try await world.members() == ["p8"])
        }
    }

    @Test func `what is held lapses when the state here has moved`() async throws {
        try await world { world, _ in
            let held = try await world.sync()
            #expect(try await world.service.delete("/v1/orgs/nerd-dinner/teams/ops", as: "root").status == 204)
            expectProblem(try await world.decide(held, "approve"), 409, code: "plan-lapsed")
            #expect(try await world.run(held.id).state == "lapsed")
        }
    }

    @Test func `what is held of two teams of one organisation is approved as a whole`() async throws {
        let rules: JSONValue = [
            ["group": .string("CN=ops,\(WindowsDirectory.users)"), "team": "nerd-dinner/ops"],
            ["group": .string("CN=web,\(WindowsDirectory.users)"), "team": "nerd-dinner/web"],
        ]
        try await DirectoryWorld.run({ $0["rules"] = rules }) { world in
            let people = try world.addPeople(Self.names)
            let web = try world.windows.addGroup("web", members: people)
            _ = try await world.sync()
            for person in people.prefix(6) {
                try world.windows.removeMember(person, from: "CN=ops,\(WindowsDirectory.users)")
                try world.windows.removeMember(person, from: web)
            }
            let held = try await world.sync()
            #expect(held.state == "held")
            let approved = try await world.decide(held, "approve")
            #expect(approved.status == 200, "\(approved.text)")
            #expect(try await world.members(of: "nerd-dinner/web") == ["p7", "p8"])
            #expect(try await world.sync().planned == [])
        }
    }

    @Test func `an incomplete reading leaves what is held to be approved`() async throws {
        try await world { world, _ in
            let held = try await world.sync()
            world.windows.onSearch = { $0.filter.contains("objectClass=user") ? .result(51, afterEntries: 1) : nil }
            let incomplete = try await world.sync(reading: "full")
            #expect(incomplete["complete"] == false)
            world.windows.onSearch = nil
            #expect(try await world.run(held.id).state == "held")
            #expect(try await world.decide(held, "approve").status == 200)
        }
    }

    @Test func `a deletion that was held is not done to somebody who is back`() async throws {
        try await DirectoryWorld.run({
            $0["leavers"] = ["action": "deactivate", "delete_after_days": 1]
            $0["brake"] = ["max_removals": 2, "max_percent": 100]
        }) { world in
            let people = try world.addPeople(["ada", "bob", "cyd"])
            _ = try await world.sync()
            let units = try world.windows.addUnit("Elsewhere")
            for (name, dn) in zip(["ada", "bob"], people) { try world.windows.rename(dn, to: "CN=\(name),\(units)") }
            let gone = try await world.sync()
            #expect(try await world.decide(gone, "approve").status == 200)
            world.service.clock.advance(by: .seconds(2 * 86_400))
            try await world.put {
                $0["leavers"] = ["action": "deactivate", "delete_after_days": 1]
                $0["brake"] = ["max_removals": 0]
            }
            let held = try await world.sync()
            #expect(held.planned == ["delete-user ada", "delete-user bob"] && held.state == "held", "\(held)")
            // Back, and a reading that saw no more than that: what it does not say of the rest ends nothing.
            try world.windows.rename("CN=ada,\(units)", to: people[0])
            world.windows.onSearch = { $0.filter.contains("objectClass=user") ? .result(51, afterEntries: 1) : nil }
            let seen = try await world.sync(reading: "full")
            #expect(
                seen.planned.prefix(2) == ["mark-back ada", "reactivate ada"] && seen.state == "applied", "\(seen)"
            )
            world.windows.onSearch = nil
            expectProblem(try await world.decide(held, "approve"), 409, code: "plan-lapsed")
            #expect(try await world.service.get("/v1/users/ada", as: "root").json["active"] == true)
        }
    }

    @Test func `what is given up is held anew by the next run`() async throws {
        try await world { world, _ in
            let first = try await world.sync()
            #expect(try await world.decide(first, "cancel").json.state == "cancelled")
            let second = try await world.sync()
            #expect(second.state == "held" && second.id != first.id && second["waits_in"] == nil)
            #expect(try await world.members().count == 8)
        }
    }

    @Test func `a plan stays to be applied while runs find nothing else`() async throws {
        try await DirectoryWorld.run { world in
            try world.addPeople(["ada"])
            let plan = try await world.sync("plan")
            #expect(plan.planned.contains("add-to-team ada"))
            #expect(try await world.decide(plan, "apply").json.state == "applied")
            #expect(try await world.members() == ["ada"])
            expectProblem(try await world.decide(plan, "apply"), 409, code: "wrong-state")
        }
    }

    @Test func `an approved removal of the last administrator is refused`() async throws {
        try await DirectoryWorld.run({ settings in
            settings["rules"] = [["group": .string("CN=admins,\(WindowsDirectory.users)"), "system_admin": true]]
        }) { world in
            let ada = try world.windows.addUser("ada")
            let admins = try world.windows.addGroup("admins", members: [ada])
            #expect(try await world.sync().state == "applied")
            let demoted = try await world.service.patch("/v1/users/root", ["system_admin": false], as: "ada")
            #expect(demoted.status == 200)
            try world.windows.removeMember(ada, from: admins)
            let run = try await world.service.post("/v1/directories/corp/sync-runs", ["mode": "run"], as: "ada").json
            #expect(run.state == "held")
            #expect(run["held"]?[0]?["reason"]?.string?.contains("no active system administrator") == true)
            let id = run.id ?? ""
            expectProblem(
                try await world.service.send("POST", "/v1/directories/-/sync-runs/\(id)/approve", as: "ada"), 409,
                code: "last-administrator")
        }
    }
}
