// What somebody has in one place in two graphs.

/// Somebody, by identity as indices of two graphs may differ, and where to compare what they have.
struct ControlPair: Hashable {
    enum Subject: Hashable {
        case everyone
        case user(AccountID)
        case serviceAccount(ServiceAccountID)
    }

    enum Place: Hashable {
        case collection(CollectionID)
        /// Everybody's own.
        case own
        /// A resource; without an id, a cluster or engine.
        case resource(PlacedResource)
    }

    let subject: Subject
    let place: Place

    func difference(
        from before: (graph: AccessGraph, time: Timestamp), to after: (graph: AccessGraph, time: Timestamp),
        _ comparison: inout RoleComparison, unless isAbandoned: () -> Bool
    ) -> ControlDifference? {
        let (old, new) = (before.graph, after.graph)
        let roles = comparison.compare(
            held(in: old, at: before.time), held(in: new, at: after.time), unless: isAbandoned)
        guard !roles.gained.isEmpty || !roles.lost.isEmpty, let subject = name(in: new) ?? name(in: old) else {
            return nil
        }
        let path = (place.index(in: new).map { new.path(of: $0) }) ?? (place.index(in: old).map { old.path(of: $0) })
        guard place == .own || path != nil else { return nil }
        return ControlDifference(
            subject: subject, collection: path, resource: place.resource(in: new) ?? place.resource(in: old),
            formerCollection: place.index(in: old).map { old.path(of: $0) },
            gained: roles.gained, lost: roles.lost, gainedRoles: roles.gainedRoles, lostRoles: roles.lostRoles)
    }

    private func name(in graph: AccessGraph) -> ControlDifference.Subject? {
        switch subject {
        case .everyone: .everyone
        case .user(let id): graph.principal(of: .user(id)).map { .principal($0) }
        case .serviceAccount(let id): graph.principal(of: .serviceAccount(id)).map { .principal($0) }
        }
    }

    /// The roles that somebody has in the collection.
    private func held(in graph: AccessGraph, at now: Timestamp) -> HeldRoles {
        var held = HeldRoles()
        func add(_ role: Int32?) {
            if let role { held.roles.insert(role) } else { held.hasEverything = true }
        }
        guard place != .own else {
            if let role = graph.control.defaultRole { add(role) }
            return held
        }
        guard let index = place.index(in: graph) else { return held }
        switch subject {
        case .everyone:
            graph.forEachCollection(upwardFrom: index) { place in
                graph.control.collections.nodes[place].grants.forEach(to: .everyone) { grant in
                    if now.microseconds < grant.end { add(grant.role) }
                }
            }
        case .user(let id):
            guard let user = graph.principals.index(of: .user(id)) else { return held }
            graph.forEachControlContribution(of: user, in: index, at: now) { add($0.role) }
        case .serviceAccount(let id):
            guard let service = graph.principals.index(of: .serviceAccount(id)) else { return held }
            graph.forEachControlContribution(of: service, in: index, at: now) { add($0.role) }
        }
        return held
    }
}

extension ControlPair.Place {
    /// nil where there is no such place, and for everybody's own.
    func index(in graph: AccessGraph) -> CollectionPlace? {
        switch self {
        case .collection(let id): graph.control.collections.find(id).map { .known($0) }
        case .own: nil
        case .resource: resource(in: graph).flatMap { graph.place(of: $0) }
        }
    }

    /// nil for what is no resource, and at a cluster or engine that is not there.
    func resource(in graph: AccessGraph) -> ControlResource? {
        guard case .resource(let placed) = self else { return nil }
        guard let id = placed.site else { return ControlResource(type: placed.type, id: placed.id) }
        guard let site = graph.site(id) else { return nil }
        return ControlResource(type: placed.type, id: placed.id, at: .init(site.form, site.name))
    }
}

/// The roles that somebody has somewhere, by what one graph has of them.
struct HeldRoles: Hashable {
    var roles: Set<Int32> = []
    /// Of a system administrator.
    var hasEverything = false
}

/// What sets of roles have beyond each other. Many people have the same ones, and a role may have thousands of operations.
struct RoleComparison {
    struct Result {
        var gained: [ControlOperation]
        var lost: [ControlOperation]
        var gainedRoles: [RoleName]
        var lostRoles: [RoleName]
    }

    private struct Pair: Hashable {
        let before: HeldRoles
        let after: HeldRoles
    }

    private struct Content {
        var names: Set<RoleName> = []
        var operations: Set<ControlOperation> = []
        let hasEverything: Bool

        init(_ held: HeldRoles, in graph: AccessGraph) {
            hasEverything = held.hasEverything
            for role in held.roles {
                let node = graph.control.roles.nodes[role]
                names.insert(node.name)
                operations.formUnion(node.operations)
            }
        }

        /// What another one does not cover, in order; nothing when nobody waits for it any more.
        func operations(beyond other: Content, unless isAbandoned: () -> Bool) -> [ControlOperation] {
            guard !other.hasEverything else { return [] }
            var words = OperationWords()
            let known = OperationSet(Array(other.operations), &words)
            let own = hasEverything ? operations.union(ControlOperation.everything) : operations
            var (beyond, looked): ([ControlOperation], Int) = ([], 0)
            for operation in own {
                looked += 1
                if looked.isMultiple(of: 256), isAbandoned() { return [] }
                if !known.contains(OperationQuestion(operation, words)) { beyond.append(operation) }
            }
            return beyond.sorted()
        }
    }

    private let old: AccessGraph
    private let new: AccessGraph
    private var known: [Pair: Result] = [:]

    init(_ old: AccessGraph, _ new: AccessGraph) { (self.old, self.new) = (old, new) }

    /// - Parameter isAbandoned: asked now and then; what is answered when it says yes means nothing.
    mutating func compare(_ before: HeldRoles, _ after: HeldRoles, unless isAbandoned: () -> Bool) -> Result {
        let pair = Pair(before: before, after: after)
        if let result = known[pair] { return result }
        let (first, second) = (Content(before, in: old), Content(after, in: new))
        let result = Result(
            gained: second.operations(beyond: first, unless: isAbandoned),
            lost: first.operations(beyond: second, unless: isAbandoned),
            gainedRoles: second.names.subtracting(first.names).sorted(),
            lostRoles: first.names.subtracting(second.names).sorted())
        known[pair] = result
        return result
    }
}
