import AccessModel
import Testing

/// Those who are gone from the directory: marked, and deleted after some days if the settings say so.
struct LeaverTests {
    static let both = Company.snapshot(["anna", "bert"])
    static let oneLeft = Company.snapshot(["bert"])

    /// Anna has just been found to be gone.
    static func gone(days: Int? = 30, isConfirmed: Bool = false) throws -> SyncWorld {
        var world = try SyncWorld()
        world.settings.deletesLeaversAfterDays = days
        world.run(both)
        world.run(oneLeft)
        if isConfirmed {
            let now = world.now
            world.pass(days: 0, seconds: 6 * 3_600)
            world.run(oneLeft)
            world.now = now
        }
        return world
    }

    @Test func `what somebody has who is gone rests until a later reading agrees`() throws {
        var world = try SyncWorld(rules: [Company.feedsOps()])
        let anna = Company.dn("anna")
        let ops = Company.group(Company.opsDN, [anna, Company.dn("bert")])
        let (both, oneLeft) = (Company.snapshot(["anna", "bert"], [ops]), Company.snapshot(["bert"], [ops]))
        world.run(both)
        let id = try world.id("anna")
        world.state.teamMembers.append(.init(team: Company.web, user: id, role: .maintainer))
        #expect(world.run(oneLeft) == ["leave nerd-dinner/ops: anna", "deactivate anna"])
        #expect(world.state.account("id-anna")?.directory?.isResting == true)
        world.pass(days: 0, seconds: 6 * 3_600 - 1)
        #expect(world.plan(oneLeft).isEmpty, "nothing before the time")

        var back = world
        #expect(
            back.run(both) == ["back anna", "reactivate anna", "join nerd-dinner/ops: anna"])
        #expect(back.members(Company.web) == [id.rawValue] && back.plan(both).isEmpty)
        back.pass(days: 0, seconds: 6 * 3_600)
        #expect(back.plan(both).isEmpty)

