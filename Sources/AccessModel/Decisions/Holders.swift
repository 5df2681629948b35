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
        var search = HolderSearch(self, action.requiredLevel, at: now)
        search.add(on: repository)
        if registry.repositories.has(.isPublic, repository), action.requiredLevel == .readOnly {
            search.addEverybody()
        }
        return search.holders
    }

    /// Every repository where `principal` may do `action` at `now`, ordered by path.
    public func whatMay(_ principal: Principal, _ action: Action, at now: Timestamp) -> [Holding] {
        guard let principal = principals.index(of: principal), principals.isActive(principal, at: now) else {
            return []
        }
        var search = HoldingSearch(self, action.requiredLevel, at: now)
        search.add(heldBy: principal)
        return search.holdings
    }

    /// Every repository where a team gives its members `action`, itself or by a team above it, ordered by
    /// path: what they would lose with it, if nothing else gave them the same.
    public func whatMay(
        team: TeamName, of organization: AccountName, _ action: Action, at now: Timestamp
    ) -> [Holding] {
        guard let namespace = principals.accounts.find(organization),
            let team = principals.index(ofTeam: team, in: namespace)
        else { return [] }
        var search = HoldingSearch(self, action.requiredLevel, at: now)
        search.add(heldBy: team, of: namespace)
        return search.holdings
    }

    /// Everybody who may do `action` on each repository of a pattern, ordered by path, then by kind and
    /// name. Of a public repository the anonymous stand for everybody.
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
        guard let repository = index(at: path) else { return whoCreatesOnPush(action, path, at: now) }
        return searchBeyondEverybody(action, on: repository, at: now).holders
    }

    /// Those of `whoMayBeyondEverybody` by index and in order: what two graphs can be compared by before any name
    /// is looked up. Nobody for a repository that is not there.
    func indicesOfHolders(_ action: Action, _ path: RepositoryPath, at now: Timestamp) -> [PrincipalIndex] {
        index(at: path).map { searchBeyondEverybody(action, on: $0, at: now).indices } ?? []
    }

    /// Those who have more on a repository than everybody has, by index and in order, with their levels.
    func levelsBeyondEverybody(on repository: Int32, at now: Timestamp) -> [(PrincipalIndex, AccessLevel)] {
        var search = HolderSearch(
            self, registry.repositories.has(.isPublic, repository) ? .readWrite : .readOnly, at: now)
        search.add(on: repository)
        return search.levels
    }

    /// The repositories where a principal has more than everybody has.
    func holdingsBeyondEverybody(of principal: PrincipalIndex, at now: Timestamp) -> Set<Int32> {
        guard principals.isActive(principal, at: now) else { return [] }
        var search = HoldingSearch(self, .readOnly, at: now)
        search.add(givenTo: principal)
        return search.indices
    }

    private func searchBeyondEverybody(_ action: Action, on repository: Int32, at now: Timestamp) -> HolderSearch {
        let isOpen = registry.repositories.has(.isPublic, repository) && action.requiredLevel == .readOnly
        var search = HolderSearch(self, isOpen ? .readWrite : action.requiredLevel, at: now)
        search.add(on: repository)
        if isOpen { search.found.includesAnonymous = true }
        return search
    }

    /// Whether there is any such repository.
    func mayAnything(_ principal: PrincipalIndex, _ action: Action, at now: Timestamp) -> Bool {
        guard principals.isActive(principal, at: now) else { return false }
        var search = HoldingSearch(self, action.requiredLevel, at: now)
        search.add(heldBy: principal)
        return !search.found.isEmpty
    }

    /// For a repository that does not exist: those whose push makes it.
    private func whoCreatesOnPush(_ action: Action, _ path: RepositoryPath, at now: Timestamp) -> [Holder] {
        guard action == .push || action == .pull, let namespace = principals.accounts.find(path.namespace),
            registry.namespaces[namespace].createsOnPush
        else { return [] }
        var search = HolderSearch(self, .readWrite, at: now)
        search.add(onNamespace: namespace)
        return search.holders
    }
}

