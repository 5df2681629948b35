// The set questions: who may, and what may. They walk what the one rule (EffectiveOperations.swift) looks up, in the other
// direction.

/// Everybody who may do something in a collection.
public struct ControlHolders: Hashable, Sendable {
    /// Whether a grant to everyone gives it. Then those who have it in no other way are in `principals` only where they were asked
    /// for.
    public let everyone: Bool
    /// Ordered by kind and name.
    public let principals: [Principal]
}

/// A collection in which somebody may do something, and in all below it.
public struct ControlHolding: Hashable, Sendable {
    public let collection: CollectionPath
    /// When the last of what gives it ends.
    public let validUntil: Timestamp?
}

extension AccessGraph {
    /// Everybody who may do an operation in a collection at `now`; nobody where there is none.
    /// - Parameter expands: whether those are listed whom a grant to everyone alone gives it.
    public func whoMay(
        _ operation: ControlOperation, in path: CollectionPath, expands: Bool = false, at now: Timestamp
    ) -> ControlHolders {
        guard let place = place(of: path) else { return ControlHolders(everyone: false, principals: []) }
        let roles = control.roles.having(operation)
        let principals = principals
        var found = FoundPrincipals()
        var everyone = false
        for administrator in principals.administrators { found.users.add(administrator, .admin) }
        if let owner = owner(of: place), let role = control.defaultRole, roles.contains(role) {
            found.users.add(owner, .admin)
        }
        forEachCollection(upwardFrom: place) { collection in
            control.collections.nodes[collection].grants.forEach { grant in
                guard now.microseconds < grant.end, roles.contains(grant.role) else { return }
                let side = grant.side
                switch side.kind {
                case .everyone: everyone = true
                case .user: found.users.add(side.index, .admin)
                case .serviceAccount: found.serviceAccounts.add(side.index, .admin)
                case .team: principals.forEachMember(of: side.index) { found.users.add($0, .admin) }
                case .organization:
                    guard let place = principals.accounts.place(ofOrganization: side.index) else { return }
                    principals.accounts.organizations[place].members.forEachWord { found.users.add($0.user, .admin) }
                }
            }
        }
        if everyone, expands {
            for user in principals.accounts.indices where principals.accounts.has(.isUser, user) {
                found.users.add(user, .admin)
            }
            for service in principals.serviceAccounts.indices { found.serviceAccounts.add(service, .admin) }
        }
        let holders = found.holders(in: principals, at: now)
        return ControlHolders(everyone: everyone, principals: holders.map(\.principal))
    }

    /// Everybody who may do all of a question's operations with its resource at `now`, those included whom only a grant to everyone
    /// gives it. Its subject means nothing.
    public func whoMay(_ question: ControlQuestion, at now: Timestamp) -> ControlHolders {
        guard let operation = question.operations.first, let path = collection(of: question.resource) else {
            return ControlHolders(everyone: false, principals: [])
        }
        let holders = whoMay(operation, in: path, expands: true, at: now)
        if question.operations.count == 1, !EngineOperation.scheduled.contains(operation) { return holders }
        let able = holders.principals.filter { principal in
            check(
                ControlQuestion(
                    subject: principal, operations: question.operations, resource: question.resource), at: now
            ).isAllowed
        }
        let isForAll = holders.everyone && able.count == holders.principals.count
        return ControlHolders(everyone: isForAll, principals: able)
    }

    /// The topmost collections in which a team gives its members an operation at `now`, and with each all below it; ordered by path.
    public func whatMay(team: TeamID, _ operation: ControlOperation, at now: Timestamp) -> [ControlHolding] {
        guard let team = principals.teams.find(team) else { return [] }
        let roles = control.roles.having(operation)
        var ends: [CollectionPlace: Int64] = [:]
        principals.forEachTeam(upwardFrom: team) { team in
            control.heldByTeams[team].forEach { grant in
                guard now.microseconds < grant.end, roles.contains(grant.role) else { return }
                let place = CollectionPlace.known(grant.collection)
                ends[place] = max(ends[place] ?? 0, grant.end)
            }
        }
        let places = Set(ends.keys)
        return places.filter { !isBelowAnother($0, of: places) }.map { place in
            let end = ends[place] ?? .max
            return ControlHolding(
                collection: path(of: place), validUntil: end == .max ? nil : Timestamp(microseconds: end))
        }.sorted { $0.collection < $1.collection }
    }

