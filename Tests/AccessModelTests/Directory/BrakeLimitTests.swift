import AccessModel
import Testing

/// The limits on one team and on one organisation.
struct BrakeLimitTests {
    static let logins = (0..<20).map { "p\($0)" }

    /// Everybody of `ops` and `web` is a member of the organisation by it.
    static func snapshot(ops: some Sequence<String>, web: some Sequence<String> = []) -> DirectorySnapshot {
        Company.snapshot(
            logins, [Company.group(Company.opsDN, ops.map(Company.dn)), Company.named("web", Array(web))])
    }

    static func world(ops: Int, web: Int = 0) throws -> SyncWorld {
        let feed = DirectorySettings.Feed.team(organization: try AccountName("nerd-dinner"), team: try TeamName("web"))
        var world = try SyncWorld(rules: [Company.feedsOps(), .init(group: Company.groupDN("web"), feeds: feed)])
        world.run(snapshot(ops: logins.prefix(ops), web: logins.suffix(web)))
        return world
    }

    static func limits(_ change: (inout DirectorySettings.Brake) -> Void) -> DirectorySettings.Brake {
        var limits = DirectorySettings.Brake(maxPercent: 100, maxTeamPercent: 100)
        limits.maxOrganizationPercent = 100
        change(&limits)
        return limits
    }

    @Test(arguments: [(2, 2, true), (3, 2, false), (1, 0, false), (0, 0, true)])
    func `a team's number holds its removals from the first one too many on`(
        _ leaving: Int, _ limit: Int, _ passes: Bool
    ) throws {
        var world = try Self.world(ops: 10)
        let braked = world.runBraked(
            Self.snapshot(ops: Self.logins.prefix(10).dropFirst(leaving)), Self.limits { $0.maxTeamRemovals = limit })
        #expect(braked.held.isEmpty == passes)
        if !passes {
            let reason = "\(leaving) of 10 members would leave nerd-dinner/ops, which is more than \(limit)"
            #expect(braked.apply.isEmpty && braked.held.map(\.reason) == [reason])
            #expect(braked.held.first?.changes.count == 2 * leaving, "the organisation would take the team along")
        }
    }

    @Test func `the number of one team holds nothing of another`() throws {
        var world = try Self.world(ops: 10, web: 10)
        let braked = world.runBraked(
            Self.snapshot(ops: Self.logins.prefix(7), web: Self.logins.suffix(9)),
            Self.limits { $0.maxTeamRemovals = 2 })
        #expect(braked.apply.map(\.summary) == ["leave nerd-dinner/web: p10", "leave nerd-dinner: p10"])
        #expect(braked.held.flatMap(\.changes).count == 6)
    }

    @Test(arguments: [
        (4, 4, 50, nil, true), (5, 9, 50, nil, false), (5, 10, 50, nil, true), (6, 10, 50, nil, false),
        (3, 10, 100, 3, true), (4, 10, 100, 3, false), (5, 20, 24, nil, false), (5, 20, 25, nil, true),
    ])
    func `an organisation's limits hold the departures from it, and the rest is applied`(
        _ leaving: Int, _ size: Int, _ percent: Int, _ number: Int?, _ passes: Bool
    ) throws {
        var world = try Self.world(ops: size)
        var after = Self.snapshot(ops: Self.logins.prefix(size).dropFirst(leaving))
        after.users[19].fullName = "New Name"
        let braked = world.runBraked(
            after,
            Self.limits {
                $0.maxOrganizationPercent = percent
                $0.maxOrganizationRemovals = number
            })
        #expect(braked.held.isEmpty == passes)
        if !passes {
            #expect(
                braked.held.map(\.reason) == [
                    "\(leaving) of \(size) members would leave nerd-dinner, which is more than "
                        + (number.map { "\($0)" } ?? "\(percent) %")
                ])
            #expect(braked.held.flatMap(\.changes).allSatisfy { $0.summary.hasPrefix("leave nerd-dinner: ") })
            #expect(braked.held.flatMap(\.changes).count == leaving)
            #expect(braked.apply.count == leaving + 1, "they leave the team, and somebody is renamed")
        }
    }

    @Test func `owners who become members count and are held with those who leave`() throws {
        var world = try SyncWorld(rules: [Company.feedsOps(), Company.feedsOwners()])
        let before = { (ops: ArraySlice<String>, owners: ArraySlice<String>) in
            SyncPlanTests.snapshot(Self.logins.map { Company.person($0) }, ops: Array(ops), owners: Array(owners))
        }
        world.run(before(Self.logins.prefix(8), Self.logins.prefix(3)))
        let braked = world.runBraked(
            before(Self.logins.prefix(7), Self.logins.prefix(1)), Self.limits { $0.maxOrganizationRemovals = 2 })
        #expect(braked.apply.map(\.summary) == ["leave nerd-dinner/ops: p7"])
        #expect(
            braked.held.flatMap(\.changes).map(\.summary) == [
                "no owner of nerd-dinner: p1", "no owner of nerd-dinner: p2", "leave nerd-dinner: p7",
            ])
    }

    @Test func `a team's part takes its departures from the organisation, and the organisation's part the others`()
        throws
    {
        var world = try Self.world(ops: 6, web: 6)
        let braked = world.runBraked(
            Self.snapshot(ops: [], web: Self.logins.suffix(1)),
            Self.limits {
                $0.maxTeamRemovals = 5
                $0.maxOrganizationRemovals = 10
            })
        #expect(braked.held.map { $0.changes.count } == [12, 5])
        #expect(braked.apply.allSatisfy { $0.summary.hasPrefix("leave nerd-dinner/web: ") } && braked.apply.count == 5)
    }

    @Test func `without numbers only the percentages limit, by half a team and half an organisation`() {
        let limits = DirectorySettings.Brake()
        #expect(limits.maxTeamRemovals == nil && limits.maxOrganizationRemovals == nil)
        #expect(limits.maxTeamPercent == 50 && limits.maxOrganizationPercent == 50)
        #expect(limits.maxRemovals == 100 && limits.maxPercent == 20)
        #expect(limits.maxPromotions == 3 && limits.maxAdditionsPercent == 50)
    }

    @Test func `organisations and teams that are made count for nothing, their members do`() throws {
        var world = try SyncWorld(patterns: ["{org}-{team}"])
        world.run(Company.snapshot(Self.logins))
        let groups = (0..<15).map { Company.named("o\($0)-t") }
        let limits = DirectorySettings.Brake(maxRemovals: 0, maxPercent: 0, maxPromotions: 0, maxAdditionsPercent: 0)
        let braked = world.runBraked(Company.snapshot(Self.logins, groups), limits)
        #expect(braked.held.isEmpty && braked.apply.count == 30)
        let filled = groups.prefix(3).map { group in
            var filled = group
            filled.members = [.dn(Company.dn("p0"))]
            return filled
        }
        #expect(
            world.runBraked(Company.snapshot(Self.logins, filled), limits).held.map(\.reason) == [
                "6 additions are more than 0 % of the 20 accounts and memberships kept here"
            ])
    }
}
