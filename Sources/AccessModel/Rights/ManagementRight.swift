/// What an actor may manage: the rows of the table of management rights.
public enum ManagementRight: Hashable, Sendable {
    /// Users, directories, settings, the whole change log, import and export.
    case administer
    /// Full name, e-mail, password and tokens of a user.
    case editProfile(AccountID)
    case createOrganization
    /// Members, owners and teams of an organisation, its service accounts and defaults.
    case manageOrganization(AccountID)
    /// Tokens, activity, end and owner of a service account. Whoever has these has what it may do: one with a
    /// power that its owner could not give is for those who could.
    case manageServiceAccount(ServiceAccountID)
    case manageTeamMembers(TeamID)
    /// Make repositories in a namespace; give levels on all of it.
    case manageNamespace(AccountID)
    /// A repository's grants, visibility, description and end.
    case manageRepository(RepositoryID)
    case viewRepository(RepositoryID)
    /// An organisation's members and teams.
    case readOrganization(AccountID)
    case readTeamMembers(TeamID)
    /// The part of the change log that is about a namespace.
    case readChanges(of: AccountID)
    /// Which accounts there are, by name.
    case readNames
    /// Every decision about everybody.
    case askAnyDecision
}

extension AccessGraph {
    /// Whether `actor` holds `right` at `now`. The one place that says so.
    public func allows(_ actor: Actor, _ right: ManagementRight, at now: Timestamp) -> Bool {
        switch actor {
        case .local, .directory, .service:
            return true
        case .anonymous:
            guard case .viewRepository = right else { return false }
            return allows(PrincipalIndex.anonymous, right, at: now)
        case .user(let id):
            guard let user = index(of: id), accounts[user].isUser, accounts[user].isActive else {
                return false
            }
            return accounts[user].isSystemAdmin || allows(.user(user), right, at: now)
        case .serviceAccount(let id):
            guard let service = index(of: id), isActive(.serviceAccount(service), at: now) else {
                return false
            }
            return allows(.serviceAccount(service), right, at: now)
        }
    }

    private func allows(_ principal: PrincipalIndex, _ right: ManagementRight, at now: Timestamp) -> Bool {
        switch right {
        case .administer, .createOrganization:
            return false
        case .editProfile(let id):
            return isSelf(principal, id)
        case .manageOrganization(let id), .readChanges(let id):
            return isSelf(principal, id) || isOwner(principal, of: id)
        case .manageServiceAccount(let id):
            guard let service = index(of: id), !serviceAccounts[service].isDecisionReader else { return false }
            return allows(principal, .manageOrganization(accounts[serviceAccounts[service].owner].id), at: now)
        case .manageTeamMembers(let id):
            guard let team = index(of: id) else { return false }
            return isOwner(principal, of: accounts[teams[team].organization].id) || isMaintainer(principal, of: team)
        case .manageNamespace(let id):
            guard let namespace = index(of: id) else { return false }
            return namespaceLevel(of: principal, on: namespace, at: now) == .admin
        case .manageRepository(let id):
            guard let repository = index(of: id) else { return false }
            return level(of: principal, on: repository, at: now) == .admin
        case .viewRepository(let id):
            guard let repository = index(of: id) else { return false }
            return level(of: principal, on: repository, at: now) != nil
        case .readOrganization(let id):
            return isMember(principal, of: id)
        case .readTeamMembers(let id):
            guard let team = index(of: id) else { return false }
            return isOwner(principal, of: accounts[teams[team].organization].id) || isMember(principal, ofTeam: team)
        case .readNames:
            return principal != .anonymous
        case .askAnyDecision:
            return isDecisionReader(principal)
        }
    }

    /// When `actor` stops holding a right that ends by itself, as a grant does; nil if it does not, or is not held.
    public func end(of right: ManagementRight, for actor: Actor, at now: Timestamp) -> Timestamp? {
        guard allows(actor, right, at: now), !allows(actor, right, at: .last) else { return nil }
        // A right that ends has one end: what ended does not come back.
        var (first, last) = (now.microseconds, Timestamp.last.microseconds)
        while last - first > 1 {
            let middle = first + (last - first) / 2
            if allows(actor, right, at: Timestamp(microseconds: middle)) { first = middle } else { last = middle }
        }
        return Timestamp(microseconds: last)
    }

    private func isSelf(_ principal: PrincipalIndex, _ id: AccountID) -> Bool {
        guard case .user(let user) = principal else { return false }
        return accounts[user].id == id
    }

    private func isOwner(_ principal: PrincipalIndex, of organization: AccountID) -> Bool {
        guard case .user(let user) = principal, let index = index(of: organization) else { return false }
        return accounts[user].memberships.contains(in: index) { $0.team == nil && $0.isRaised }
    }

    private func isMember(_ principal: PrincipalIndex, of organization: AccountID) -> Bool {
        guard case .user(let user) = principal, let index = index(of: organization) else { return false }
        return accounts[user].memberships.contains(in: index) { $0.team == nil }
    }

    private func isMaintainer(_ principal: PrincipalIndex, of team: Int32) -> Bool {
        guard case .user(let user) = principal else { return false }
        return accounts[user].memberships.contains(in: teams[team].organization) { $0.team == team && $0.isRaised }
    }

    /// Members of the teams below count: nested teams equal their flattening.
    private func isMember(_ principal: PrincipalIndex, ofTeam team: Int32) -> Bool {
        guard case .user(let user) = principal else { return false }
        return accounts[user].memberships.contains(in: teams[team].organization) { membership in
            var current = membership.team
            while let index = current {
                if index == team { return true }
                current = teams[index].parent
            }
            return false
        }
    }

    private func isDecisionReader(_ principal: PrincipalIndex) -> Bool {
        switch principal {
        case .anonymous: false
        case .user(let user): accounts[user].isDecisionReader
        case .serviceAccount(let service): serviceAccounts[service].isDecisionReader
        }
    }
}
