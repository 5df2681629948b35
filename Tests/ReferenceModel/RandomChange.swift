public import AccessModel

/// Makes the next thing that happens in a world: somebody comes, goes or is changed, with all
/// that hangs on it. Names come from small pools, so that they are used again.
public struct RandomChange {
    private var random: SplitMix64
    private var editor: WorldEditor

    /// The changes of one event, in the order of the log; `world` afterwards holds them. May
    /// be empty when nothing of the kind drawn is possible. `growth` is the share of arrivals
    /// in percent.
    public static func next(in world: inout World, growth: Int = 50, using random: inout SplitMix64) -> [Change] {
        var step = RandomChange(random: random, editor: WorldEditor(world))
        if step.random.chance(percent: growth) { step.arrive() } else { step.changeOrLeave() }
        random = step.random
        world = step.editor.world
        return step.editor.changes
    }

    private var world: World { editor.world }

    private mutating func arrive() {
        switch random.below(100) {
        case 0..<10: addUser()
        case 10..<15: addOrganization()
        case 15..<27: addOrganizationMember()
        case 27..<37: addTeam()
        case 37..<55: addTeamMember()
        case 55..<61: addServiceAccount()
        case 61..<75: addRepository()
        default: addGrant()
        }
    }

    private mutating func changeOrLeave() {
        switch random.below(100) {
        case 0..<22: changeAccount()
        case 22..<30: changeServiceAccount()
        case 30..<42: moveTeam()
        case 42..<50: changeVisibility()
        case 50..<60: changeRole()
        case 60..<75: if let grant = random.pick(world.grants) { put(grant.subject, grant.target) }
        default:
            let kinds: [Fact.Kind] = [
                .grant, .grant, .teamMember, .teamMember, .organizationMember, .repository, .team, .serviceAccount,
                .account,
            ]
            let kind = random.pick(kinds)
            if let fact = random.pick(world.facts.filter { $0.kind == kind }) { editor.remove(fact) }
        }
    }
}

// Arrivals.

extension RandomChange {
    private static let userNames = ["ann", "bob", "cat", "dan", "eve", "fay", "gus", "hal", "acme-ops", "web"]
    private static let organizationNames = ["acme", "nerd-dinner", "ops", "x.y_z--0"]
    private static let teamNames = ["ops", "dev", "web", "all", "a__b"]
    private static let serviceNames = ["ci", "ops", "web"]
    private static let repositoryNames = ["web", "api", "web/api", "a/b/c", "ops"]

    private mutating func identifier<Entity>() -> Identifier<Entity> {
        var source = IdentifierSource(now: world.now, using: &random)
        return source.next()
    }

    private mutating func freeAccountName(_ pool: [String]) -> AccountName? {
        let free = pool.map { AccountName(trusted: $0) }.filter { world.account(named: $0) == nil }
        return random.pick(free)
    }

    private mutating func addUser() {
        guard let name = freeAccountName(Self.userNames) else { return }
        editor.insert(
            .account(
                Account(
                    id: identifier(), kind: .user, name: name, fullName: "Zoë \(name)", email: "\(name)@example.com",
                    isActive: !random.chance(percent: 15), isSystemAdmin: random.chance(percent: 12),
                    isDecisionReader: random.chance(percent: 12),
                    createsRepositoriesOnPush: random.chance(percent: 30))))
    }

    private mutating func addOrganization() {
        guard let name = freeAccountName(Self.organizationNames) else { return }
        let organization = Account(
            id: identifier(), kind: .organization, name: name, fullName: "The \(name)",
            createsRepositoriesOnPush: random.chance(percent: 40))
        editor.insert(.account(organization))
        if let user = random.pick(users) { join(organization.id, user.id, .owner) }
    }

    private var users: [Account] { world.accounts.filter { $0.kind == .user } }
    private var organizations: [Account] { world.accounts.filter { $0.kind == .organization } }

    private mutating func join(_ organization: AccountID, _ user: AccountID, _ role: OrganizationMember.Role) {
        guard !world.organizationMembers.contains(where: { $0.organization == organization && $0.user == user }) else {
            return
        }
        editor.insert(.organizationMember(OrganizationMember(organization: organization, user: user, role: role)))
    }

    private mutating func addOrganizationMember() {
        guard let organization = random.pick(organizations), let user = random.pick(users) else { return }
        join(organization.id, user.id, random.chance(percent: 20) ? .owner : .member)
    }

    private mutating func addTeam() {
        guard let organization = random.pick(organizations) else { return }
        let siblings = world.teams.filter { $0.organization == organization.id }
        let free = Self.teamNames.map { TeamName(trusted: $0) }.filter { name in !siblings.contains { $0.name == name }
        }
        guard let name = random.pick(free) else { return }
        let parent = random.chance(percent: 65) ? random.pick(siblings)?.id : nil
        editor.insert(.team(Team(id: identifier(), organization: organization.id, name: name, parent: parent)))
    }

    /// Joining a team joins its organisation.
    private mutating func addTeamMember() {
        guard let team = random.pick(world.teams), let user = random.pick(users) else { return }
        join(team.organization, user.id, .member)
        let role: TeamMember.Role = random.chance(percent: 25) ? .maintainer : .member
        editor.put(.teamMember(TeamMember(team: team.id, user: user.id, role: role)))
    }

