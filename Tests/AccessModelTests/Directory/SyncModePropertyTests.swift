import AccessModel
import Foundation
import Testing

/// Random directories with patterns, leavers, local members and people of other directories.
struct SyncModePropertyTests {
    typealias Random = SyncPropertyTests.Random

    static let foreign = (0..<3).map { "CN=Foreign \($0),DC=other,DC=example,DC=com" }
    static let patternNames = [
        "red-x", "red-y", "blue-x", "red-leads", "blue-leads", "red-x-y", "u1-x", "nerd-dinner-z",
    ]

    static func snapshot(_ random: inout Random) -> DirectorySnapshot {
        var snapshot = SyncPropertyTests.snapshot(&random)
        for index in snapshot.users.indices where random.chance(15) {
            snapshot.users[index].expiresAt = Company.now + .seconds(Int64.random(in: 0..<5, using: &random) * 86_400)
        }
        for name in patternNames where random.chance(70) {
            let members = snapshot.users.map(\.dn).filter { _ in random.chance(30) }
            snapshot.groups.append(Company.group(Company.groupDN(name), members))
        }
        for index in snapshot.groups.indices {
            var also = foreign.filter { _ in random.chance(20) }
            if random.chance(10) { also.append("CN=nobody,DC=elsewhere") }
            snapshot.groups[index].members += also.map { .dn(random.chance(30) ? $0.uppercased() : $0) }
            if random.chance(5) { snapshot.groups[index].membersReading = Company.broken }
        }
        return snapshot
    }

    /// Two synchronisations, a day or two apart, and what people did in between.
    static func world(_ random: inout Random) throws -> SyncWorld {
        var world = try SyncWorld(rules: SyncPropertyTests.rules(&random))
        let choices = [
            try GroupPattern("{org}-leads", role: .owner), try GroupPattern("{org}-{team}"),
            try GroupPattern("CN={org}-x"),
        ]
        world.settings.patterns = choices.filter { _ in random.chance(70) }
        world.settings.localMembers = random.chance(50) ? .remove : .keep
        world.settings.deletesLeaversAfterDays = random.chance(60) ? 1 : nil
        world.settings.justInTime = random.chance(10)
        world.state.takenNames[try AccountName("u3")] = .localUser
        for (number, dn) in foreign.dropLast().enumerated() {
            try world.addOther("foreign\(number)", directory: "other", dn: dn, isActive: random.chance(80))
        }
        if world.settings.localMembers == .remove { try world.addOther("local") }
        for _ in 0..<2 {
            world.run(snapshot(&random))
            world.addByHand(&random)
            if random.chance(30) { world.settings.patterns = choices.filter { _ in random.chance(70) } }
            world.pass(days: Int64.random(in: 0...2, using: &random))
        }
        return world
    }

    @Test(arguments: UInt64(0)..<150)
    func `after a plan is applied there is nothing left to do`(_ seed: UInt64) throws {
        var random = Random(state: seed)
        var world = try Self.world(&random)
        let snapshot = Self.snapshot(&random)
        world.run(snapshot)
        #expect(world.summaries(snapshot) == [])
    }

    @Test(arguments: UInt64(0)..<150)
    func `the same input gives the same plan, whatever its order`(_ seed: UInt64) throws {
        var random = Random(state: seed)
        var world = try Self.world(&random)
        var snapshot = Self.snapshot(&random)
        let plan = world.plan(snapshot)
        snapshot.users.shuffle(using: &random)
        snapshot.groups.shuffle(using: &random)
        for index in snapshot.groups.indices { snapshot.groups[index].members.shuffle(using: &random) }
        world.state.accounts.shuffle(using: &random)
        world.state.others.shuffle(using: &random)
        world.state.teamMembers.shuffle(using: &random)
        world.state.organizationMembers.shuffle(using: &random)
        world.state.teams.shuffle(using: &random)
        #expect(world.plan(snapshot) == plan)
    }

    @Test(arguments: UInt64(0)..<50)
    func `a plan survives JSON and has one canonical text`(_ seed: UInt64) throws {
        var random = Random(state: seed)
        let plan = try Self.world(&random).plan(Self.snapshot(&random))
        let again = try JSONDecoder().decode(SyncPlan.self, from: JSONEncoder().encode(plan))
        #expect(again == plan && again.canonicalText == plan.canonicalText)
        #expect(plan.canonicalText.split(separator: "\n").count == plan.changes.count + 1)
        #expect(Set(plan.changes.map(\.canonicalText)).count == plan.changes.count)
    }

    @Test(arguments: UInt64(0)..<150)
    func `an incomplete reading removes nothing and nobody`(_ seed: UInt64) throws {
        var random = Random(state: seed)
        let world = try Self.world(&random)
        var snapshot = Self.snapshot(&random)
        snapshot.usersReading = Company.broken
        #expect(world.plan(snapshot).changes.filter { $0.removal != nil } == [])
        snapshot.usersReading = .complete
        snapshot.groupsReading = Company.broken
        let places = world.plan(snapshot).changes.filter { change in
            switch change.removal {
            case nil, .deactivate, .markGone, .deprovision, .deleteUser: false
            default: true
            }
        }
        #expect(places == [], "people who are gone, and nothing that groups give")
    }

