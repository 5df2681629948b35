/// That a principal's level on a repository is another one after a change.
public struct AccessDifference: Hashable, Sendable {
    public let principal: Principal
    public let repository: RepositoryPath
    public let before: AccessLevel?
    public let after: AccessLevel?

    public init(principal: Principal, repository: RepositoryPath, before: AccessLevel?, after: AccessLevel?) {
        (self.principal, self.repository, self.before, self.after) = (principal, repository, before, after)
    }
}

extension AccessGraph {
    /// Whose effective access these changes would alter, ordered by repository and principal, which have their names of
    /// afterwards. Whoever or whatever is renamed is the same. What everybody has of public repositories is told for the
    /// anonymous only.
    /// - Parameter isAbandoned: asked now and then whether nobody waits for the answer any more; nil is answered then.
    public func accessDifferences(
        after changes: [Change], at now: Timestamp, unless isAbandoned: () -> Bool = { false }
    ) throws(GraphError) -> [AccessDifference]? {
        let next = try applying(changes, revision: revision + Revision(changes.count))
        var (before, after) = (Touched(in: self, at: now), Touched(in: next, at: now))
        for change in changes {
            before.add(change)
            after.add(change)
        }
        let repositories = before.repositories.union(after.repositories)
        var comparison = Comparison(old: self, new: next, now: now)
        for repository in repositories {
            guard !isAbandoned() else { return nil }
            comparison.compareHolders(on: repository)
        }
        for principal in before.principals.union(after.principals) {
            guard !isAbandoned() else { return nil }
            comparison.compareHoldings(of: principal, but: repositories)
        }
        return comparison.differences.sorted { ($0.repository, $0.principal) < ($1.repository, $1.principal) }
    }

    fileprivate func isThere(_ principal: PrincipalIndex) -> Bool {
        switch principal {
        case .anonymous: true
        case .user(let user): user < principals.accounts.rows.count && principals.accounts.has(.exists, user)
        case .serviceAccount(let service):
            service < principals.serviceAccounts.count && principals.serviceAccounts[service].exists
        }
    }

    fileprivate func isThere(_ repository: Int32) -> Bool {
        repository < registry.repositories.rows.count && registry.repositories.has(.exists, repository)
    }

    fileprivate func levelIfThere(of principal: PrincipalIndex, on repository: Int32, at now: Timestamp) -> AccessLevel?
    {
        isThere(principal) && isThere(repository) ? level(of: principal, on: repository, at: now) : nil
    }

    /// Whoever has more than everybody has, in order, with their levels.
    fileprivate func holdersIfThere(on repository: Int32, at now: Timestamp) -> [(PrincipalIndex, AccessLevel)] {
        isThere(repository) ? levelsBeyondEverybody(on: repository, at: now) : []
    }

    /// Where a principal has more than everybody has.
    fileprivate func holdingsIfThere(of principal: PrincipalIndex, at now: Timestamp) -> Set<Int32> {
        isThere(principal) ? holdingsBeyondEverybody(of: principal, at: now) : []
    }

    /// Who gained or lost `action` on some repositories from one moment to another, ordered by repository and
    /// principal; nil if there are more than so many. Somebody who was renamed in between is the same, by the name of
    /// now.
    public static func differences(
        from old: (graph: AccessGraph, time: Timestamp), to new: (graph: AccessGraph, time: Timestamp),
        _ action: Action, on paths: some Sequence<RepositoryPath>, atMost limit: Int = .max
    ) -> [AccessDifference]? {
        let shared = SharedIndices(old.graph, new.graph)
        var differences: [AccessDifference] = []
        for path in paths {
            // Most have what they had: who has the same index in both is looked at no further.
            let before = old.graph.indicesOfHolders(action, path, at: old.time)
            let after = new.graph.indicesOfHolders(action, path, at: new.time)
            var identities: Set<String> = []
            for index in shared.onlyIn(before, not: after) { identities.insert(old.graph.identity(at: index)) }
            for index in shared.onlyIn(after, not: before) { identities.insert(new.graph.identity(at: index)) }
            for identity in identities {
                let before = old.graph.level(ofIdentity: identity, on: path, at: old.time)
                let after = new.graph.level(ofIdentity: identity, on: path, at: new.time)
                let (had, has) = (before.map { $0 >= action.requiredLevel }, after.map { $0 >= action.requiredLevel })
                guard had ?? false != has ?? false,
                    let principal = new.graph.principal(withIdentity: identity)
                        ?? old.graph.principal(withIdentity: identity)
                else { continue }
                differences.append(
                    AccessDifference(principal: principal, repository: path, before: before, after: after))
            }
            guard differences.count <= limit else { return nil }
        }
        return differences.sorted { ($0.repository, $0.principal) < ($1.repository, $1.principal) }
    }

