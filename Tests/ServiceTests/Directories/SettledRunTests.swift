import AccessControl
import AccessModel
import TestSupport
import Testing

/// A reading that says what the last run left nothing to do about is not planned again, and anything that
/// could give a plan something to do is.
@Suite(.timeLimit(.minutes(5)))
struct SettledRunTests {
    /// What may happen between two readings.
    enum Event: String, CaseIterable, Sendable {
        case nothing, grant, token
        case person, member, user, team, settings, expiry

        var isPlannedAnew: Bool { ![.nothing, .grant, .token].contains(self) }
    }

    @Test(arguments: Event.allCases)
    func `what could give a plan something to do is planned, and nothing else is`(_ event: Event) async throws {
        try await DirectoryWorld.run { world in
            let people = try world.addPeople(["ada", "bob"])
            // 1601 in intervals of 100 ns; a minute after the clock of the test.
            let end = (world.service.clock.now.microseconds / 1_000_000 + 60 + 11_644_473_600) * 10_000_000
            if event == .expiry { try world.windows.replace(people[0], "accountExpires", [String(end)]) }
            #expect(try await world.sync().state == "applied")
            #expect(try await isSettled(world.sync(reading: "full")))
            try await cause(event, people, in: world)
            let run = try await world.sync(reading: "full")
            #expect(isSettled(run) != event.isPlannedAnew, "\(run)")
            #expect(try await isSettled(world.sync(reading: "full")), "and then it is settled")
        }
    }

    private func isSettled(_ run: JSONValue) -> Bool {
        run["log"]?.elements.last?["text"] == "nothing has changed since the last run"
    }

    private func cause(_ event: Event, _ people: [String], in world: DirectoryWorld) async throws {
        let service = world.service
        switch event {
        case .nothing: break
        case .grant: try await service.load([.grant("nerd-dinner/ops", "nerd-dinner", .readOnly)])
        case .token: _ = try await service.newToken(for: "ada")
        case .person: try world.windows.replace(people[0], "displayName", ["Ada Lovelace"])
        case .member: try world.windows.removeMember(people[1], from: "CN=ops,\(WindowsDirectory.users)")
        case .user: try await service.load([.user("carl")])
        case .team: try await service.load([.team("nerd-dinner/night")])
        case .settings: try await world.put { $0["timeout"] = 61 }
        case .expiry: service.clock.advance(by: .seconds(61))
        }
    }

    @Test func `a plan of a state in between cannot be applied when the directory is as it was`() async throws {
        try await DirectoryWorld.run { world in
            let people = try world.addPeople(["ada", "bob"])
            #expect(try await world.sync().state == "applied")
            let eve = try world.windows.addUser("eve")
            try world.windows.replace("CN=ops,\(WindowsDirectory.users)", "member", people + [eve])
            let planned = try await world.sync("plan", reading: "full")
            #expect(planned.planned.contains("add-to-team eve"))
            try world.windows.replace("CN=ops,\(WindowsDirectory.users)", "member", people)
            try world.windows.delete(eve)
            #expect(try await isSettled(world.sync(reading: "full")))
            expectProblem(try await world.decide(planned, "apply"), 409, code: "wrong-state")
            #expect(try await world.run(planned.id).state == "lapsed")
        }
    }

    @Test func `notes stay while nothing changes`() async throws {
        try await DirectoryWorld.run { world in
            try world.addPeople(["ada", "?!"])
            let first = try await world.sync()
            let notes = try #require(first["plan"]?["notes"])
            #expect(notes.elements.contains { $0["kind"] == "refused-person" })
            #expect(try await world.sync()["plan"]?["notes"] == notes)
            #expect(try await world.sync(reading: "full")["plan"]?["notes"] == notes)
        }
    }

    @Test func `days of leavers pass however often nothing changes`() async throws {
        try await DirectoryWorld.run {
            $0["leavers"] = ["action": "deactivate", "delete_after_days": 1]
            $0["brake"] = DirectoryWorld.noBrake
        } _: { world in
            let people = try world.addPeople(["ada", "bob"])
            _ = try await world.sync()
            try world.windows.delete(people[1])
            #expect(try await world.sync().state == "applied")
            for _ in 1...30 {
                world.service.clock.advance(by: .seconds(3_000))
                _ = try await world.sync()
            }
            #expect(try await world.service.get("/v1/users/bob", as: "root").status == 404)
            #expect(try await world.service.get("/v1/users/ada", as: "root").status == 200)
        }
    }
}