    @Test(arguments: UInt64(0)..<150)
    func `what people and other directories keep is left to them`(_ seed: UInt64) throws {
        var random = Random(state: seed)
        var world = try Self.world(&random)
        let before = world.state
        let plan = world.plan(Self.snapshot(&random))
        let others = Set(before.others.map(\.id))
        #expect(plan.changes.allSatisfy { $0.person?.accountID.map(others.contains) != true || $0.isAboutPlaces })
        world.apply(plan.changes)
        #expect(world.state.others == before.others)

        let goneForGood = plan.changes.filter { $0.removal == .deprovision }.compactMap(\.person?.accountID)
        let left = Set(world.state.accounts.map(\.account.id)).union(others).subtracting(goneForGood)
        let byHand = { (state: DirectoryState) in
            state.organizationMembers.filter { $0.managedBy == nil && left.contains($0.user) }
        }
        #expect(byHand(world.state) == byHand(before))
        let teams = { (state: DirectoryState) in
            state.teamMembers.filter { $0.managedBy == nil && left.contains($0.user) }
        }
        if world.settings.localMembers == .keep { #expect(teams(world.state) == teams(before)) }
        #expect(Set(before.organizations.keys).isSubset(of: world.state.organizations.keys))
        #expect(Set(before.teams).isSubset(of: world.state.teams))
    }

    @Test(arguments: UInt64(0)..<150)
    func `nobody who owns repositories or came back is deleted, and nobody early`(_ seed: UInt64) throws {
        var random = Random(state: seed)
        var world = try Self.world(&random)
        for index in world.state.accounts.indices { world.state.accounts[index].ownsRepositories = random.chance(30) }
        let snapshot = Self.snapshot(&random)
        for change in world.plan(snapshot).changes where change.removal == .deleteUser {
            let linked = try #require(world.state.accounts.first { $0.account.id == change.person?.accountID })
            let since = try #require(linked.account.directory?.goneSince)
            #expect(!linked.ownsRepositories && !linked.account.isActive)
            #expect(since + .seconds(86_400) <= world.now && world.settings.deletesLeaversAfterDays == 1)
            #expect(!snapshot.users.contains { $0.externalID == change.person?.externalID })
        }
    }

    @Test(arguments: UInt64(0)..<150)
    func `the brake keeps every change, and an owner wherever there was one`(_ seed: UInt64) throws {
        var random = Random(state: seed)
        var world = try Self.world(&random)
        let plan = world.plan(Self.snapshot(&random))
        var limits = DirectorySettings.Brake(
            maxPercent: 100, maxTeamPercent: 60, maxPromotions: 100, maxAdditionsPercent: 100)
        limits.maxTeamRemovals = random.chance(50) ? 2 : nil
        limits.maxOrganizationRemovals = random.chance(50) ? 1 : nil
        let braked = Brake.apply(plan, limits: limits, state: world.state, isFirstRun: true)
        #expect(Set(braked.apply + braked.held.flatMap(\.changes)) == Set(plan.changes))
        #expect(braked.apply.count + braked.held.map(\.changes.count).reduce(0, +) == plan.changes.count)
        let approved = Brake.apply(
            plan, limits: limits, state: world.state, isFirstRun: true, approved: Set(braked.held))
        #expect(approved.apply == plan.changes && approved.held.isEmpty)

        let owned = world.ownedOrganizations
        let hadAdmin = !world.state.activeSystemAdmins.isEmpty
        world.apply(braked.apply)
        #expect(owned.isSubset(of: world.ownedOrganizations))
        #expect(!hadAdmin || !world.state.activeSystemAdmins.isEmpty)
    }
}

extension SyncWorld {
    /// Some memberships that people make, in teams of theirs and of the directory's.
    mutating func addByHand(_ random: inout SyncPropertyTests.Random) {
        for id in state.accounts.map(\.account.id) + state.others.map(\.id) {
            for team in state.teams where random.chance(8) {
                guard !state.teamMembers.contains(where: { $0.team == team.id && $0.user == id }) else { continue }
                state.teamMembers.append(.init(team: team.id, user: id, role: .maintainer))
                let place = team.organization
                guard !state.organizationMembers.contains(where: { $0.organization == place && $0.user == id }) else {
                    continue
                }
                state.organizationMembers.append(.init(organization: place, user: id, role: .member))
            }
        }
    }

    var ownedOrganizations: Set<AccountID> {
        Set(state.organizationMembers.filter { $0.role == .owner }.map(\.organization))
    }
}

extension SyncChange {
    /// Gives or takes a place in a team or an organisation, and touches no account.
    fileprivate var isAboutPlaces: Bool {
        switch action {
        case .adding(.addToOrganization), .adding(.promoteToOwner), .adding(.addToTeam), .removing(.removeFromTeam),
            .removing(.demoteFromOwner), .removing(.removeFromOrganization):
            true
        default: false
        }
    }
}
