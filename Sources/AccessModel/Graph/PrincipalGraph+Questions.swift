// Who somebody is, what they are in, and whether they are active.

/// A principal by its index.
enum PrincipalIndex: Hashable, Sendable {
    case anonymous
    case user(Int32)
    case serviceAccount(Int32)

    /// What lists of principals are in the order of.
    var word: UInt64 {
        switch self {
        case .anonymous: 0
        case .serviceAccount(let index): 1 << 32 | UInt64(UInt32(bitPattern: index))
        case .user(let index): 2 << 32 | UInt64(UInt32(bitPattern: index))
        }
    }
}

extension PrincipalGraph {
    func index(of id: ServiceAccountID) -> Int32? {
        serviceAccountsByID.find(NameHash.hash(id.rawValue)) { serviceAccounts[$0].id == id }
    }

    func index(ofServiceAccount name: TeamName, of owner: AccountName) -> Int32? {
        guard let owner = accounts.find(owner) else { return nil }
        return serviceAccountsByName.find(NameHash.hash(name, in: owner)) {
            serviceAccounts[$0].owner == owner && serviceAccounts[$0].name == name
        }
    }

    func index(ofTeam name: TeamName, in organization: Int32) -> Int32? {
        teams.find(name, in: organization)
    }

    /// nil for a user or service account that is not known.
    @inline(__always)
    func index(of principal: Principal) -> PrincipalIndex? {
        switch principal {
        case .anonymous: .anonymous
        case .user(let name): accounts.find(name).flatMap { accounts.has(.isUser, $0) ? .user($0) : nil }
        case .serviceAccount(let owner, let name):
            index(ofServiceAccount: name, of: owner).map(PrincipalIndex.serviceAccount)
        }
    }

    /// The principal that `actor` is; nil for those that are none.
    func index(of actor: Actor) -> PrincipalIndex? {
        switch actor {
        case .anonymous: .anonymous
        case .user(let id): accounts.find(id).flatMap { accounts.has(.isUser, $0) ? .user($0) : nil }
        case .serviceAccount(let id): index(of: id).map(PrincipalIndex.serviceAccount)
        case .local, .directory, .service: nil
        }
    }

    func principal(at index: PrincipalIndex) -> Principal {
        switch index {
        case .anonymous: .anonymous
        case .user(let user): .user(accounts.names[user])
        case .serviceAccount(let service):
            .serviceAccount(owner: accounts.names[serviceAccounts[service].owner], name: serviceAccounts[service].name)
        }
    }

    /// An inactive principal has nothing; nor has a service account that has ended or whose owner is inactive.
    @inline(__always)
    func isActive(_ principal: PrincipalIndex, at now: Timestamp) -> Bool {
        switch principal {
        case .anonymous: true
        case .user(let user): accounts.has(.isActive, user)
        case .serviceAccount(let service):
            serviceAccounts[service].isActive && now.microseconds < serviceAccounts[service].expiresAt
                && accounts.has(.isActive, serviceAccounts[service].owner)
        }
    }

    /// When a principal ends, whatever was given to it; `Int64.max` for never.
    func end(of principal: PrincipalIndex) -> Int64 {
        if case .serviceAccount(let service) = principal { serviceAccounts[service].expiresAt } else { .max }
    }

    func isOwner(_ user: Int32, of organization: Int32) -> Bool {
        accounts.rows.word(of: user, keyOf: Membership(ownerOf: organization)) != nil
    }

    func isMember(_ user: Int32, of organization: Int32) -> Bool {
        accounts.place(ofOrganization: organization).map { accounts.organizations[$0].members.contains(Member(user)) }
            ?? false
    }

    func role(of user: Int32, inOrganization organization: Int32) -> OrganizationMember.Role? {
        guard isMember(user, of: organization) else { return nil }
        return isOwner(user, of: organization) ? .owner : .member
    }

    func role(of user: Int32, inTeam team: Int32) -> TeamMember.Role? {
        teams.nodes[team].members[keyOf: Member(user)].map { $0.isRaised ? .maintainer : .member }
    }

    func isMaintainer(_ user: Int32, of team: Int32) -> Bool { role(of: user, inTeam: team) == .maintainer }

    /// Visits the teams of an organisation that a user is a member of, without those above them.
    @inline(__always)
    func forEachTeam(of user: Int32, in organization: Int32, _ visit: (Int32) -> Void) {
        accounts.rows.forEachWord(of: user) { membership in
            if let team = membership.team, teams.places[team].organization == organization { visit(team) }
        }
    }

    /// Visits a team and those above it.
    @inline(__always)
    func forEachTeam(upwardFrom team: Int32, _ visit: (Int32) -> Void) {
        var team = team
        while team >= 0 {
            visit(team)
            team = teams.places[team].parent
        }
    }

    /// Visits the members of a team and of the teams below it, some more than once.
    func forEachMember(of team: Int32, _ visit: (Int32) -> Void) {
        teams.nodes[team].members.forEachWord { visit($0.user) }
        for child in teams.nodes[team].children { forEachMember(of: child, visit) }
    }
}