    private func level(ofIdentity identity: String, on path: RepositoryPath, at now: Timestamp) -> AccessLevel? {
        principal(withIdentity: identity).flatMap { level(of: $0, on: path, at: now) }
    }

    /// Empty for the anonymous.
    private func identity(at index: PrincipalIndex) -> String {
        switch index {
        case .user(let user): principals.accounts.ids[user].rawValue
        case .serviceAccount(let service): principals.serviceAccounts[service].id.rawValue
        case .anonymous: ""
        }
    }

    private func principal(withIdentity identity: String) -> Principal? {
        if identity.isEmpty { return .anonymous }
        let index =
            principals.accounts.find(AccountID(rawValue: identity)).map(PrincipalIndex.user)
            ?? principals.index(of: ServiceAccountID(rawValue: identity)).map(PrincipalIndex.serviceAccount)
        return index.map(principals.principal)
    }

    /// Repositories on which a grant, or a service account that may have one, ends in that time.
    public func repositoriesWithEnds(from begin: Timestamp, to end: Timestamp) -> Set<RepositoryPath> {
        var found: Set<Int32> = []
        func ends(_ moment: Int64) -> Bool { moment > begin.microseconds && moment <= end.microseconds }
        for repository in allRepositories where registry.repositories.ends[repository].moments.contains(where: ends) {
            found.insert(repository)
        }
        for namespace in registry.namespaces.indices
        where registry.namespaces[namespace].ends.moments.contains(where: ends) {
            found.formUnion(registry.namespaces[namespace].repositories)
        }
        for service in principals.serviceAccounts.indices where ends(principals.serviceAccounts[service].expiresAt) {
            found.formUnion(registry.namespaces[principals.serviceAccounts[service].owner].repositories)
        }
        return Set(found.map(path))
    }

    private func level(of principal: Principal, on path: RepositoryPath, at now: Timestamp) -> AccessLevel? {
        guard let index = principals.index(of: principal), let repository = self.index(at: path) else {
            return nil
        }
        return level(of: index, on: repository, at: now)
    }
}

/// Two graphs, of which one was made of the other: an index means the same in both.
private struct Comparison {
    let old: AccessGraph
    let new: AccessGraph
    let now: Timestamp
    private(set) var differences: [AccessDifference] = []

    init(old: AccessGraph, new: AccessGraph, now: Timestamp) { (self.old, self.new, self.now) = (old, new, now) }

    mutating func compareHolders(on repository: Int32) {
        compare(.anonymous, repository)
        let (first, last) = (old.holdersIfThere(on: repository, at: now), new.holdersIfThere(on: repository, at: now))
        for principal in Self.unequal(first, last) { compare(principal, repository) }
    }

    mutating func compareHoldings(of principal: PrincipalIndex, but others: Set<Int32>) {
        var reached = old.holdingsIfThere(of: principal, at: now)
        reached.formUnion(new.holdingsIfThere(of: principal, at: now))
        for repository in reached where !others.contains(repository) { compare(principal, repository) }
    }

    private mutating func compare(_ principal: PrincipalIndex, _ repository: Int32) {
        let before = old.levelIfThere(of: principal, on: repository, at: now)
        let after = new.levelIfThere(of: principal, on: repository, at: now)
        guard before != after else { return }
        let graphs = (new.isThere(principal) ? new : old, new.isThere(repository) ? new : old)
        differences.append(
            AccessDifference(
                principal: graphs.0.principals.principal(at: principal), repository: graphs.1.path(of: repository),
                before: before, after: after))
    }

    /// Those who are not in both lists with the same level; both are in order.
    private static func unequal(
        _ first: [(PrincipalIndex, AccessLevel)], _ second: [(PrincipalIndex, AccessLevel)]
    ) -> [PrincipalIndex] {
        var found: [PrincipalIndex] = []
        var (one, other) = (0, 0)
        while one < first.count || other < second.count {
            let left = one < first.count ? first[one].0.word : .max
            let right = other < second.count ? second[other].0.word : .max
            if left != right || first[one].1 != second[other].1 {
                found.append(left <= right ? first[one].0 : second[other].0)
            }
            if left <= right { one += 1 }
            if right <= left { other += 1 }
        }
        return found
    }
}

/// The repositories of a graph on which a level may depend on one of the facts that change.
public struct TouchedRepositories: Sendable {
    private var touched: Touched

    /// - Parameter now: grants that have ended by then reach nothing.
    public init(in graph: AccessGraph, at now: Timestamp) { touched = Touched(in: graph, at: now) }

    public mutating func add(_ change: Change) { touched.add(change) }

    public var paths: Set<RepositoryPath> {
        let (graph, now) = (touched.graph, touched.now)
        var found = touched.repositories
        for principal in touched.principals { found.formUnion(graph.holdingsBeyondEverybody(of: principal, at: now)) }
        return Set(found.map(graph.path))
    }
}

