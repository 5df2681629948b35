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

    /// Whoever has more than everybody has; and the anonymous, who stand for everybody.
    private func principals(withAccessTo path: RepositoryPath, at now: Timestamp) -> Set<Principal> {
        guard index(at: path) != nil else { return [.anonymous] }
        return Set(whoMayBeyondEverybody(.view, path, at: now).map(\.principal)).union([.anonymous])
    }

    private func level(of principal: Principal, on path: RepositoryPath, at now: Timestamp) -> AccessLevel? {
        guard let index = principals.index(of: principal), let repository = self.index(at: path) else {
            return nil
        }
        return level(of: index, on: repository, at: now)
    }

    fileprivate func repositoriesReached(by account: Int32) -> Set<Int32> {
        if principals.accounts.has(.isSystemAdmin, account) { return Set(allRepositories) }
        var namespaces: Set<Int32> = [account]
        principals.accounts.rows.forEachWord(of: account) { membership in
            if let organization = membership.ownedOrganization { namespaces.insert(organization) }
            if let team = membership.team { namespaces.insert(principals.teams.places[team].organization) }
        }
        var reached: Set<Int32> = []
        for namespace in namespaces { reached.formUnion(registry.namespaces[namespace].repositories) }
        for grant in registry.heldByUsers[account] where grant.other.kind == .repository {
            reached.insert(grant.other.index)
        }
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
        let principals = graph.principals
        for case let fact? in [change.before, change.after] {
            switch fact {
            case .account(let account): insert(principals.accounts.find(account.id), &users)
            case .organizationMember(let member): insert(principals.accounts.find(member.organization), &namespaces)
            case .team(let team): insert(principals.accounts.find(team.organization), &namespaces)
            case .teamMember(let member):
                insert(principals.teams.find(member.team).map { principals.teams.places[$0].organization }, &namespaces)
            case .serviceAccount(let service): insert(principals.accounts.find(service.owner), &namespaces)
            case .repository(let repository): insert(graph.registry.repositories.find(repository.id), &repositories)
            case .grant(let grant):
                switch grant.target {
                case .repository(let id): insert(graph.registry.repositories.find(id), &repositories)
                case .namespace(let id): insert(principals.accounts.find(id), &namespaces)
                }
            default: break
            }
        }
    }

    public var paths: Set<RepositoryPath> {
        var found = repositories
        for namespace in namespaces { found.formUnion(graph.registry.namespaces[namespace].repositories) }
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
