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
        return holders(found)
    }

    /// Every repository where `principal` may do `action` at `now`, ordered by path.
    public func whatMay(_ principal: Principal, _ action: Action, at now: Timestamp) -> [Holding] {
        guard let principal = index(of: principal), isActive(principal) else { return [] }
        var found = Gathered()
        gather(&found, heldBy: principal, action.requiredLevel, at: now)
        return inOrder(found.highest()).map { repository, level in
            Holding(repository: path(of: repository), level: level)
        }
    }

    /// Whether there is any such repository.
    func mayAnything(_ principal: PrincipalIndex, _ action: Action, at now: Timestamp) -> Bool {
        guard isActive(principal) else { return false }
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
        return holders(found)
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
    private func holders(_ found: consuming Gathered) -> [Holder] {
        var users: [(user: Int32, level: AccessLevel)] = []
        var others: [Holder] = []
        for (word, level) in found.highest() {
            let index = PrincipalIndex(word: word)
            guard isActive(index) else { continue }
            if case .user(let user) = index {
                users.append((user, level))
            } else {
                others.append(Holder(principal: principal(at: index), level: level))
            }
        }
        others.sort { $0.principal < $1.principal }
        let sorted = NameOrder.sorted(users) { accounts[$0.user].name.rawValue }
        return others + sorted.map { Holder(principal: .user(accounts[$0.user].name), level: $0.level) }
    }

    /// Visits the members of a team and of the teams below it, some more than once.
    func forEachMember(of team: Int32, _ visit: (Int32) -> Void) {
        for member in teams[team].members { visit(member.index) }
        for child in teams[team].children { forEachMember(of: child, visit) }
    }

    // MARK: What

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
                var team = membership.team
                if team == nil, membership.isRaised { addAll(in: membership.organization, .admin) }
                while let granted = team {
                    for grant in teams[granted].held where grant.level >= least && grant.counts(at: now) {
                        if grant.end.kind == .namespace {
                            if grant.end.index == membership.organization { addAll(in: grant.end.index, grant.level) }
                        } else if repositories[grant.end.index].namespace == membership.organization {
                            found.add(grant.end.index, grant.level)
                        }
                    }
                    team = teams[granted].parent
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
    private func inOrder(
        _ found: [(word: UInt64, level: AccessLevel)]
    ) -> [(repository: Int32, level: AccessLevel)] {
        var places: [Int32: Int32] = [:]
        for (word, _) in found { places[repositories[Int32(truncatingIfNeeded: word)].namespace] = 0 }
        let namespaces = places.keys.sorted { accounts[$0].name.rawValue + "/" < accounts[$1].name.rawValue + "/" }
        for (place, namespace) in namespaces.enumerated() { places[namespace] = Int32(place) }
        let holdings = found.map { (repository: Int32(truncatingIfNeeded: $0.word), level: $0.level) }
        return NameOrder.sorted(
            holdings, in: { places[repositories[$0.repository].namespace] ?? 0 },
            by: { repositories[$0.repository].name })
    }
}

/// Principals or repositories with the levels that they were found with, some more than once.
private struct Gathered {
    /// What was found, above its level.
    private var words: [UInt64] = []

    var isEmpty: Bool { words.isEmpty }

    @inline(__always)
    mutating func add(_ principal: PrincipalIndex, _ level: AccessLevel) {
        words.append(principal.word << 2 | UInt64(level.rank))
    }

    @inline(__always)
    mutating func add(_ repository: Int32, _ level: AccessLevel) {
        words.append(UInt64(UInt32(bitPattern: repository)) << 2 | UInt64(level.rank))
    }

    /// Each once, with its highest level.
    consuming func highest() -> [(word: UInt64, level: AccessLevel)] {
        var words = words
        words.sort()
        var result: [(word: UInt64, level: AccessLevel)] = []
        result.reserveCapacity(words.count)
        for place in words.indices where place + 1 == words.count || words[place] >> 2 != words[place + 1] >> 2 {
            let level: AccessLevel = words[place] & 3 == 1 ? .readOnly : words[place] & 3 == 2 ? .readWrite : .admin
            result.append((words[place] >> 2, level))
        }
        return result
    }
}

/// Puts things into the order of their names, which are ASCII: by the first eight bytes as one number, and
/// by the rest only where those are the same.
private enum NameOrder {
    static func sorted<Element>(
        _ elements: [Element], in place: (Element) -> Int32 = { _ in 0 }, by name: (Element) -> String
    ) -> [Element] {
        guard elements.count > 1 else { return elements }
        var keys = elements.indices.map { index in
            (place: place(elements[index]), prefix: prefix(name(elements[index])), index: Int32(index))
        }
        keys.sort { left, right in
            if left.place != right.place { return left.place < right.place }
            if left.prefix != right.prefix { return left.prefix < right.prefix }
            return name(elements[Int(left.index)]) < name(elements[Int(right.index)])
        }
        return keys.map { elements[Int($0.index)] }
    }

    private static func prefix(_ name: String) -> UInt64 {
        var prefix: UInt64 = 0
        for (place, byte) in name.utf8.prefix(8).enumerated() { prefix |= UInt64(byte) << (56 - 8 * UInt64(place)) }
        return prefix
    }
}