        world.pass(days: 0, seconds: 1)
        var half = oneLeft
        half.usersReading = Company.broken
        #expect(world.plan(half).isEmpty, "half a directory confirms nothing")
        #expect(world.run(oneLeft) == ["deprovision anna"])
        #expect(world.members(Company.web) == [] && !world.state.organizationMembers.contains { $0.user == id })
        #expect(world.plan(oneLeft).isEmpty && world.state.account("id-anna")?.directory?.isResting == false)
    }

    @Test func `who was seen in between is gone anew, though the return was held`() throws {
        var world = try SyncWorld()
        let logins = (0..<30).map { "p\($0)" }
        let (all, few) = (Company.snapshot(logins), Company.snapshot(Array(logins.dropFirst(12))))
        world.run(all)
        world.run(few)
        world.pass(days: 0, seconds: 3_600)
        let braked = world.runBraked(all)
        #expect(braked.held.first?.reason.hasPrefix("12 reactivations are more than 10") == true)
        #expect(braked.apply.map(\.summary) == logins.prefix(12).map { "back \($0)" }.sorted())
        world.pass(days: 0, seconds: 5 * 3_600)
        #expect(world.run(few) == logins.prefix(12).map { "gone \($0)" }.sorted(), "and not taken for good")
        #expect(world.plan(few).isEmpty)
    }

    @Test func `nobody is deleted before it is confirmed that they are gone`() throws {
        var world = try Self.gone(days: 1)
        world.settings.confirmsLeaversAfter = try SyncInterval("3d")
        world.pass(days: 2)
        #expect(world.plan(Self.oneLeft).isEmpty)
        world.pass(days: 1)
        #expect(world.run(Self.oneLeft) == ["delete anna"])
    }

    @Test func `who is back without a readable login goes on resting`() throws {
        var world = try Self.gone()
        var hidden = Self.both
        hidden.users[0].login = nil
        #expect(world.run(hidden) == ["back anna"])
        #expect(world.state.account("id-anna")?.directory?.isResting == true)
        #expect(world.run(Self.both) == ["reactivate anna"])
    }

    @Test func `an administrator who is gone has the right again, and no promotion is counted`() throws {
        let rules = [DirectorySettings.Rule(group: Company.adminsDN, feeds: .systemAdmin)]
        var world = try SyncWorld(rules: rules)
        let admins = Company.group(Company.adminsDN, ["anna", "bert"].map(Company.dn))
        world.run(Company.snapshot(["anna", "bert"], [admins]))
        #expect(world.run(Company.snapshot(["bert"], [admins])) == ["deactivate anna"])
        #expect(world.run(Company.snapshot(["anna", "bert"], [admins])) == ["back anna", "reactivate anna"])
        world.run(Company.snapshot(["bert"], [admins]))
        world.pass(days: 1)
        #expect(world.run(Company.snapshot(["bert"], [admins])) == ["deprovision anna"])
        #expect(world.state.account("id-anna")?.isSystemAdmin == false)
    }

    @Test func `the wait can be set`() throws {
        var world = try SyncWorld()
        world.settings.confirmsLeaversAfter = try SyncInterval("2d")
        world.run(Self.both)
        world.run(Self.oneLeft)
        world.pass(days: 2, seconds: -1)
        #expect(world.plan(Self.oneLeft).isEmpty)
        world.pass(days: 0, seconds: 1)
        #expect(world.run(Self.oneLeft) == ["deprovision anna"])
    }

    @Test func `who is gone is deactivated, and since when is kept`() throws {
        var world = try SyncWorld()
        world.run(Self.both)
        world.pass(days: 1)
        #expect(world.run(Self.oneLeft) == ["deactivate anna"])
        #expect(world.state.account("id-anna")?.directory?.goneSince == world.now)
        #expect(world.state.account("id-anna")?.isActive == false)
        #expect(world.plan(Self.oneLeft).isEmpty)
    }

    @Test func `somebody disabled is not gone`() throws {
        var world = try SyncWorld()
        world.settings.deletesLeaversAfterDays = 1
        world.run(Self.both)
        var disabled = Self.both
        disabled.users[0].inactiveReason = "disabled"
        #expect(world.run(disabled) == ["deactivate anna"])
        #expect(try #require(world.state.account("id-anna")).directory?.goneSince == nil)
        world.pass(days: 100)
        #expect(world.plan(disabled).isEmpty)
    }

    @Test func `somebody inactive who is gone is only marked`() throws {
        var world = try SyncWorld()
        world.run(Self.both)
        var disabled = Self.both
        disabled.users[0].inactiveReason = "disabled"
        world.run(disabled)
        world.pass(days: 3)
        #expect(world.run(Self.oneLeft) == ["gone anna"])
        #expect(world.state.account("id-anna")?.directory?.goneSince == world.now)
        #expect(world.plan(Self.oneLeft).isEmpty)
    }

    @Test func `a mark counts as a removal, and taking what rested does not count again`() throws {
        var world = try SyncWorld()
        let logins = (0..<10).map { "p\($0)" }
        var disabled = Company.snapshot(logins)
        for index in disabled.users.indices { disabled.users[index].inactiveReason = "disabled" }
        world.run(disabled)
        let none = Company.snapshot([])
        let held = world.runBraked(none, .init(maxRemovals: 9, maxPercent: 100)).held
        #expect(held.map(\.reason) == ["10 removals are more than 9"])
        #expect(world.runBraked(none).apply.map(\.summary) == logins.map { "gone \($0)" }, "of the ten accounts")
        world.pass(days: 1)
        let braked = world.runBraked(none, .init(maxRemovals: 0, maxPercent: 0, maxTeamPercent: 0))
        #expect(braked.held.isEmpty && braked.apply.map(\.summary) == logins.map { "deprovision \($0)" })
    }

    @Test func `nobody is marked or deleted on account of half a directory`() throws {
        var half = Self.oneLeft
        half.usersReading = Company.broken
        var world = try SyncWorld()
        world.settings.deletesLeaversAfterDays = 1
        world.run(Self.both)
        world.state.accounts[0].account.isActive = false
        #expect(world.plan(half).isEmpty)

        world = try Self.gone(days: 1)
        world.pass(days: 100)
        #expect(world.plan(half).isEmpty)
        #expect(world.summaries(Self.oneLeft) == ["delete anna"])
    }

    @Test func `an incomplete search for groups keeps nobody who is gone`() throws {
        var world = try SyncWorld()
        world.settings.deletesLeaversAfterDays = 1
        world.run(Self.both)
        var half = Self.oneLeft
        half.groupsReading = Company.broken
        #expect(world.run(half) == ["deactivate anna"])
        world.pass(days: 1)
        #expect(world.run(half) == ["delete anna"])
    }

    @Test(arguments: [1, 30, 36_500])
    func `who is gone is deleted after the days that are set and not one second before`(_ days: Int) throws {
        var world = try Self.gone(days: days, isConfirmed: true)
        world.pass(days: Int64(days), seconds: -1)
        #expect(world.plan(Self.oneLeft).isEmpty)
        world.pass(days: 0, seconds: 1)
        let plan = world.plan(Self.oneLeft)
        #expect(plan.changes.map(\.summary) == ["delete anna"])
        #expect(plan.changes.first?.reason.contains("gone from the directory since 2026-03-01") == true)
        world.apply(plan.changes)
        #expect(world.state.account("id-anna") == nil && world.plan(Self.oneLeft).isEmpty)
    }

    @Test func `without the setting nobody is ever deleted`() throws {
        var world = try Self.gone(days: nil, isConfirmed: true)
        world.pass(days: 36_500)
        #expect(world.plan(Self.oneLeft) == SyncPlan(directory: Company.name, changes: [], notes: []))
    }

    @Test func `one who owns repositories is kept and noted`() throws {
        var world = try Self.gone(isConfirmed: true)
        for index in world.state.accounts.indices { world.state.accounts[index].ownsRepositories = true }
        #expect(world.plan(Self.oneLeft).notes.isEmpty, "not before the time")
        world.pass(days: 30)
        let plan = world.plan(Self.oneLeft)
        #expect(plan.isEmpty && plan.notes.map(\.kind) == [.keptLeaver] && plan.notes[0].subject == "anna")
    }

    @Test func `back in the directory the mark goes and the account works again`() throws {
        var world = try Self.gone()
        world.pass(days: 31)
        #expect(world.run(Self.both) == ["back anna", "reactivate anna"])
        let anna = try #require(world.state.account("id-anna"))
        #expect(anna.isActive && anna.directory?.goneSince == nil)
        #expect(world.plan(Self.both).isEmpty)
        #expect(world.run(Self.oneLeft) == ["deactivate anna"])
        world.pass(days: 29)
        #expect(world.summaries(Self.oneLeft) == ["deprovision anna"], "the days are counted anew")
    }

    @Test func `back and disabled, what rested without a reason to wait is as that of anybody disabled`() throws {
        var world = try Self.gone()
        var disabled = Self.both
        disabled.users[0].inactiveReason = "disabled"
        #expect(world.run(disabled) == ["back anna", "deactivate anna"])
        #expect(world.state.account("id-anna")?.directory?.isResting == false)
        world.pass(days: 100)
        #expect(world.plan(disabled).isEmpty)
    }

    @Test func `a deletion is a removal to the brake`() throws {
        var world = try SyncWorld()
        world.settings.deletesLeaversAfterDays = 1
        let logins = (0..<30).map { "p\($0)" }
        world.run(Company.snapshot(logins))
        let after = Company.snapshot(Array(logins.dropFirst(6)))
        world.run(after)
        world.pass(days: 0, seconds: 6 * 3_600)
        world.run(after)
        world.pass(days: 1)
        for (limits, reason) in [
            (DirectorySettings.Brake(maxRemovals: 5, maxPercent: 25), "6 removals are more than 5"),
            (.init(), "6 removals are more than 20 % of the 24 accounts and memberships kept here"),
        ] {
            let braked = world.runBraked(after, limits)
            #expect(braked.apply.isEmpty && braked.held.map(\.reason) == [reason])
        }
        #expect(world.runBraked(after, .init(maxRemovals: 6, maxPercent: 25)).apply.count == 6)
    }

    @Test func `the last active administrator is never marked as gone unasked, and so never deleted`() throws {
        let rules = [DirectorySettings.Rule(group: Company.adminsDN, feeds: .systemAdmin)]
        var world = try SyncWorld(rules: rules)
        world.settings.deletesLeaversAfterDays = 1
        world.run(Company.snapshot(["anna", "bert"], [Company.group(Company.adminsDN, [Company.dn("anna")])]))
        let after = Company.snapshot(["bert"], [Company.group(Company.adminsDN, [])])
        for _ in 0..<3 {
            let braked = world.runBraked(after)
            #expect(braked.apply.isEmpty)
            #expect(braked.held.map(\.reason) == ["no active system administrator would remain"])
            #expect(braked.held.flatMap(\.changes).map(\.summary) == ["deactivate anna"])
            world.pass(days: 2)
        }
    }

    @Test(arguments: [Company.name, nil])
    func `the last owner is not deleted unasked, whoever made the membership`(_ maker: String?) throws {
        var world = try SyncWorld(rules: [Company.feedsOwners()])
        world.settings.deletesLeaversAfterDays = 1
        world.run(Company.snapshot(["anna", "bert"], [Company.group(Company.ownersDN, [Company.dn("anna")])]))
        for index in world.state.organizationMembers.indices {
            world.state.organizationMembers[index].managedBy = maker
        }
        let after = Company.snapshot(["bert"], [Company.group(Company.ownersDN, [])])
        #expect(world.runBraked(after).apply.map(\.summary) == ["deactivate anna"])
        world.pass(days: 2)
        let braked = world.runBraked(after)
        #expect(braked.apply.map(\.summary) == [])
        #expect(braked.held.map(\.reason) == ["nerd-dinner would be left without an active owner"])

        let bert = try world.id("bert")
        world.state.organizationMembers.append(.init(organization: Company.nerdDinner, user: bert, role: .owner))
        world.state.activeOwners[Company.nerdDinner] = [bert]
        #expect(world.runBraked(after).apply.last?.summary == "delete anna", "another owner is left")
    }
}
