import AccessModel
import Testing

/// What the brake makes of what was done before, of groups that feed several places, and of doubt.
@Suite struct BrakeOverADayTests {
    private static let logins = (0..<40).map { "p\($0)" }

    /// The plan for a team that loses its first `leaving` of 20 members, and what the brake makes of it.
    private static func braked(
        leaving: Int, after past: (inout SyncTally) -> Void, limits: DirectorySettings.Brake = .init(maxPercent: 100)
    ) throws -> BrakedPlan {
        let members = Array(logins.prefix(20))
        let rules = [try Company.feedsOps()]
        let state = try Company.synchronised(BrakeTests.snapshot(ops: members), rules)
        var tally = SyncTally()
        past(&tally)
        let plan = Company.plan(BrakeTests.snapshot(ops: members.dropFirst(leaving)), rules, state)
        return Brake.apply(plan, limits: limits, state: state, past: tally)
    }

    @Test(arguments: [(6, 0, true), (6, 8, true), (6, 9, false), (1, 18, true), (1, 19, false), (0, 19, true)])
    func `who left a team in the last day counts as if they left now`(
        _ leaving: Int, _ before: Int, _ passes: Bool
    ) throws {
        let braked = try Self.braked(leaving: leaving, after: { $0.teams[Company.ops.rawValue] = before })
        #expect(braked.held.isEmpty == passes, "\(braked.held.map(\.reason))")
        if let held = braked.held.first {
            let words =
                "\(leaving + before) of \(20 + before) members would leave nerd-dinner/ops (\(before) have in the last 24"
            #expect(held.reason.hasPrefix(words), "\(held.reason)")
        }
    }

    @Test func `numbers of all removals, promotions, reactivations, renames and additions add up`() throws {
        let kinds: [(WritableKeyPath<SyncTally, Int>, Int, String)] = [
            (\.removals, 89, "removals are more than 100"), (\.promotions, 3, "promotions"),
            (\.reactivations, 10, "reactivations"), (\.renames, 39, "renames"), (\.additions, 200, "additions"),
        ]
        let rules = [try Company.feedsOps(), try Company.feedsOwners()]
        for (kind, before, words) in kinds {
            var start = BrakeTests.snapshot(ops: Self.logins.prefix(20), owners: ["p30"])
            start.users[39].inactiveReason = "disabled"
            var end = BrakeTests.snapshot(ops: Self.logins.prefix(21).dropFirst(6), owners: ["p30", "p31"])
            end.users[38].login = "renamed"
            let state = try Company.synchronised(start, rules)
            let plan = Company.plan(end, rules, state)
            var past = SyncTally()
            let limits = DirectorySettings.Brake(maxPercent: 100)
            #expect(Brake.apply(plan, limits: limits, state: state, past: past).held == [], "\(words)")
            past[keyPath: kind] = before
            let held = Brake.apply(plan, limits: limits, state: state, past: past).held
            #expect(held.count == 1 && held[0].reason.contains(words), "\(words): \(held.map(\.reason))")
            #expect(
                held[0].changes == plan.changes && held[0].reason.contains("\(before) of them in the last 24 hours"))
            let nothing = SyncPlan(directory: Company.name, changes: [], notes: [])
            #expect(Brake.apply(nothing, limits: limits, state: state, past: past).held == [])
        }
    }

    @Test func `a tally counts what the plan does, and of a first run what it adds is no surprise`() throws {
        let plan = Company.plan(
            BrakeTests.snapshot(ops: ["p0", "p1"], owners: ["p2"]),
            [try Company.feedsOps(), try Company.feedsOwners()],
            try Company.emptyState())
        let tally = SyncTally(of: plan.changes)
        #expect(tally.additions == 40 + 2 + 3 && tally.promotions == 1 && tally.removals == 0)
        #expect(SyncTally(of: plan.changes, isFirstRun: true).additions == 0)
        #expect((tally + tally).additions == 90 && SyncTally().isEmpty && !tally.isEmpty)
    }

    @Test func `what a held group feeds besides is held for the same people, and for no others`() throws {
        let rules = [
            try Company.feedsOps(), try Company.feedsOwners(Company.opsDN),
            DirectorySettings.Rule(group: Company.adminsDN, feeds: .systemAdmin),
        ]
        // Who is in the group is an owner; of the owners a few leave, of the small team most do.
        let owners = DirectorySettings.Rule(
            group: Company.ownersDN, feeds: .organization(try AccountName("nerd-dinner"), role: .owner))
        func snapshot(_ ops: some Sequence<String>, admins: [String]) -> DirectorySnapshot {
            DirectorySnapshot(
                users: BrakeTests.people,
                groups: [
                    Company.group(Company.opsDN, ops.map(Company.dn)),
                    Company.group(Company.ownersDN, Self.logins.dropFirst(10).map(Company.dn)),
                    Company.group(Company.adminsDN, admins.map(Company.dn)),
                ])
        }
        let all = rules + [owners]
        let state = try Company.synchronised(snapshot(Self.logins.prefix(10), admins: ["p20", "p21"]), all)
        let after = snapshot(Self.logins.prefix(10).dropFirst(6), admins: ["p20"])
        let resolved = ResolvedDirectory(after, settings: Company.settings(all), now: Company.now)
        let plan = SyncPlan(directory: resolved, state: state)
        let alone = Brake.apply(plan, limits: .init(maxPercent: 100), state: state)
        let braked = Brake.apply(plan, limits: .init(maxPercent: 100), state: state, feeds: resolved.feeds)
        #expect(alone.held.count == 1)
        #expect(braked.held.count == 1 && braked.held[0].reason.contains("6 of 10 members would leave nerd-dinner/ops"))
        #expect(braked.apply.map(\.summary) == ["no administrator: p21"])
        #expect(
            Set(braked.held[0].changes.compactMap(\.person?.login.rawValue)) == Set(Self.logins.prefix(6)))
    }

    @Test func `in doubt everything is held`() throws {
        let rules = [try Company.feedsOps()]
        var after = BrakeTests.snapshot(ops: ["p1", "p2"], users: Array(BrakeTests.people.dropFirst(30)))
        after.users += [Company.person("new")]
        let state = try Company.synchronised(BrakeTests.snapshot(ops: ["p0", "p1"]), rules)
        let plan = Company.plan(after, rules, state)
        let limits = DirectorySettings.Brake(maxPercent: 100, maxTeamPercent: 100)
        let braked = Brake.apply(plan, limits: limits, state: state, doubt: "it was restored")
        #expect(braked.held.map(\.reason) == ["it was restored"])
        #expect(braked.held[0].changes == plan.changes && braked.apply == [])
    }
}

