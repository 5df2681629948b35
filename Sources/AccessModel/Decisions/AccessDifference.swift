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
        for path in touchedRepositories(by: changes).union(next.touchedRepositories(by: changes)) {
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

    /// Who gained or lost `action` on the repositories of a pattern from one moment to another, ordered by
    /// repository and principal. A name stands for whoever had it at the time.
    public static func differences(
        from old: (graph: AccessGraph, time: Timestamp), to new: (graph: AccessGraph, time: Timestamp),
        _ action: Action, on pattern: RepositoryPattern
    ) -> [AccessDifference] {
        var differences: [AccessDifference] = []
        let needed = action.requiredLevel
        for path in Set(old.graph.paths(matching: pattern)).union(new.graph.paths(matching: pattern)) {
            let before = old.graph.principals(withAccessTo: path, at: old.time)
            let after = new.graph.principals(withAccessTo: path, at: new.time)
            for principal in before.union(after) {
                let first = old.graph.level(of: principal, on: path, at: old.time)
                let last = new.graph.level(of: principal, on: path, at: new.time)
                guard (first.map { $0 >= needed } ?? false) != (last.map { $0 >= needed } ?? false) else { continue }
                differences.append(
                    AccessDifference(principal: principal, repository: path, before: first, after: last))
            }
        }
        return differences.sorted { ($0.repository, $0.principal) < ($1.repository, $1.principal) }
    }

    /// Whoever has more than everybody has; and the anonymous, who stand for everybody.
    private func principals(withAccessTo path: RepositoryPath, at now: Timestamp) -> Set<Principal> {
        guard let repository = index(at: path) else { return [.anonymous] }
        let isPublic = repositories[repository].isPublic
        let holders = whoMay(.view, path, at: now).filter { !(isPublic && $0.level == .readOnly) }
        return Set(holders.map(\.principal)).union([.anonymous])
    }

    private func level(of principal: Principal, on path: RepositoryPath, at now: Timestamp) -> AccessLevel? {
        guard let index = index(of: principal), let repository = self.index(at: path) else {
            return nil
        }
        return level(of: index, on: repository, at: now)
    }

    /// Repositories on which a level may depend on one of the facts that change.
    private func touchedRepositories(by changes: [Change]) -> Set<RepositoryPath> {
        var touched: Set<Int32> = []
        for case let fact? in changes.flatMap({ [$0.before, $0.after] }) {
            switch fact {
            case .account(let account):
                if let index = index(of: account.id) { touched.formUnion(repositoriesReached(by: index)) }
            case .organizationMember(let member):
                if let index = index(of: member.organization) {
                    touched.formUnion(accounts[index].repositories)
                }
            case .team(let team):
                if let index = index(of: team.organization) {
                    touched.formUnion(accounts[index].repositories)
                }
            case .teamMember(let member):
                guard let team = index(of: member.team) else { continue }
                touched.formUnion(accounts[teams[team].organization].repositories)
            case .serviceAccount(let service):
                if let index = index(of: service.owner) { touched.formUnion(accounts[index].repositories) }
            case .repository(let repository):
                if let index = index(of: repository.id) { touched.insert(index) }
            case .grant(let grant):
                switch grant.target {
                case .repository(let id): if let index = index(of: id) { touched.insert(index) }
                case .namespace(let id):
                    if let index = index(of: id) { touched.formUnion(accounts[index].repositories) }
                }
            case .retiredName, .password, .accessToken, .directory:
                break
            }
        }
        return Set(touched.map(path))
    }

    private func repositoriesReached(by account: Int32) -> Set<Int32> {
        var reached = Set(accounts[account].repositories)
        if accounts[account].isSystemAdmin { return Set(repositories.indices.filter { repositories[$0].exists }) }
        for membership in accounts[account].memberships where membership.team == nil {
            reached.formUnion(accounts[membership.organization].repositories)
        }
        for grant in accounts[account].held where grant.end.kind == .repository { reached.insert(grant.end.index) }
        return reached
    }
}
