import AccessModel
import Testing

/// Where accounts are made at the first login.
struct JustInTimeTests {
    static func snapshot(_ logins: [String], ops: [String]) -> DirectorySnapshot {
        SyncPlanTests.snapshot(logins.map { Company.person($0) }, ops: ops)
    }

    /// Anna has logged in once, bert never has.
    static func world() throws -> SyncWorld {
        var world = try SyncWorld(rules: [Company.feedsOps()])
        world.run(snapshot(["anna"], ops: []))
        world.settings.justInTime = true
        return world
    }

    @Test func `nobody gets an account, a place or a note`() throws {
        var world = try SyncWorld(rules: [Company.feedsOps()])
        world.settings.justInTime = true
        let snapshot = Self.snapshot(["anna", "bert"], ops: ["anna"])
        #expect(world.plan(snapshot) == SyncPlan(directory: Company.name, changes: [], notes: []))
        world.settings.justInTime = false
        #expect(world.plan(snapshot).changes.count == 4)
    }

    @Test func `who has an account is updated, fed and removed as ever`() throws {
        var world = try Self.world()
        #expect(
            world.run(Self.snapshot(["anna", "bert"], ops: ["anna", "bert"])) == [
                "join nerd-dinner as member: anna", "join nerd-dinner/ops: anna",
            ])
        var after = Self.snapshot(["anna", "bert"], ops: ["bert"])
        after.users[0].login = "anna.s"
        after.users[0].fullName = "Anna S."
        #expect(
            world.run(after) == [
                "name anna.s for anna", "update anna", "leave nerd-dinner/ops: anna", "leave nerd-dinner: anna",
            ])
        after.users[0].inactiveReason = "disabled"
        #expect(world.run(after) == ["deactivate anna.s"])
        after.users[0].inactiveReason = nil
        #expect(world.run(after) == ["reactivate anna.s"])
        #expect(world.run(Self.snapshot(["bert"], ops: [])) == ["deactivate anna.s"])
    }

    @Test func `patterns make organisations and teams without people who have an account`() throws {
        var world = try SyncWorld(patterns: ["{org}-{team}"])
        world.settings.justInTime = true
        let snapshot = Company.snapshot(["anna"], [Company.named("acme-ops", ["anna"])])
        #expect(world.run(snapshot) == ["make acme", "make acme/ops"])
        #expect(world.plan(snapshot).isEmpty)
    }
}