    /// The topmost collections in which a principal may do an operation at `now`, and with each all below it; ordered by path.
    public func whatMay(
        _ principal: Principal, _ operation: ControlOperation, at now: Timestamp
    ) -> [ControlHolding] {
        guard let principal = principals.index(of: principal), principals.isActive(principal, at: now) else {
            return []
        }
        let roles = control.roles.having(operation)
        var places: Set<CollectionPlace> = []
        forEachHeldControlGrant(of: principal, at: now) { grant in
            if roles.contains(grant.role) { places.insert(.known(grant.collection)) }
        }
        if case .user(let user) = principal {
            if principals.accounts.has(.isSystemAdmin, user), let root = control.collections.root {
                places.insert(.known(root))
            }
            if let role = control.defaultRole, roles.contains(role), let own = privateCollection(of: user) {
                places.insert(own)
            }
        }
        return places.filter { !isBelowAnother($0, of: places) }.map { place in
            let end = end(of: roles, for: principal, in: place, at: now) ?? .max
            return ControlHolding(
                collection: path(of: place), validUntil: end == .max ? nil : Timestamp(microseconds: end))
        }.sorted { $0.collection < $1.collection }
    }

    /// A collection and all below it that are facts, ordered by path.
    public func collections(from path: CollectionPath) -> [CollectionPath] {
        guard case .known(let index)? = place(of: path) else { return place(of: path) == nil ? [] : [path] }
        var paths: [CollectionPath] = []
        control.collections.forEach(downwardFrom: index) { paths.append(self.path(ofCollection: $0)) }
        return paths.sorted()
    }

    /// Collections and all below them that are facts, each once and ordered by path.
    public func collections(below paths: [CollectionPath]) -> [CollectionPath] {
        Set(paths.flatMap(collections(from:))).sorted()
    }

    /// What of a type of others was placed in collections or below them, in order.
    public func placed(type: String, in paths: [CollectionPath]) -> [String] {
        let places = paths.compactMap { path -> Int32? in
            if case .known(let index)? = place(of: path) { index } else { nil }
        }
        var found: [String] = []
        control.placements.forEach(ofType: type) { id, collection in
            if places.contains(where: { control.collections.isAtOrBelow(collection, $0) }) { found.append(id) }
        }
        return found.sorted()
    }

    /// What a principal may do in a collection at `now`, in the order of what is written. Of what has wildcards, as they are.
    public func operations(of principal: Principal, in path: CollectionPath, at now: Timestamp) -> [ControlOperation] {
        guard let principal = principals.index(of: principal), let place = place(of: path) else { return [] }
        var operations: Set<ControlOperation> = []
        forEachControlContribution(of: principal, in: place, at: now) { contribution in
            operations.formUnion(
                contribution.role.map { control.roles.nodes[$0].operations } ?? everyOperation)
        }
        return operations.sorted()
    }

    /// Every operation of an engine, all of Kubernetes, and what roles name beside.
    private var everyOperation: [ControlOperation] {
        let nodes = control.roles.nodes
        return nodes.indices.filter { nodes[$0].exists }.flatMap { nodes[$0].operations } + ControlOperation.everything
    }

    func privateCollection(of user: Int32) -> CollectionPlace? {
        guard control.collections.privates != nil, principals.accounts.has(.isUser, user) else { return nil }
        return control.collections.ofUsers[user].map { .known($0) } ?? .ofUser(user)
    }

    private func isBelowAnother(_ place: CollectionPlace, of places: Set<CollectionPlace>) -> Bool {
        var isBelow = false
        forEachCollection(upwardFrom: place) { above in
            if .known(above) != place, places.contains(.known(above)) { isBelow = true }
        }
        return isBelow
    }
}
