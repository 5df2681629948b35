/// That a principal's level on a repository is another one after a change.
public struct AccessDifference: Hashable, Sendable {
    public let principal: Principal
    public let repository: RepositoryPath
    public let before: AccessLevel?
    public let after: AccessLevel?
}

extension AccessGraph {
    /// Whose effective access these changes would alter, ordered by repository and principal.
    /// What everybody has of public repositories is told for the anonymous only.
    public func accessDifferences(after changes: [Change], at now: Timestamp) throws(GraphError) -> [AccessDifference] {
        let next = try applying(changes, revision: revision + Revision(changes.count))
        var differences: [AccessDifference] = []
        var (before, after) = (TouchedRepositories(in: self), TouchedRepositories(in: next))
        for change in changes {
            before.add(change)
            after.add(change)
        }
        for path in before.paths.union(after.paths) {
            for principal in principals(withAccessTo: path, at: now).union(next.principals(withAccessTo: path, at: now))
            {
                let (before, after) = (
                    level(of: principal, on: path, at: now), next.level(of: principal, on: path, at: now)
                )
                guard before != after else { continue }
                differences.append(
                    AccessDifference(principal: principal, repository: path, before: before, after: after))
            }
        }
        return differences.sorted { ($0.repository, $0.principal) < ($1.repository, $1.principal) }
    }

