import AccessModel
import Testing

/// Random directories, their changes and their synchronisation, from a seed.
struct SyncPropertyTests {
    struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
            return value ^ value >> 31
        }
        mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
    }

    static let groupDNs = (0..<8).map { "CN=g\($0),OU=Groups,DC=corp,DC=example,DC=com" }

    static func snapshot(_ random: inout Random) -> DirectorySnapshot {
        var users: [DirectoryUser] = []
        for id in 0..<12 where random.chance(80) {
            let login = "u\(Int.random(in: 0..<16, using: &random))"
            let place = random.chance(50) ? "OU=People" : "OU=Sales,OU=People"
            users.append(
                DirectoryUser(
                    externalID: "id-\(id)", dn: "CN=Person \(id)\\, X,\(place),DC=corp,DC=example,DC=com", login: login,
                    fullName: random.chance(50) ? "Person" : "Somebody",
                    inactiveReason: random.chance(15) ? "disabled" : nil,
                    primaryGroup: random.chance(20) ? .id("S-0") : nil))
        }
        var groups: [DirectoryGroup] = []
        for (number, dn) in groupDNs.enumerated() where random.chance(85) {
            let members = users.map(\.dn).filter { _ in random.chance(30) } + groupDNs.filter { _ in random.chance(10) }
            let spelled = members.map { random.chance(30) ? $0.uppercased() : $0 }
            groups.append(Company.group(dn, spelled, primaryID: "S-\(number)"))
        }
        return DirectorySnapshot(users: users, groups: groups)
    }

    static func rules(_ random: inout Random) throws -> [DirectorySettings.Rule] {
        let place = try AccountName("nerd-dinner")
        let feeds: [DirectorySettings.Feed] = [
            .team(organization: place, team: try TeamName("ops")),
            .team(organization: place, team: try TeamName("web")),
            .team(organization: place, team: try TeamName("missing")), .organization(place, role: .owner),
            .organization(place, role: .member), .systemAdmin,
        ]
        return (0..<5).map { _ in
            DirectorySettings.Rule(
                group: groupDNs.randomElement(using: &random) ?? "",
                feeds: feeds.randomElement(using: &random) ?? .systemAdmin)
        }
    }

    /// A world that two synchronisations made, with some memberships made by people.
    static func state(_ random: inout Random, _ rules: [DirectorySettings.Rule]) throws -> DirectoryState {
        var state = try Company.synchronised(snapshot(&random), rules)
        state.takenNames[try AccountName("u3")] = .localUser
        for index in state.accounts.indices { state.accounts[index].ownsRepositories = random.chance(30) }
        for linked in state.accounts where random.chance(20) {
            let id = linked.account.id
            state.organizationMembers.removeAll { $0.user == id }
            state.teamMembers.removeAll { $0.user == id }
            state.organizationMembers.append(.init(organization: Company.nerdDinner, user: id, role: .member))
            state.teamMembers.append(.init(team: Company.web, user: id, role: .maintainer))
        }
        state.apply(Company.plan(snapshot(&random), rules, state).changes)
        return state
    }

    @Test(arguments: UInt64(0)..<150)
    func `the same input gives the same plan, whatever its order`(_ seed: UInt64) throws {
        var random = Random(state: seed)
        let rules = try Self.rules(&random)
        var state = try Self.state(&random, rules)
        var snapshot = Self.snapshot(&random)
        let plan = Company.plan(snapshot, rules, state)
        snapshot.users.shuffle(using: &random)
        snapshot.groups.shuffle(using: &random)
        for index in snapshot.groups.indices { snapshot.groups[index].members.shuffle(using: &random) }
        state.accounts.shuffle(using: &random)
        state.teamMembers.shuffle(using: &random)
        state.organizationMembers.shuffle(using: &random)
        state.teams.shuffle(using: &random)
        let again = Company.plan(snapshot, rules, state)
        #expect(again == plan)
        #expect(again.canonicalText == plan.canonicalText)
    }

    @Test(arguments: UInt64(0)..<300)
    func `after a plan is applied there is nothing left to do`(_ seed: UInt64) throws {
        var random = Random(state: seed)
        let rules = try Self.rules(&random)
        var state = try Self.state(&random, rules)
        let snapshot = Self.snapshot(&random)
        state.apply(Company.plan(snapshot, rules, state).changes)
        #expect(Company.plan(snapshot, rules, state).changes.map(\.summary) == [])
    }

    @Test(arguments: UInt64(0)..<300)
    func `an incomplete reading removes nothing and nobody`(_ seed: UInt64) throws {
        var random = Random(state: seed)
        let rules = try Self.rules(&random)
        let state = try Self.state(&random, rules)
        var snapshot = Self.snapshot(&random)
        snapshot.usersReading = .incomplete(reason: "connection lost")
        #expect(Company.plan(snapshot, rules, state).changes.allSatisfy { $0.removal == nil })
        snapshot.usersReading = .complete
        snapshot.groupsReading = .incomplete(reason: "connection lost")
        let removals = Company.plan(snapshot, rules, state).changes.compactMap(\.removal)
        #expect(
            removals.allSatisfy {
                $0 == .deactivate(isGone: true) || $0 == .deactivate(isGone: false) || $0 == .markGone
            },
            "people who are gone, and nothing that groups give")
    }

    @Test(arguments: UInt64(0)..<300)
    func `what a person made is never taken away`(_ seed: UInt64) throws {
        var random = Random(state: seed)
        let rules = try Self.rules(&random)
        var state = try Self.state(&random, rules)
        let local = (
            state.organizationMembers.filter { $0.managedBy == nil }, state.teamMembers.filter { $0.managedBy == nil }
        )
        state.apply(Company.plan(Self.snapshot(&random), rules, state).changes)
        #expect(state.organizationMembers.filter { $0.managedBy == nil } == local.0)
        #expect(state.teamMembers.filter { $0.managedBy == nil } == local.1)
    }

    @Test(arguments: UInt64(0)..<200)
    func `the brake keeps every change, and an owner and an administrator wherever there was one`(_ seed: UInt64) throws
    {
        var random = Random(state: seed)
        let rules = try Self.rules(&random)
        var state = try Self.state(&random, rules)
        let plan = Company.plan(Self.snapshot(&random), rules, state)
        let limits = DirectorySettings.Brake(
            maxPercent: 100, maxTeamPercent: 60, maxPromotions: 100, maxAdditionsPercent: 100)
        let braked = Brake.apply(plan, limits: limits, state: state, isFirstRun: true)
        #expect(Set(braked.apply + braked.held.flatMap(\.changes)) == Set(plan.changes))
        #expect(braked.apply.count + braked.held.map(\.changes.count).reduce(0, +) == plan.changes.count)
        let approved = Brake.apply(plan, limits: limits, state: state, isFirstRun: true, approved: Set(braked.held))
        #expect(approved.apply == plan.changes && approved.held.isEmpty)

        let hadAdmin = !state.activeSystemAdmins.isEmpty
        let hadOwner = state.organizationMembers.contains { $0.role == .owner }
        state.apply(braked.apply)
        #expect(!hadAdmin || !state.activeSystemAdmins.isEmpty)
        #expect(!hadOwner || state.organizationMembers.contains { $0.role == .owner })
    }
}