    private mutating func addServiceAccount() {
        guard let owner = random.pick(world.accounts), let name = random.pick(Self.serviceNames) else { return }
        let service = ServiceAccount(
            id: identifier(), owner: owner.id, name: TeamName(trusted: name), isActive: !random.chance(percent: 20),
            isDecisionReader: random.chance(percent: 15),
            expiresAt: random.chance(percent: 30) ? randomEnd() : nil)
        let isTaken = world.serviceAccounts.contains { $0.owner == owner.id && $0.name == service.name }
        if !isTaken { editor.insert(.serviceAccount(service)) }
    }

    private mutating func addRepository() {
        guard let owner = random.pick(world.accounts), let name = random.pick(Self.repositoryNames) else { return }
        let repository = Repository(
            id: identifier(), namespace: owner.id, name: name,
            visibility: random.chance(percent: 25) ? .public : .private)
        let isTaken = world.repositories.contains { $0.namespace == owner.id && $0.name == name }
        if !isTaken { editor.insert(.repository(repository)) }
    }

    private mutating func addGrant() {
        let organization = random.pick(organizations)?.id
        let repositories = world.repositories.filter { random.chance(percent: 50) || $0.namespace == organization }
        let repository = random.pick(repositories)
        let isWide = random.chance(percent: 30)
        guard let namespace = isWide ? random.pick(world.accounts)?.id : repository?.namespace else { return }
        var subjects: [GrantSubject] = world.teams.filter { $0.organization == namespace }.map { .team($0.id) }
        subjects += world.serviceAccounts.filter { $0.owner == namespace }.map { .serviceAccount($0.id) }
        if !isWide, random.chance(percent: 35) || subjects.isEmpty {
            subjects = users.filter { $0.id != namespace }.map { .user($0.id) }
        }
        guard let subject = random.pick(subjects) else { return }
        if isWide {
            put(subject, .namespace(namespace))
        } else if let repository {
            put(subject, .repository(repository.id))
        }
    }

    /// Just before, at, or just behind `now`, or at some other time.
    private mutating func randomEnd() -> Timestamp? {
        let ends: [Int64] = [-1_000_000_000, -1, 0, 1, 2, 1_000_000, 3_600_000_000]
        return random.pick(ends).map { Timestamp(microseconds: world.now.microseconds + $0) }
    }

    /// One grant in three ends.
    private mutating func put(_ subject: GrantSubject, _ target: GrantTarget) {
        let expiresAt = random.chance(percent: 35) ? randomEnd() : nil
        let level = random.pick(AccessLevel.allCases) ?? .readOnly
        editor.put(.grant(Grant(subject: subject, target: target, level: level, expiresAt: expiresAt)))
    }
}

// Changes of what is there.

extension RandomChange {
    private mutating func changeAccount() {
        guard let before = random.pick(world.accounts) else { return }
        var after = before
        switch random.below(5) {
        case 0: after.createsRepositoriesOnPush.toggle()
        case 1: rename(&after)
        case 2 where before.kind == .user: after.isSystemAdmin.toggle()
        case 3 where before.kind == .user: after.isDecisionReader.toggle()
        default: if before.kind == .user { after.isActive.toggle() }
        }
        editor.update(.account(before), to: .account(after))
    }

    /// An account that has repositories keeps its name.
    private mutating func rename(_ account: inout Account) {
        let pool = account.kind == .user ? Self.userNames : Self.organizationNames
        guard !world.repositories.contains(where: { $0.namespace == account.id }), let name = freeAccountName(pool)
        else {
            return
        }
        account.name = name
        if account.kind == .user { account.login = name }
    }

    private mutating func changeServiceAccount() {
        guard let before = random.pick(world.serviceAccounts) else { return }
        var after = before
        if random.chance(percent: 60) { after.isActive.toggle() } else { after.isDecisionReader.toggle() }
        editor.update(.serviceAccount(before), to: .serviceAccount(after))
    }

    /// To another parent or to none, never below itself; or to another name.
    private mutating func moveTeam() {
        guard let before = random.pick(world.teams) else { return }
        var after = before
        let siblings = world.teams.filter { $0.organization == before.organization && $0.id != before.id }
        if random.chance(percent: 75) {
            let above = siblings.filter { !world.ancestors(of: $0).contains(before.id) }
            after.parent = random.chance(percent: 30) ? nil : random.pick(above)?.id
        } else {
            let names = Self.teamNames.map { TeamName(trusted: $0) }
            after.name = random.pick(names.filter { name in !siblings.contains { $0.name == name } }) ?? before.name
        }
        editor.update(.team(before), to: .team(after))
    }

    private mutating func changeVisibility() {
        guard let before = random.pick(world.repositories) else { return }
        var after = before
        after.visibility = before.visibility == .public ? .private : .public
        editor.update(.repository(before), to: .repository(after))
    }

    private mutating func changeRole() {
        if random.chance(percent: 50), let before = random.pick(world.teamMembers) {
            var after = before
            after.role = before.role == .member ? .maintainer : .member
            editor.update(.teamMember(before), to: .teamMember(after))
        } else if let before = random.pick(world.organizationMembers) {
            var after = before
            after.role = before.role == .member ? .owner : .member
            editor.update(.organizationMember(before), to: .organizationMember(after))
        }
    }
}