@Suite struct DirectoryClockTests {
    /// `a1=2` is the counter of server 1 in the scope `a`.
    private static func clock(_ counters: [String], _ newest: [String: String] = [:]) -> DirectoryClock {
        DirectoryClock(
            counters: counters.map { text in
                let parts = text.split(separator: "=").map(String.init)
                return .init(scope: String(parts[0].prefix(1)), server: String(parts[0].dropFirst()), value: parts[1])
            }, newest: newest)
    }

    @Test(
        arguments: [
            (["a=2"], [:], ["a=2"], [:], false), (["a=2"], [:], ["a=3"], [:], false),
            (["a=2"], [:], ["a=1"], [:], true),
            (["a1=2", "a2=5"], [:], ["a1=3", "a2=4"], [:], true),
            // A server that had written something has not.
            (["a1=2", "a2=5"], [:], ["a1=3"], [:], true),
            // Another server with counters of its own.
            (["a=2"], [:], ["b=1"], [:], false),
            // The newest entry was deleted.
            ([], ["x": "20260102", "y": "20260101"], [], ["y": "20260101", "z": "20251231"], false),
            ([], ["x": "20260102", "y": "20260101"], [], ["y": "20251231"], true),
            ([], ["x": "20260102"], [], [:], false),
            (["a=2"], ["x": "20260102"], ["a=3"], ["x": "20260101"], true),
        ] as [([String], [String: String], [String], [String: String], Bool)])
    func `a directory that went back is told from one that goes on`(
        _ before: [String], _ newestBefore: [String: String], _ now: [String], _ newest: [String: String],
        _ isBack: Bool
    ) {
        let reason = Self.clock(now, newest).regression(since: Self.clock(before, newestBefore))
        #expect((reason != nil) == isBack, "\(reason ?? "")")
    }

    @Test func `what was approved counts from then on, and other servers stay known`() {
        let before = Self.clock(["a=5", "b=7"], ["x": "20260102"])
        let approved = Self.clock(["a=3"], ["x": "20260101"])
        #expect(approved.replacing(before) == Self.clock(["a=3", "b=7"], ["x": "20260101"]))
        #expect(Self.clock(["a=3"]).replacing(before) == Self.clock(["a=3", "b=7"]), "read in part")
        #expect(approved.regression(since: approved.replacing(before)) == nil)
    }

    @Test func `servers and entries that were not read this time stay known`() {
        let before = Self.clock(["a=2", "b=7"], ["x": "20260102"])
        #expect(
            Self.clock(["a=3"], ["y": "20260101"]).following(before, isWhole: true)
                == Self.clock(["a=3", "b=7"], ["y": "20260101"]))
        #expect(
            Self.clock(["a=1"], ["y": "20260101"]).following(before, isWhole: false)
                == Self.clock(["a=2", "b=7"], ["x": "20260102"]))
        #expect(Self.clock(["a=1"]).following(before, isWhole: true).counters == Self.clock(["a=1", "b=7"]).counters)
        let many = Dictionary(uniqueKeysWithValues: (10..<60).map { ("e\($0)", "\($0)") })
        let kept = Self.clock([], many).following(before, isWhole: true).newest
        #expect(kept.count == DirectoryClock.newestCount && kept["e59"] == "59" && kept["e10"] == nil)
    }
}
