// Who may manage the control plane. Nobody gives what they do not have.

extension AccessGraph {
    /// Whether `actor` may do something with a collection itself: make others below it, rename or delete those, give roles in it, or
    /// place resources there.
    public func allows(
        _ actor: Actor, _ operation: EngineOperation, in path: CollectionPath, at now: Timestamp
    ) -> Bool {
        if allows(actor, .administer, at: now) { return true }
        guard let principal = principals.index(of: actor), let place = place(of: path) else { return false }
        return end(of: control.roles.having(.engine(operation)), for: principal, in: place, at: now)
            != nil
    }

    /// Whether `actor` may know that a collection exists.
    public func isVisible(_ path: CollectionPath, to actor: Actor, at now: Timestamp) -> Bool {
        if allows(actor, .askAnyDecision, at: now) || allows(actor, .administer, at: now) { return true }
        guard let principal = principals.index(of: actor), let place = place(of: path) else { return false }
        return isVisible(place, to: principal, at: now)
    }

    /// Whether `actor` gives roles anywhere.
    public func givesRolesSomewhere(_ actor: Actor, at now: Timestamp) -> Bool {
        if allows(actor, .administer, at: now) || allows(actor, .askAnyDecision, at: now) { return true }
        guard let principal = principal(of: actor) else { return false }
        return !whatMay(principal, .engine(.giveRoles), at: now).isEmpty
    }

    /// Whether `actor` may ask who has what in a collection: whoever gives roles there, and decision readers.
    public func mayAskWho(_ actor: Actor, in path: CollectionPath, at now: Timestamp) -> Bool {
        allows(actor, .askAnyDecision, at: now) || allows(actor, .giveRoles, in: path, at: now)
    }

    /// What of a role `actor` does not have itself in a collection for as long as it is to be given, and so cannot give or take.
    /// Empty for system administrators.
    /// - Parameter end: nil for ever.
    public func missing(
        ofRole role: RoleID, for actor: Actor, in path: CollectionPath, until end: Timestamp?, at now: Timestamp
    ) -> [ControlOperation] {
        guard !allows(actor, .administer, at: now) else { return [] }
        guard let role = control.roles.find(role) else { return [] }
        let operations = control.roles.nodes[role].operations
        guard let principal = principals.index(of: actor), let place = place(of: path) else { return operations }
        let last = min(end?.microseconds ?? .max, principals.end(of: principal))
        guard last == end?.microseconds ?? .max else { return operations }
        var own: Set<Int32> = []
        forEachControlContribution(of: principal, in: place, at: now) { contribution in
            guard contribution.expiresAt >= last, let held = contribution.role else { return }
            own.insert(held)
        }
        return operations.filter { operation in
            let roles = control.roles.having(operation)
            return !own.contains(where: roles.contains)
        }
    }

    /// What others would have of a thing that goes from one collection to another, and that `actor` does not have itself where it
    /// was: roles that are given at the new place and not at the old one.
    public func missing(
        toMoveFrom old: CollectionPath, to new: CollectionPath, for actor: Actor, at now: Timestamp
    ) -> [ControlOperation] {
        guard !allows(actor, .administer, at: now), let from = place(of: old), let to = place(of: new) else {
            return []
        }
        var (before, after): (Set<GivenRole>, Set<GivenRole>) = ([], [])
        forEachGivenRole(in: from, at: now) { before.insert($0) }
        forEachGivenRole(in: to, at: now) { after.insert($0) }
        var missing: Set<ControlOperation> = []
        for given in after.subtracting(before) {
            let end = given.end == .max ? nil : Timestamp(microseconds: given.end)
            missing.formUnion(
                self.missing(ofRole: control.roles.nodes[given.role].id, for: actor, in: old, until: end, at: now))
        }
        return missing.sorted()
    }

    /// A role that somebody was given.
    private struct GivenRole: Hashable {
        let subject: UInt32
        let role: Int32
        let end: Int64
    }

    private func forEachGivenRole(in place: CollectionPlace, at now: Timestamp, _ visit: (GivenRole) -> Void) {
        forEachCollection(upwardFrom: place) { collection in
            control.collections.nodes[collection].grants.forEach { grant in
                guard now.microseconds < grant.end else { return }
                visit(GivenRole(subject: grant.other, role: grant.role, end: grant.end))
            }
        }
        if let owner = owner(of: place), let role = control.defaultRole {
            visit(GivenRole(subject: ControlSide(.user, owner).word, role: role, end: .max))
        }
    }
}