/// Finds everybody who has at least a level somewhere.
private struct HolderSearch {
    private let graph: AccessGraph
    private let least: AccessLevel
    private let now: Timestamp
    var found = FoundPrincipals()

    init(_ graph: AccessGraph, _ least: AccessLevel, at now: Timestamp) {
        (self.graph, self.least, self.now) = (graph, least, now)
    }

    /// On a repository.
    mutating func add(on repository: Int32) {
        let (graph, least, now) = (graph, least, now)
        let namespace = graph.registry.repositories.namespace(of: repository)
        add(onNamespace: namespace)
        let target = GrantSide(.repository, repository)
        graph.registry.repositories.rows.forEachWord(of: repository) { grant in
            guard grant.level >= least, graph.registry.counts(grant, on: target, at: now) else { return }
            switch grant.other.kind {
            case .team where graph.principals.teams.places[grant.other.index].organization == namespace:
                addMembers(of: grant.other.index, grant.level)
            case .account: found.users.add(grant.other.index, grant.level)
            case .serviceAccount: found.serviceAccounts.add(grant.other.index, grant.level)
            default: break
            }
        }
    }

    /// On all of a namespace.
    mutating func add(onNamespace namespace: Int32) {
        let (graph, least, now) = (graph, least, now)
        let principals = graph.principals
        for administrator in principals.administrators { found.users.add(administrator, .admin) }
        if principals.accounts.has(.isUser, namespace) { found.users.add(namespace, .admin) }
        for owner in principals.accounts.owners(of: namespace) { found.users.add(owner, .admin) }
        let target = GrantSide(.account, namespace)
        graph.registry.namespaces[namespace].grants.forEachWord { grant in
            guard grant.level >= least, graph.registry.counts(grant, on: target, at: now) else { return }
            switch grant.other.kind {
            case .team where principals.teams.places[grant.other.index].organization == namespace:
                addMembers(of: grant.other.index, grant.level)
            case .serviceAccount where principals.serviceAccounts[grant.other.index].owner == namespace:
                found.serviceAccounts.add(grant.other.index, grant.level)
            default: break
            }
        }
    }

    private mutating func addMembers(of team: Int32, _ level: AccessLevel) {
        graph.principals.forEachMember(of: team) { found.users.add($0, level) }
    }

    /// What a public repository gives.
    mutating func addEverybody() {
        let principals = graph.principals
        found.includesAnonymous = true
        for user in principals.accounts.indices where principals.accounts.has(.isUser, user) {
            found.users.add(user, .readOnly)
        }
        for service in principals.serviceAccounts.indices { found.serviceAccounts.add(service, .readOnly) }
    }

    /// Those who are active, in the order of their indices.
    var indices: [PrincipalIndex] {
        let principals = graph.principals
        return
            found
            .indices(below: (Int32(principals.accounts.rows.count), Int32(principals.serviceAccounts.count)))
            .filter { principals.isActive($0, at: now) }
    }

    /// Those who are active, in the order of their indices, with the highest level of each.
    var levels: [(PrincipalIndex, AccessLevel)] {
        let principals = graph.principals
        var levels: [(PrincipalIndex, AccessLevel)] = []
        found.serviceAccounts.forEachInOrder(below: Int32(principals.serviceAccounts.count)) { service, level in
            let index = PrincipalIndex.serviceAccount(service)
            if principals.isActive(index, at: now) { levels.append((index, level)) }
        }
        found.users.forEachInOrder(below: Int32(principals.accounts.rows.count)) { user, level in
            if principals.accounts.has(.isActive, user) { levels.append((.user(user), level)) }
        }
        return levels
    }

    var holders: [Holder] { found.holders(in: graph.principals, at: now) }
}