    /// Who gained or lost `action` on some repositories from one moment to another, ordered by repository and
    /// principal; nil if there are more than so many. Somebody who was renamed in between is the same, by the name of
    /// now.
    public static func differences(
        from old: (graph: AccessGraph, time: Timestamp), to new: (graph: AccessGraph, time: Timestamp),
        _ action: Action, on paths: some Sequence<RepositoryPath>, atMost limit: Int = .max
    ) -> [AccessDifference]? {
        let common = CommonPlaces(old.graph, new.graph)
        var differences: [AccessDifference] = []
        for path in paths {
            // Most have what they had: whoever stands at the same place in both is looked at no further.
            let before = old.graph.placesOfHolders(action, path, at: old.time)
            let after = new.graph.placesOfHolders(action, path, at: new.time)
            var identities: Set<String> = []
            for place in common.onlyIn(before, not: after) { identities.insert(old.graph.identity(at: place)) }
            for place in common.onlyIn(after, not: before) { identities.insert(new.graph.identity(at: place)) }
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
    private func identity(at word: UInt64) -> String {
        switch PrincipalIndex(word: word) {
        case .user(let user): accounts[user].id.rawValue
        case .serviceAccount(let service): serviceAccounts[service].id.rawValue
        case .anonymous: ""
        }
    }

    private func principal(withIdentity identity: String) -> Principal? {
        if identity.isEmpty { return .anonymous }
        if let user = index(of: AccountID(rawValue: identity)) { return principal(at: .user(user)) }
        return index(of: ServiceAccountID(rawValue: identity)).map { principal(at: .serviceAccount($0)) }
    }

    /// Repositories on which a grant, or a service account that may have one, ends in that time.
    public func repositoriesWithEnds(from begin: Timestamp, to end: Timestamp) -> Set<RepositoryPath> {
        var found: Set<Int32> = []
        func ends(_ moment: Int64) -> Bool { moment > begin.microseconds && moment <= end.microseconds }
        for repository in repositories.indices where repositories[repository].exists {
            for grant in repositories[repository].grants where ends(grant.expiresAt) {
                found.insert(repository)
            }
        }
        for namespace in accounts.indices {
            for grant in accounts[namespace].grants where ends(grant.expiresAt) {
                found.formUnion(accounts[namespace].repositories)
            }
        }
        for service in serviceAccounts.indices where ends(serviceAccounts[service].expiresAt) {
            found.formUnion(accounts[serviceAccounts[service].owner].repositories)
        }
        return Set(found.map(path))
    }

    /// Whoever has more than everybody has; and the anonymous, who stand for everybody.
    private func principals(withAccessTo path: RepositoryPath, at now: Timestamp) -> Set<Principal> {
        guard index(at: path) != nil else { return [.anonymous] }
        return Set(whoMayBeyondEverybody(.view, path, at: now).map(\.principal)).union([.anonymous])
    }

    private func level(of principal: Principal, on path: RepositoryPath, at now: Timestamp) -> AccessLevel? {
        guard let index = index(of: principal), let repository = self.index(at: path) else {
            return nil
        }
        return level(of: index, on: repository, at: now)
    }

    fileprivate func repositoriesReached(by account: Int32) -> Set<Int32> {
        var reached = Set(accounts[account].repositories)
        if accounts[account].isSystemAdmin { return Set(repositories.indices.filter { repositories[$0].exists }) }
        for membership in accounts[account].memberships where membership.team == nil {
            reached.formUnion(accounts[membership.organization].repositories)
        }
        for grant in accounts[account].held where grant.end.kind == .repository { reached.insert(grant.end.index) }
        return reached
    }
}

/// The repositories of a graph on which a level may depend on one of the facts that change.
public struct TouchedRepositories: Sendable {
    private let graph: AccessGraph
    private var namespaces: Set<Int32> = []
    private var users: Set<Int32> = []
    private var repositories: Set<Int32> = []

    public init(in graph: AccessGraph) { self.graph = graph }

    public mutating func add(_ change: Change) {
        guard change.mayDecide else { return }
        for case let fact? in [change.before, change.after] {
            switch fact {
            case .account(let account): insert(graph.index(of: account.id), &users)
            case .organizationMember(let member): insert(graph.index(of: member.organization), &namespaces)
            case .team(let team): insert(graph.index(of: team.organization), &namespaces)
            case .teamMember(let member):
                insert(graph.index(of: member.team).map { graph.teams[$0].organization }, &namespaces)
            case .serviceAccount(let service): insert(graph.index(of: service.owner), &namespaces)
            case .repository(let repository): insert(graph.index(of: repository.id), &repositories)
            case .grant(let grant):
                switch grant.target {
                case .repository(let id): insert(graph.index(of: id), &repositories)
                case .namespace(let id): insert(graph.index(of: id), &namespaces)
                }
            case .retiredName, .password, .accessToken, .directory: break
            }
        }
    }

    public var paths: Set<RepositoryPath> {
        var found = repositories
        for namespace in namespaces { found.formUnion(graph.accounts[namespace].repositories) }
        for user in users { found.formUnion(graph.repositoriesReached(by: user)) }
        return Set(found.map(graph.path))
    }

    private func insert(_ index: Int32?, _ set: inout Set<Int32>) {
        if let index { set.insert(index) }
    }
}

extension Change {
    /// Whether a decision may depend on it: most changes of accounts are of names and addresses.
    fileprivate var mayDecide: Bool {
        guard case .account(let before)? = before, case .account(let after)? = after else { return true }
        return before.isActive != after.isActive || before.isSystemAdmin != after.isSystemAdmin
            || before.name != after.name
    }
}

/// The places at which the same stands in two graphs: all of what one of them was made from the other by
/// changes, but for what these brought back, which stands behind.
private struct CommonPlaces {
    private var users: Int32 = 0
    private var serviceAccounts: Int32 = 0

    init(_ first: AccessGraph, _ second: AccessGraph) {
        guard first.lineage == second.lineage else { return }
        let (accounts, services) = (
            min(first.accounts.count, second.accounts.count),
            min(first.serviceAccounts.count, second.serviceAccounts.count)
        )
        users = (0..<Int32(accounts)).first { first.accounts[$0].id != second.accounts[$0].id } ?? Int32(accounts)
        serviceAccounts =
            (0..<Int32(services)).first { first.serviceAccounts[$0].id != second.serviceAccounts[$0].id }
            ?? Int32(services)
    }

    /// The places in the one list that are not common to both; both are in order.
    func onlyIn(_ first: [UInt64], not second: [UInt64]) -> [UInt64] {
        var result: [UInt64] = []
        var place = 0
        for word in first {
            while place < second.count, second[place] < word { place += 1 }
            if place < second.count, second[place] == word, isCommon(PrincipalIndex(word: word)) { continue }
            result.append(word)
        }
        return result
    }

    private func isCommon(_ principal: PrincipalIndex) -> Bool {
        switch principal {
        case .anonymous: true
        case .user(let user): user < users
        case .serviceAccount(let service): service < serviceAccounts
        }
    }
}
