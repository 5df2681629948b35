import AccessModel
import Testing

/// Accounts that end at a time without any change of their entry.
struct AccountExpiryTests {
    static let end = Company.now + .seconds(3_600)

    static let snapshot: DirectorySnapshot = {
        var snapshot = SyncPlanTests.snapshot([Company.person("anna"), Company.person("bert")], ops: ["anna"])
        snapshot.users[0].expiresAt = end
        return snapshot
    }()

    @Test(arguments: [(-3_600, true), (-1, true), (0, false), (1, false)])
    func `an account ends at its moment and not before`(_ offset: Int64, _ isActive: Bool) {
        let time = Self.end + .seconds(offset)
        let directory = ResolvedDirectory(Self.snapshot, settings: Company.settings([]), now: time)
        #expect(directory.people.map(\.inactiveReason) == [isActive ? nil : "expired on 2026-03-01", nil])
    }

    @Test func `the same entries deactivate the account at the moment itself`() throws {
        var world = try SyncWorld(rules: [Company.feedsOps()])
        world.run(Self.snapshot)
        #expect(world.state.account("id-anna")?.isActive == true)
        world.pass(days: 0, seconds: 3_599)
        #expect(world.plan(Self.snapshot).isEmpty)
        world.pass(days: 0, seconds: 1)
        let plan = world.plan(Self.snapshot)
        #expect(plan.changes.map(\.summary) == ["leave nerd-dinner/ops: anna", "deactivate anna"])
        #expect(plan.changes.allSatisfy { $0.reason == "inactive in the directory: expired on 2026-03-01" })
        world.apply(plan.changes)
        var prolonged = Self.snapshot
        prolonged.users[0].expiresAt = world.now + .seconds(1)
        #expect(world.summaries(prolonged) == ["reactivate anna", "join nerd-dinner/ops: anna"])
    }

    @Test func `what the entry says itself comes before the time`() {
        var user = Self.snapshot.users[0]
        user.inactiveReason = "disabled"
        #expect(user.inactiveReason(at: Self.end) == "disabled")
        #expect(user.inactiveReason(at: Company.now) == "disabled")
    }
}