/// Finds every repository where somebody has at least a level.
private struct HoldingSearch {
    private let graph: AccessGraph
    private let least: AccessLevel
    private let now: Timestamp
    private(set) var found = FoundWords()

    init(_ graph: AccessGraph, _ least: AccessLevel, at now: Timestamp) {
        (self.graph, self.least, self.now) = (graph, least, now)
    }

    mutating func add(heldBy principal: PrincipalIndex) {
        if least == .readOnly {
            for repository in graph.registry.publicRepositories { found.add(repository, .readOnly) }
        }
        add(givenTo: principal)
    }

    /// Without what everybody has.
    mutating func add(givenTo principal: PrincipalIndex) {
        let (graph, least, now) = (graph, least, now)
        let (principals, registry) = (graph.principals, graph.registry)
        switch principal {
        case .anonymous:
            break
        case .user(let user) where principals.accounts.has(.isSystemAdmin, user):
            for repository in graph.allRepositories { found.add(repository, .admin) }
        case .user(let user):
            add(allIn: user, .admin)
            principals.accounts.rows.forEachWord(of: user) { membership in
                if let team = membership.team {
                    add(heldBy: team, of: principals.teams.places[team].organization)
                } else if let organization = membership.ownedOrganization {
                    add(allIn: organization, .admin)
                }
            }
            let subject = GrantSide(.account, user)
            registry.heldByUsers[user].forEachWord { grant in
                guard grant.level >= least, grant.other.kind == .repository,
                    registry.counts(grant, to: subject, at: now)
                else { return }
                found.add(grant.other.index, grant.level)
            }
        case .serviceAccount(let service):
            let (subject, owner) = (GrantSide(.serviceAccount, service), principals.serviceAccounts[service].owner)
            registry.heldByServiceAccounts[service].forEachWord { grant in
                guard grant.level >= least, registry.counts(grant, to: subject, at: now) else { return }
                if grant.other.kind == .repository {
                    found.add(grant.other.index, grant.level)
                } else if grant.other.index == owner {
                    add(allIn: owner, grant.level)
                }
            }
        }
    }

    /// What a team and those above it were given in their organisation.
    mutating func add(heldBy team: Int32, of organization: Int32) {
        let (graph, least, now) = (graph, least, now)
        graph.principals.forEachTeam(upwardFrom: team) { granted in
            let subject = GrantSide(.team, granted)
            graph.registry.heldByTeams[granted].forEachWord { grant in
                guard grant.level >= least, graph.registry.counts(grant, to: subject, at: now) else { return }
                if grant.other.kind == .repository {
                    guard graph.registry.repositories.namespace(of: grant.other.index) == organization else { return }
                    found.add(grant.other.index, grant.level)
                } else if grant.other.index == organization {
                    add(allIn: organization, grant.level)
                }
            }
        }
    }

    private mutating func add(allIn namespace: Int32, _ level: AccessLevel) {
        for repository in graph.registry.namespaces[namespace].repositories { found.add(repository, level) }
    }

    var indices: Set<Int32> {
        var indices: Set<Int32> = []
        found.forEachInOrder(below: Int32(graph.registry.repositories.rows.count)) { repository, _ in
            indices.insert(repository)
        }
        return indices
    }

    /// Ordered by path.
    var holdings: [Holding] {
        let (graph, repositories) = (graph, graph.registry.repositories)
        var holdings: [Holding] = []
        holdings.reserveCapacity(found.count)
        var others: [Holding] = []
        found.forEachInOrder(below: Int32(repositories.rows.count)) { repository, level in
            let holding = Holding(repository: graph.path(of: repository), level: level)
            if repositories.isInOrder(repository) { holdings.append(holding) } else { others.append(holding) }
        }
        others.sort { $0.repository < $1.repository }
        NameOrder.merge(others, into: &holdings, from: 0) { $0.repository < $1.repository }
        return holdings
    }
}
