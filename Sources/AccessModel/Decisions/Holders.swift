// The set questions: who may, and what may. Candidates are gathered by walking the grants
// backwards; whether each really may is then asked of the one rule.

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
        guard let repository = repositoriesByPath[path.description] else {
            return whoCreatesOnPush(action, path, at: now)
        }
        var holders: [Holder] = []
        for candidate in candidates(for: action, on: repository, at: now) {
            guard let level = level(of: candidate, on: repository, at: now), level >= action.requiredLevel else {
                continue
            }
            holders.append(Holder(principal: principal(at: candidate), level: level))
        }
        return holders.sorted { $0.principal < $1.principal }
    }

    /// Every repository where `principal` may do `action` at `now`, ordered by path.
    public func whatMay(_ principal: Principal, _ action: Action, at now: Timestamp) -> [Holding] {
        guard let index = index(of: principal), isActive(index) else { return [] }
        var holdings: [Holding] = []
        for repository in reachableRepositories(for: index, action: action, at: now)
        where repositories[repository].exists {
            guard let level = level(of: index, on: repository, at: now), level >= action.requiredLevel else { continue }
            holdings.append(Holding(repository: path(of: repository), level: level))
        }
        return holdings.sorted { $0.repository < $1.repository }
    }

    /// For a repository that does not exist: those whose push makes it.
    private func whoCreatesOnPush(_ action: Action, _ path: RepositoryPath, at now: Timestamp) -> [Holder] {
        guard action == .push || action == .pull, let namespace = accountsByName[path.namespace.rawValue] else {
            return []
        }
        var found: Set<PrincipalIndex> = []
        gatherCandidates(on: namespace, from: accounts[namespace].grants, atLeast: .readWrite, at: now, into: &found)
        return found.filter { createsOnPush($0, in: namespace, at: now) }
            .map {
                Holder(
                    principal: principal(at: $0), level: namespaceLevel(of: $0, on: namespace, at: now) ?? .readWrite)
            }
            .sorted { $0.principal < $1.principal }
    }

    private func candidates(for action: Action, on repository: Int32, at now: Timestamp) -> Set<PrincipalIndex> {
        if repositories[repository].isPublic && action.requiredLevel == .readOnly {
            var everybody: Set<PrincipalIndex> = [.anonymous]
            for user in accounts.indices where accounts[user].exists && accounts[user].isUser {
                everybody.insert(.user(user))
            }
            for service in serviceAccounts.indices where serviceAccounts[service].exists {
                everybody.insert(.serviceAccount(service))
            }
            return everybody
        }
        var found: Set<PrincipalIndex> = []
        let namespace = repositories[repository].namespace
        for grants in [repositories[repository].grants, accounts[namespace].grants] {
            gatherCandidates(on: namespace, from: grants, atLeast: action.requiredLevel, at: now, into: &found)
        }
        return found
    }

    /// System administrators, the namespace's owners, and whomever `grants` reach.
    private func gatherCandidates(
        on namespace: Int32, from grants: GrantLinks, atLeast level: AccessLevel, at now: Timestamp,
        into found: inout Set<PrincipalIndex>
    ) {
        for administrator in administrators { found.insert(.user(administrator)) }
        if accounts[namespace].isUser { found.insert(.user(namespace)) }
        for member in accounts[namespace].members where member.isRaised { found.insert(.user(member.index)) }
        for grant in grants where grant.level >= level && grant.counts(at: now) {
            switch grant.end.kind {
            case .team: forEachMember(of: grant.end.index) { found.insert(.user($0)) }
            case .user: found.insert(.user(grant.end.index))
            default: found.insert(.serviceAccount(grant.end.index))
            }
        }
    }

    /// Visits the members of a team and of the teams below it, some more than once.
    func forEachMember(of team: Int32, _ visit: (Int32) -> Void) {
        for member in teams[team].members { visit(member.index) }
        for child in teams[team].children { forEachMember(of: child, visit) }
    }

    private func reachableRepositories(for principal: PrincipalIndex, action: Action, at now: Timestamp) -> Set<Int32> {
        if case .user(let user) = principal, accounts[user].isSystemAdmin { return Set(repositories.indices) }
        var found: Set<Int32> = []
        if action.requiredLevel == .readOnly {
            for repository in repositories.indices where repositories[repository].isPublic { found.insert(repository) }
        }
        func take(_ held: GrantLinks) {
            for grant in held where grant.level >= action.requiredLevel && grant.counts(at: now) {
                switch grant.end.kind {
                case .repository: found.insert(grant.end.index)
                default: found.formUnion(accounts[grant.end.index].repositories)
                }
            }
        }
        switch principal {
        case .anonymous:
            break
        case .user(let user):
            found.formUnion(accounts[user].repositories)
            for membership in accounts[user].organizations where membership.isRaised {
                found.formUnion(accounts[membership.index].repositories)
            }
            for membership in accounts[user].teams {
                var team = Optional(membership.index)
                while let current = team {
                    take(teams[current].held)
                    team = teams[current].parent
                }
            }
            take(accounts[user].held)
        case .serviceAccount(let service):
            take(serviceAccounts[service].held)
        }
        return found
    }
}
