import AccessModel
import Testing

struct BrakeTests {
    static let people = (0..<40).map { Company.person("p\($0)") }
    static let logins = people.compactMap(\.login)

    static func brake(
        from before: DirectorySnapshot, to after: DirectorySnapshot, rules: [DirectorySettings.Rule],
        limits: DirectorySettings.Brake = .init(), isFirstRun: Bool = false, approved: Set<HeldPart> = [],
        change: (inout DirectoryState) -> Void = { _ in }
    ) throws -> BrakedPlan {
        var state = try Company.synchronised(before, rules)
        change(&state)
        let plan = Company.plan(after, rules, state)
        return Brake.apply(plan, limits: limits, state: state, isFirstRun: isFirstRun, approved: approved)
    }

    static func snapshot(ops: some Sequence<String>, owners: [String] = [], users: [DirectoryUser] = people)
        -> DirectorySnapshot
    {
        SyncPlanTests.snapshot(users, ops: Array(ops), owners: owners)
    }

    @Test(arguments: [(4, 4, true), (5, 5, false), (5, 10, true), (6, 10, false), (10, 20, true), (11, 20, false)])
    func `over its limit a team's part is held and the rest is applied`(_ leaving: Int, _ size: Int, _ passes: Bool)
        throws
    {
        var after = Self.snapshot(ops: Self.logins.prefix(size).dropFirst(leaving))
        after.users[39].fullName = "New Name"
        let result = try Self.brake(
            from: Self.snapshot(ops: Self.logins.prefix(size)), to: after, rules: [Company.feedsOps()],
            limits: .init(maxPercent: 100))
        #expect(result.held.isEmpty == passes)
        #expect(result.apply.contains { $0.summary == "update p39" })
        if !passes {
            #expect(result.apply.count == 1 && result.held.count == 1)
            #expect(
                result.held[0].changes.count == 2 * leaving, "the team, and the organisation that would take it along")
            #expect(result.held[0].reason.contains("\(leaving) of \(size) members would leave nerd-dinner/ops"))
        }
    }

    @Test func `a disabled person is deactivated though the team is held`() throws {
        var after = Self.snapshot(ops: Self.logins.prefix(3))
        after.users[0].inactiveReason = "disabled"
        let result = try Self.brake(
            from: Self.snapshot(ops: Self.logins.prefix(10)), to: after, rules: [Company.feedsOps()],
            limits: .init(maxPercent: 100))
        #expect(result.apply.map(\.summary) == ["deactivate p0"])
    }

    @Test func `over an overall limit the whole plan is held`() throws {
        let before = Self.snapshot(ops: Self.logins)
        let after = Self.snapshot(ops: Self.logins.dropFirst(20), users: Array(Self.people.dropFirst(20)))
        for limits in [
            DirectorySettings.Brake(maxRemovals: 39, maxPercent: 100), .init(maxPercent: 32, maxTeamPercent: 100),
        ] {
            let result = try Self.brake(from: before, to: after, rules: [Company.feedsOps()], limits: limits)
            #expect(result.apply.isEmpty && result.held.flatMap(\.changes).count == 40)
        }
        let limits = DirectorySettings.Brake(maxRemovals: 40, maxPercent: 50)
        #expect(try Self.brake(from: before, to: after, rules: [Company.feedsOps()], limits: limits).held.isEmpty)
    }

    @Test func `promotions and additions have their limits, a first run none for additions`() throws {
        let before = Self.snapshot(ops: [])
        let owners = Self.snapshot(ops: [], owners: Array(Self.logins.prefix(4)))
        let many = Self.snapshot(ops: Self.logins.prefix(11))
        let rules = [try Company.feedsOps(), try Company.feedsOwners()]
        #expect(try Self.brake(from: before, to: owners, rules: rules).held.count == 1)
        #expect(try Self.brake(from: before, to: owners, rules: rules, limits: .init(maxPromotions: 4)).held.isEmpty)
        #expect(try Self.brake(from: before, to: many, rules: rules).held.count == 1)
        #expect(try Self.brake(from: before, to: many, rules: rules, isFirstRun: true).held.isEmpty)
    }

    @Test func `exactly what was approved passes, and lapses when the state has moved`() throws {
        let before = Self.snapshot(ops: Self.logins.prefix(10))
        let after = Self.snapshot(ops: [])
        let rules = [try Company.feedsOps()]
        let limits = DirectorySettings.Brake(maxPercent: 100)
        let held = Set(try Self.brake(from: before, to: after, rules: rules, limits: limits).held)
        #expect(held.count == 1)
        let approved = try Self.brake(from: before, to: after, rules: rules, limits: limits, approved: held)
        #expect(approved.held.isEmpty && approved.apply.count == 20)
        let moved = Self.snapshot(ops: Self.logins.prefix(1))
        let lapsed = try Self.brake(from: before, to: moved, rules: rules, limits: limits, approved: held)
        #expect(lapsed.apply.isEmpty && lapsed.held.count == 1)
    }

    @Test func `the last active administrator is neither demoted nor deactivated unasked`() throws {
        let rules = [DirectorySettings.Rule(group: Company.adminsDN, feeds: .systemAdmin)]
        func snapshot(_ admins: [String], _ users: [DirectoryUser]) -> DirectorySnapshot {
            DirectorySnapshot(users: users, groups: [Company.group(Company.adminsDN, admins.map(Company.dn))])
        }
        let before = snapshot(["p0"], Self.people)
        let demoted = try Self.brake(from: before, to: snapshot([], Self.people), rules: rules)
        #expect(demoted.apply.isEmpty && demoted.held.map(\.reason) == ["no active system administrator would remain"])

        var disabled = before
        disabled.users[0].inactiveReason = "disabled"
        #expect(try Self.brake(from: before, to: disabled, rules: rules).held.count == 1)
        let gone = try Self.brake(from: before, to: snapshot([], Array(Self.people.dropFirst())), rules: rules)
        #expect(gone.held.first?.changes.map(\.summary) == ["deactivate p0"])

        let local = AccountID(rawValue: "local")
        #expect(
            try Self.brake(from: before, to: disabled, rules: rules) { $0.activeSystemAdmins.insert(local) }.held
                .isEmpty)
        #expect(try Self.brake(from: before, to: snapshot(["p1"], Self.people), rules: rules).held.isEmpty)
    }

    @Test func `the last active owner is neither demoted nor removed unasked, and is deactivated with the role`() throws
    {
        let rules = [try Company.feedsOps(), try Company.feedsOwners()]
        let before = Self.snapshot(ops: ["p0", "p1"], owners: ["p0"])
        let demoted = try Self.brake(from: before, to: Self.snapshot(ops: ["p0", "p1"]), rules: rules)
        #expect(demoted.held.map(\.reason) == ["nerd-dinner would be left without an active owner"])

        var disabled = before
        disabled.users[0].inactiveReason = "disabled"
        let result = try Self.brake(from: before, to: disabled, rules: rules)
        #expect(result.held.isEmpty && result.apply.map(\.summary) == ["leave nerd-dinner/ops: p0", "deactivate p0"])

        var state = try Company.synchronised(before, rules)
        let gone = Self.snapshot(ops: ["p1"], users: Array(Self.people.dropFirst()))
        for expected in [["leave nerd-dinner/ops: p0", "deactivate p0"], []] {
            let left = Brake.apply(Company.plan(gone, rules, state), limits: .init(), state: state)
            #expect(left.apply.map(\.summary) == expected && left.held.isEmpty)
            state.apply(left.apply)
        }
        #expect(
            try Self.brake(from: before, to: Self.snapshot(ops: ["p0", "p1"], owners: ["p1"]), rules: rules).held
                .isEmpty)
    }

    @Test func `no deactivation waits for what is added elsewhere`() throws {
        let rules = [try Company.feedsOps(), try Company.feedsOwners()]
        var before = Self.snapshot(ops: ["p0"], users: Array(Self.people.prefix(10)))
        before.users[9].inactiveReason = "disabled"
        var after = Self.snapshot(ops: Self.logins, users: Self.people)
        after.users[1].inactiveReason = "disabled"
        let result = try Self.brake(from: before, to: after, rules: rules)
        #expect(result.apply.map(\.summary) == ["deactivate p1"] && result.held.count == 1)
    }
}
