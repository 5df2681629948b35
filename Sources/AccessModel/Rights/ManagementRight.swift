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
            guard let user = principals.accounts.find(id), principals.accounts.has([.isUser, .isActive], user) else {
                return false
            }
            return principals.accounts.has(.isSystemAdmin, user) || allows(.user(user), right, at: now)
        case .serviceAccount(let id):
            guard let service = principals.index(of: id), principals.isActive(.serviceAccount(service), at: now) else {
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
            guard let service = principals.index(of: id), !principals.serviceAccounts[service].isDecisionReader else {
                return false
            }
            let owner = principals.serviceAccounts[service].owner
            return allows(principal, .manageOrganization(principals.accounts.ids[owner]), at: now)
        case .manageTeamMembers(let id):
            guard let team = principals.teams.find(id) else { return false }
            return isOwner(principal, of: principals.teams.places[team].organization)
                || isMaintainer(principal, of: team)
        case .manageNamespace(let id):
            guard let namespace = principals.accounts.find(id) else { return false }
            return namespaceLevel(of: principal, on: namespace, at: now) == .admin
        case .manageRepository(let id):
            guard let repository = registry.repositories.find(id) else { return false }
            return level(of: principal, on: repository, at: now) == .admin
        case .viewRepository(let id):
            guard let repository = registry.repositories.find(id) else { return false }
            return level(of: principal, on: repository, at: now) != nil
        case .readOrganization(let id):
            return isMember(principal, of: id)
        case .readTeamMembers(let id):
            guard let team = principals.teams.find(id) else { return false }
            return isOwner(principal, of: principals.teams.places[team].organization)
                || isMember(principal, ofTeam: team)
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
        return principals.accounts.ids[user] == id
    }

    private func isOwner(_ principal: PrincipalIndex, of id: AccountID) -> Bool {
        principals.accounts.find(id).map { isOwner(principal, of: $0) } ?? false
    }

    private func isOwner(_ principal: PrincipalIndex, of organization: Int32) -> Bool {
        guard case .user(let user) = principal else { return false }
        return principals.isOwner(user, of: organization)
    }

    private func isMember(_ principal: PrincipalIndex, of id: AccountID) -> Bool {
        guard case .user(let user) = principal, let organization = principals.accounts.find(id) else { return false }
        return principals.isMember(user, of: organization)
    }

    private func isMaintainer(_ principal: PrincipalIndex, of team: Int32) -> Bool {
        guard case .user(let user) = principal else { return false }
        return principals.isMaintainer(user, of: team)
    }

    /// Members of the teams below count: nested teams equal their flattening.
    private func isMember(_ principal: PrincipalIndex, ofTeam team: Int32) -> Bool {
        guard case .user(let user) = principal else { return false }
        var isFound = false
        principals.forEachTeam(of: user, in: principals.teams.places[team].organization) { memberOf in
            principals.forEachTeam(upwardFrom: memberOf) { if $0 == team { isFound = true } }
        }
        return isFound
    }

    private func isDecisionReader(_ principal: PrincipalIndex) -> Bool {
        switch principal {
        case .anonymous: false
        case .user(let user): principals.accounts.has(.isDecisionReader, user)
        case .serviceAccount(let service): principals.serviceAccounts[service].isDecisionReader
        }
    }
}