/// What a level may depend on facts that change: repositories for everybody, and principals wherever they have something.
private struct Touched: Sendable {
    let graph: AccessGraph
    let now: Timestamp
    private(set) var repositories: Set<Int32> = []
    private(set) var principals: Set<PrincipalIndex> = []
    /// Whose repositories are there.
    private var namespaces: Set<Int32> = []
    /// Whose grants were looked through.
    private var teams: Set<Int32> = []
    /// By owner, made when an account changes: they are as active as their owner is.
    private lazy var serviceAccounts: [Int32: [Int32]] = {
        let known = graph.principals.serviceAccounts
        return Dictionary(grouping: known.indices.filter { known[$0].exists }) { known[$0].owner }
    }()

    init(in graph: AccessGraph, at now: Timestamp) { (self.graph, self.now) = (graph, now) }

    mutating func add(_ change: Change) {
        guard change.mayDecide else { return }
        for case let fact? in [change.before, change.after] { add(fact) }
        if case (.account(let before), .account(let after)) = (change.before, change.after), before.name != after.name,
            let index = graph.principals.accounts.find(after.id)
        {
            insert(GrantSide(.account, index))
        }
    }

    private mutating func add(_ fact: Fact) {
        let known = graph.principals
        switch fact {
        case .account(let account):
            guard let index = known.accounts.find(account.id) else { return }
            if known.accounts.has(.isUser, index) { principals.insert(.user(index)) }
            for service in serviceAccounts[index] ?? [] { principals.insert(.serviceAccount(service)) }
        case .organizationMember(let member):
            if let index = known.accounts.find(member.organization) { insert(GrantSide(.account, index)) }
        case .teamMember(let member): insert(heldFrom: member.team)
        case .team(let team): insert(heldFrom: team.id)
        case .serviceAccount(let service):
            if let index = known.index(of: service.id) { principals.insert(.serviceAccount(index)) }
        case .repository(let repository):
            if let index = graph.registry.repositories.find(repository.id) { repositories.insert(index) }
        case .grant(let grant):
            if let target = graph.registry.side(of: grant.target, known) { insert(target) }
        default: break
        }
    }

    /// What a team and those above it were given.
    private mutating func insert(heldFrom team: TeamID) {
        guard let index = graph.principals.teams.find(team), teams.insert(index).inserted else { return }
        graph.principals.forEachTeam(upwardFrom: index) { granted in
            graph.registry.heldByTeams[granted].forEachWord { insert($0.other) }
        }
    }

    private mutating func insert(_ target: GrantSide) {
        if target.kind == .repository {
            repositories.insert(target.index)
        } else if namespaces.insert(target.index).inserted {
            repositories.formUnion(graph.registry.namespaces[target.index].repositories)
        }
    }
}

extension Change {
    /// Whether a level may depend on it: most changes of what has a name are of names and descriptions.
    fileprivate var mayDecide: Bool {
        switch (before, after) {
        case (.account(let before), .account(let after)):
            before.isActive != after.isActive || before.isSystemAdmin != after.isSystemAdmin
                || before.name != after.name
        case (.team(let before), .team(let after)): before.parent != after.parent
        case (.repository(let before), .repository(let after)):
            before.namespace != after.namespace || before.visibility != after.visibility || before.name != after.name
        // Members have nothing by that.
        case (.organizationMember(let member), nil), (nil, .organizationMember(let member)): member.role == .owner
        default: true
        }
    }
}

/// The indices that mean the same in two graphs of one lineage: all below the first that stands for different things in
/// the two. None for graphs that were not patched from one.
private struct SharedIndices {
    private var users: Int32 = 0
    private var serviceAccounts: Int32 = 0

    init(_ first: AccessGraph, _ second: AccessGraph) {
        guard first.lineage == second.lineage else { return }
        let (one, other) = (first.principals, second.principals)
        let accounts = Int32(min(one.accounts.ids.count, other.accounts.ids.count))
        let services = Int32(min(one.serviceAccounts.count, other.serviceAccounts.count))
        users = (0..<accounts).first { one.accounts.ids[$0] != other.accounts.ids[$0] } ?? accounts
        serviceAccounts =
            (0..<services).first { one.serviceAccounts[$0].id != other.serviceAccounts[$0].id } ?? services
    }

    /// Those in the one list that are not shared by both; both are in order.
    func onlyIn(_ first: [PrincipalIndex], not second: [PrincipalIndex]) -> [PrincipalIndex] {
        var result: [PrincipalIndex] = []
        var place = 0
        for index in first {
            while place < second.count, second[place].word < index.word { place += 1 }
            if place < second.count, second[place] == index, isShared(index) { continue }
            result.append(index)
        }
        return result
    }

    private func isShared(_ principal: PrincipalIndex) -> Bool {
        switch principal {
        case .anonymous: true
        case .user(let user): user < users
        case .serviceAccount(let service): service < serviceAccounts
        }
    }
}
