/// What of the control plane somebody has after something and had not before, or the other way round.
public struct ControlDifference: Hashable, Sendable {
    public enum Subject: Hashable, Sendable, Comparable {
        /// Every active user and service account, by a grant to everyone or in their own private collection.
        case everyone
        case principal(Principal)
    }

    public let subject: Subject
    /// The topmost collection where it is so; nil for everybody's own. Of a resource that is elsewhere now, the collection it is in
    /// now, or was in before it was nowhere.
    public let collection: CollectionPath?
    /// The resource, cluster or engine that is elsewhere now; nil where it is all of the collection.
    public let resource: ControlResource?
    /// The collection that the resource was in, or the path that the collection had.
    public let formerCollection: CollectionPath?
    /// What is not covered by what was there, in order.
    public let gained: [ControlOperation]
    public let lost: [ControlOperation]
    /// Roles that came or went there as a whole.
    public let gainedRoles: [RoleName]
    public let lostRoles: [RoleName]

    /// What of it somebody may be told who may know of some collections only: of what is elsewhere now, what it is about where it
    /// was and where it is. nil for nothing.
    public func told(where isKnown: (CollectionPath) -> Bool) -> ControlDifference? {
        guard let collection, let formerCollection, collection != formerCollection else { return self }
        let (seesNow, sawThen) = (isKnown(collection), isKnown(formerCollection))
        guard seesNow || sawThen, seesNow && !gained.isEmpty || sawThen && !lost.isEmpty else { return nil }
        return ControlDifference(
            subject: subject, collection: seesNow ? collection : formerCollection, resource: resource,
            formerCollection: sawThen ? formerCollection : nil, gained: seesNow ? gained : [],
            lost: sawThen ? lost : [], gainedRoles: seesNow ? gainedRoles : [], lostRoles: sawThen ? lostRoles : [])
    }

    /// Whether an operation is among what is gained; nil if it is neither gained nor lost.
    public func gains(_ operation: ControlOperation) -> Bool? {
        let role = { (operations: [ControlOperation]) in
            Role(id: RoleID(rawValue: ""), name: RoleName(trusted: ""), operations: operations).has(operation)
        }
        return role(gained) ? true : role(lost) ? false : nil
    }
}

extension ControlDifference {
    /// Ordered by collection, then by resource and subject.
    static func precedes(_ left: Self, _ right: Self) -> Bool {
        let places = [left, right].map { $0.collection ?? .privates }
        guard places[0] == places[1] else { return places[0] < places[1] }
        let resources = [left, right].map { $0.resource?.description ?? "" }
        return resources[0] == resources[1] ? left.subject < right.subject : resources[0] < resources[1]
    }
}

extension AccessGraph {
    /// Who has something else of the control plane after changes; nil for more than can be told.
    /// - Parameter isAbandoned: asked now and then whether nobody waits for the answer any more; nil is answered then.
    public func controlDifferences(
        after changes: [Change], at now: Timestamp, unless isAbandoned: () -> Bool = { false }
    ) throws(GraphError) -> [ControlDifference]? {
        guard changes.contains(where: \.mayDecideControl) else { return [] }
        let new = try applying(changes, revision: revision + Revision(changes.count))
        return Self.controlDifferences(from: (self, now), to: (new, now), changes, unless: isAbandoned)
    }

    /// Who has something else of the control plane in one graph than in another.
    /// - Parameter changes: those that made the one of the other, in any order.
    /// - Returns: ordered by collection and subject; nil for more than 100,000 people and places to compare, or a million
    ///   operations to tell.
    public static func controlDifferences(
        from old: (graph: AccessGraph, time: Timestamp), to new: (graph: AccessGraph, time: Timestamp),
        _ changes: some Sequence<Change>, unless isAbandoned: () -> Bool = { false }
    ) -> [ControlDifference]? {
        var touched = TouchedControl(old, new)
        for change in changes where change.mayDecideControl { touched.add(change) }
        touched.addEnds()
        guard !touched.isFull else { return nil }
        var comparison = RoleComparison(old.graph, new.graph)
        var (found, told): ([ControlDifference], Int) = ([], 0)
        for pair in touched.pairs {
            guard !isAbandoned() else { return nil }
            guard let difference = pair.difference(from: old, to: new, &comparison, unless: isAbandoned) else {
                continue
            }
            found.append(difference)
            told += difference.gained.count + difference.lost.count
            guard told <= 1_000_000 else { return nil }
        }
        guard !isAbandoned() else { return nil }
        return topmost(found).sorted(by: ControlDifference.precedes)
    }

    /// Without those below another of the same subject that says as much.
    private static func topmost(_ differences: [ControlDifference]) -> [ControlDifference] {
        var places: [ControlDifference.Subject: [CollectionPath: ControlDifference]] = [:]
        for difference in differences where difference.resource == nil {
            if let path = difference.collection { places[difference.subject, default: [:]][path] = difference }
        }
        return differences.filter { difference in
            guard difference.resource == nil, let own = places[difference.subject] else { return true }
            let above = sequence(state: difference.collection) { path in
                path = path?.parent
                return path
            }
            return !above.contains { path in
                own[path].map { $0.gained.cover(difference.gained) && $0.lost.cover(difference.lost) } ?? false
            }
        }
    }
}

extension [ControlOperation] {
    /// Whether these cover others, wildcards and all.
    fileprivate func cover(_ others: [ControlOperation]) -> Bool {
        var words = OperationWords()
        let set = OperationSet(self, &words)
        return others.allSatisfy { set.contains(OperationQuestion($0, words)) }
    }
}

extension Change {
    /// Whether somebody may have something else of the control plane by it.
    fileprivate var mayDecideControl: Bool {
        switch (before, after) {
        case (.account(let before), .account(let after)):
            before.isActive != after.isActive || before.isSystemAdmin != after.isSystemAdmin
        case (.team(let before), .team(let after)): before.parent != after.parent
        case (.role(let before), .role(let after)): before.operations != after.operations
        // By its name, too: a namespace may be found by it.
        case (.collection(let before), .collection(let after)):
            before.parent != after.parent || before.name != after.name
        case (.organizationMember(let before), .organizationMember(let after)): before.user != after.user
        default:
            switch fact {
            case .account, .organizationMember, .team, .teamMember, .serviceAccount, .role, .collection, .controlGrant,
                .site, .placement, .controlSettings:
                true
            default: false
            }
        }
    }
}
