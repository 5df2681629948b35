// The set questions: who may, and what may. They walk what the one rule (EffectiveLevel) looks up, in the
// other direction; that both say the same is a property of every random world.

/// Somebody who may, with their level.
public struct Holder: Hashable, Sendable {
    public let principal: Principal
    public let level: AccessLevel
}

/// A repository where somebody may, with their level there.
public struct Holding: Hashable, Sendable {
    public let repository: RepositoryPath
    public let level: AccessLevel
}

extension AccessGraph {
    /// Everybody who may do `action` on `path` at `now`, ordered by kind and name; anonymous
    /// is among them for what a public repository gives everybody.
    public func whoMay(_ action: Action, _ path: RepositoryPath, at now: Timestamp) -> [Holder] {
        guard let repository = index(at: path) else { return whoCreatesOnPush(action, path, at: now) }
        var found = Gathered()
        gather(&found, holdingOn: repositories[repository].namespace, and: repository, action.requiredLevel, at: now)
        if repositories[repository].isPublic, action.requiredLevel == .readOnly { gatherEverybody(&found) }
        return holders(found, at: now)
    }

    /// Every repository where `principal` may do `action` at `now`, ordered by path.
    public func whatMay(_ principal: Principal, _ action: Action, at now: Timestamp) -> [Holding] {
        guard let principal = index(of: principal), isActive(principal, at: now) else { return [] }
        var found = Gathered()
        gather(&found, heldBy: principal, action.requiredLevel, at: now)
        return holdings(found)
    }

    /// Every repository where a team gives its members `action`, itself or by a team above it, ordered by
    /// path: what they would lose with it, if nothing else gave them the same.
    public func whatMay(
        team: TeamName, of organization: AccountName, _ action: Action, at now: Timestamp
    ) -> [Holding] {
        guard let namespace = index(named: organization),
            let team = accounts[namespace].ownedTeams.first(where: { teams[$0].name == team && teams[$0].exists })
        else { return [] }
        var found = Gathered()
        gather(&found, heldBy: team, of: namespace, action.requiredLevel, at: now)
        return holdings(found)
    }

    /// Everybody who may do `action` on each repository of a pattern, ordered by path, then by kind and
    /// name. What everybody has of a public repository is told for the anonymous only.
    /// - Parameters:
    ///   - path: only what comes behind it; nil for everything.
    ///   - limit: after how many holders no further repository is begun.
    public func whoMay(
        _ action: Action, on pattern: RepositoryPattern, after path: RepositoryPath?, limit: Int, at now: Timestamp,
        where isAsked: (RepositoryPath) -> Bool
    ) -> [(repository: RepositoryPath, holder: Holder)] {
        var found: [(repository: RepositoryPath, holder: Holder)] = []
        let asked = paths(matching: pattern).filter { next in (path.map { $0 < next } ?? true) && isAsked(next) }
        for next in asked.sorted() {
            guard found.count < limit else { break }
            for holder in whoMayBeyondEverybody(action, next, at: now) { found.append((next, holder)) }
        }
        return found
    }

    /// `whoMay` where the anonymous stand for everybody: of a public repository those who may more.
    func whoMayBeyondEverybody(_ action: Action, _ path: RepositoryPath, at now: Timestamp) -> [Holder] {
        guard let repository = index(at: path), repositories[repository].isPublic, action.requiredLevel == .readOnly
        else { return whoMay(action, path, at: now) }
        var found = Gathered()
        gather(&found, holdingOn: repositories[repository].namespace, and: repository, .readWrite, at: now)
        found.add(.anonymous, .readOnly)
        return holders(found, at: now)
    }

