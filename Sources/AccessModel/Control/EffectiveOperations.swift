// The rule of the control plane: what gives somebody operations in a collection. Checks, explanations and rights ask here;
// who-may and what-may (ControlHolders.swift) walk the same grants in the other direction. Grants add up; there is no deny rule.

/// One thing that gives a principal the operations of a role in a collection.
struct ControlContribution {
    enum Source {
        case systemAdministrator
        /// To the user or the service account itself.
        case direct
        /// To `granted`, reached as a member of `memberOf`: the same team or one below it.
        case team(granted: Int32, memberOf: Int32)
        case organization(Int32)
        case everyone
        /// What everybody has in their own private collection.
        case privateCollection
    }

    let source: Source
    /// nil for every operation.
    let role: Int32?
    /// The collection of the grant: the one that is asked about, or one above it. nil for what is no grant.
    var collection: Int32?
    /// `Int64.max` for what has no end.
    var expiresAt = Int64.max
}

extension AccessGraph {
    /// Visits everything that gives `principal` operations in `place` at `now`.
    /// - Parameter isAsked: whether a role is asked about. That is looked at first, as it takes least.
    @inline(__always)
    func forEachControlContribution(
        of principal: PrincipalIndex, in place: CollectionPlace, at now: Timestamp,
        where isAsked: (Int32) -> Bool = { _ in true }, _ visit: (ControlContribution) -> Void
    ) {
        guard principal != .anonymous, principals.isActive(principal, at: now) else { return }
        if case .user(let user) = principal {
            if principals.accounts.has(.isSystemAdmin, user) {
                visit(ControlContribution(source: .systemAdministrator, role: nil))
            }
            if let role = control.defaultRole, owner(of: place) == user, isAsked(role) {
                visit(ControlContribution(source: .privateCollection, role: role))
            }
        }
        forEachCollection(upwardFrom: place) { collection in
            control.collections.nodes[collection].grants.forEach { grant in
                guard now.microseconds < grant.end, isAsked(grant.role), let source = source(of: grant, for: principal)
                else { return }
                visit(
                    ControlContribution(
                        source: source, role: grant.role, collection: collection, expiresAt: grant.end))
            }
        }
    }

    /// How a grant reaches a principal; nil if it does not.
    @inline(__always)
    func source(of grant: ControlLink, for principal: PrincipalIndex) -> ControlContribution.Source? {
        let subject = grant.side
        switch (subject.kind, principal) {
        case (.everyone, _): return .everyone
        case (.user, .user(let user)): return subject.index == user ? .direct : nil
        case (.serviceAccount, .serviceAccount(let service)): return subject.index == service ? .direct : nil
        case (.organization, .user(let user)):
            return principals.isMember(user, of: subject.index) ? .organization(subject.index) : nil
        case (.team, .user(let user)):
            return principals.team(of: user, from: subject.index).map { .team(granted: subject.index, memberOf: $0) }
        default: return nil
        }
    }

    /// When the last ends of what gives `principal` one of some roles in `place`; nil if nothing does.
    func end(
        of roles: RoleSet, for principal: PrincipalIndex, in place: CollectionPlace, at now: Timestamp
    ) -> Int64? {
        var end: Int64?
        forEachControlContribution(of: principal, in: place, at: now) {
            roles.contains($0)
        } _: {
            end = max(end ?? .min, $0.expiresAt)
        }
        return end.map { min($0, principals.end(of: principal)) }
    }
}

extension PrincipalGraph {
    /// The team that makes a user a member of `team`: itself, or one below it; nil for none.
    @inline(__always)
    func team(of user: Int32, from team: Int32) -> Int32? {
        if accounts.rows.word(of: user, keyOf: Membership(team: team)) != nil { return team }
        guard teams.places[team].hasChildren else { return nil }
        // From the side where there is less to look at.
        return accounts.rows.isShort(user) ? self.team(of: user, upwardTo: team) : self.team(of: user, below: team)
    }

    private func team(of user: Int32, upwardTo team: Int32) -> Int32? {
        var found: Int32?
        forEachTeam(of: user, in: teams.places[team].organization) { memberOf in
            forEachTeam(upwardFrom: memberOf) { if $0 == team { found = memberOf } }
        }
        return found
    }

    private func team(of user: Int32, below team: Int32) -> Int32? {
        for child in teams.nodes[team].children {
            if accounts.rows.word(of: user, keyOf: Membership(team: child)) != nil { return child }
            if let found = self.team(of: user, below: child) { return found }
        }
        return nil
    }
}