    /// Whoever may do `action` with a repository that is there, by place and in order, the anonymous for
    /// everybody: what two graphs can be compared by before any name is looked up.
    func placesOfHolders(_ action: Action, _ path: RepositoryPath, at now: Timestamp) -> [UInt64] {
        guard let repository = index(at: path) else { return [] }
        var found = Gathered()
        let isOpen = repositories[repository].isPublic && action.requiredLevel == .readOnly
        gather(
            &found, holdingOn: repositories[repository].namespace, and: repository,
            isOpen ? .readWrite : action.requiredLevel, at: now)
        if isOpen { found.add(.anonymous, .readOnly) }
        return found.places().filter { isActive(PrincipalIndex(word: $0), at: now) }
    }

    /// Whether there is any such repository.
    func mayAnything(_ principal: PrincipalIndex, _ action: Action, at now: Timestamp) -> Bool {
        guard isActive(principal, at: now) else { return false }
        var found = Gathered()
        gather(&found, heldBy: principal, action.requiredLevel, at: now)
        return !found.isEmpty
    }

    /// For a repository that does not exist: those whose push makes it.
    private func whoCreatesOnPush(_ action: Action, _ path: RepositoryPath, at now: Timestamp) -> [Holder] {
        guard action == .push || action == .pull, let namespace = index(named: path.namespace),
            accounts[namespace].createsRepositoriesOnPush
        else { return [] }
        var found = Gathered()
        gather(&found, holdingOn: namespace, and: nil, .readWrite, at: now)
        return holders(found, at: now)
    }

    // MARK: Who

    /// Whoever has at least `least` on the namespace, or on one repository in it.
    private func gather(
        _ found: inout Gathered, holdingOn namespace: Int32, and repository: Int32?, _ least: AccessLevel,
        at now: Timestamp
    ) {
        for administrator in administrators { found.add(.user(administrator), .admin) }
        if accounts[namespace].isUser { found.add(.user(namespace), .admin) }
        for owner in accounts[namespace].owners { found.add(.user(owner), .admin) }
        for grant in accounts[namespace].grants where grant.level >= least && grant.counts(at: now) {
            switch grant.end.kind {
            case .team where teams[grant.end.index].organization == namespace:
                forEachMember(of: grant.end.index) { found.add(.user($0), grant.level) }
            case .serviceAccount where serviceAccounts[grant.end.index].owner == namespace:
                found.add(.serviceAccount(grant.end.index), grant.level)
            default: break
            }
        }
        guard let repository else { return }
        for grant in repositories[repository].grants where grant.level >= least && grant.counts(at: now) {
            switch grant.end.kind {
            case .team where teams[grant.end.index].organization == namespace:
                forEachMember(of: grant.end.index) { found.add(.user($0), grant.level) }
            case .user: found.add(.user(grant.end.index), grant.level)
            case .serviceAccount: found.add(.serviceAccount(grant.end.index), grant.level)
            default: break
            }
        }
    }

    private func gatherEverybody(_ found: inout Gathered) {
        found.add(.anonymous, .readOnly)
        for user in accounts.indices where accounts[user].isUser { found.add(.user(user), .readOnly) }
        for service in serviceAccounts.indices { found.add(.serviceAccount(service), .readOnly) }
    }

    /// Those who are active, ordered by kind and name.
    private func holders(_ found: consuming Gathered, at now: Timestamp) -> [Holder] {
        var users = Gathered()
        var others: [Holder] = []
        for (word, level) in found.highest(where: { PrincipalIndex(word: $0).isUser }, into: &users) {
            let index = PrincipalIndex(word: word)
            if isActive(index, at: now) { others.append(Holder(principal: principal(at: index), level: level)) }
        }
        others.sort { $0.principal < $1.principal }
        let (ranked, unranked) = users.inOrder(ranks?.accounts)
        let names = ranks?.accounts.names ?? []
        let sorted = NameOrder.sorted(unranked.filter { accounts[$0.index].isActive }) {
            accounts[$0.index].name.rawValue
        }
        others.reserveCapacity(others.count + ranked.count + sorted.count)
        NameOrder.merge(
            ranked.lazy.map { Holder(principal: .user(names[$0.rank]), level: $0.level) },
            sorted.lazy.map { Holder(principal: .user(accounts[$0.index].name), level: $0.level) }, into: &others
        ) { $0.principal < $1.principal }
        return others
    }

    /// Visits the members of a team and of the teams below it, some more than once.
    func forEachMember(of team: Int32, _ visit: (Int32) -> Void) {
        var pending = [team]
        while let team = pending.popLast() {
            for member in teams[team].members { visit(member.index) }
            pending += teams[team].children
        }
    }

    // MARK: What

    private func holdings(_ found: consuming Gathered) -> [Holding] {
        let (ranked, unranked) = found.inOrder(ranks?.repositories)
        let paths = ranks?.repositories.names ?? []
        var holdings: [Holding] = []
        holdings.reserveCapacity(ranked.count + unranked.count)
        NameOrder.merge(
            ranked.lazy.map { Holding(repository: paths[$0.rank], level: $0.level) },
            inOrder(unranked).lazy.map { Holding(repository: path(of: $0.index), level: $0.level) }, into: &holdings
        ) { $0.repository < $1.repository }
        return holdings
    }

    /// What a team and those above it were given in their organisation.
    private func gather(
        _ found: inout Gathered, heldBy team: Int32, of organization: Int32, _ least: AccessLevel, at now: Timestamp
    ) {
        var team = Optional(team)
        while let granted = team {
            for grant in teams[granted].held where grant.level >= least && grant.counts(at: now) {
                if grant.end.kind == .repository {
                    guard repositories[grant.end.index].namespace == organization else { continue }
                    found.add(grant.end.index, grant.level)
                } else if grant.end.index == organization {
                    for repository in accounts[organization].repositories { found.add(repository, grant.level) }
                }
            }
            team = teams[granted].parent
        }
    }

    private func gather(
        _ found: inout Gathered, heldBy principal: PrincipalIndex, _ least: AccessLevel, at now: Timestamp
    ) {
        func addAll(in namespace: Int32, _ level: AccessLevel) {
            for repository in accounts[namespace].repositories { found.add(repository, level) }
        }
        if least == .readOnly { for repository in publicRepositories { found.add(repository, .readOnly) } }
        switch principal {
        case .anonymous:
            break
        case .user(let user) where accounts[user].isSystemAdmin:
            for repository in repositories.indices where repositories[repository].exists {
                found.add(repository, .admin)
            }
        case .user(let user):
            addAll(in: user, .admin)
            for membership in accounts[user].memberships {
                if let team = membership.team {
                    gather(&found, heldBy: team, of: membership.organization, least, at: now)
                } else if membership.isRaised {
                    addAll(in: membership.organization, .admin)
                }
            }
            for grant in accounts[user].held where grant.level >= least && grant.counts(at: now) {
                if grant.end.kind == .repository { found.add(grant.end.index, grant.level) }
            }
        case .serviceAccount(let service):
            for grant in serviceAccounts[service].held where grant.level >= least && grant.counts(at: now) {
                if grant.end.kind == .repository {
                    found.add(grant.end.index, grant.level)
                } else if grant.end.index == serviceAccounts[service].owner {
                    addAll(in: grant.end.index, grant.level)
                }
            }
        }
    }

    /// By path: a namespace's repositories stand together.
    private func inOrder(_ found: [(index: Int32, level: AccessLevel)]) -> [(index: Int32, level: AccessLevel)] {
        guard found.count > 1 else { return found }
        var places: [Int32: Int32] = [:]
        for (repository, _) in found { places[repositories[repository].namespace] = 0 }
        let namespaces = places.keys.sorted { RepositoryPath.precedes(accounts[$0].name, accounts[$1].name) }
        for (place, namespace) in namespaces.enumerated() { places[namespace] = Int32(place) }
        return NameOrder.sorted(
            found, in: { places[repositories[$0.index].namespace] ?? 0 }, by: { repositories[$0.index].name })
    }
}
