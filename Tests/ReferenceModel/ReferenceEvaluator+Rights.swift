public import AccessModel

/// The table "Who may manage what", read row by row.
extension ReferenceEvaluator {
    public func allows(_ actor: Actor, _ right: ManagementRight) -> Bool {
        switch actor {
        case .local, .directory, .service: return true
        case .anonymous, .user, .serviceAccount: break
        }
        guard let principal = world.principal(actor), isActive(principal) else { return false }
        let isAdministrator = activeUser(principal)?.isSystemAdmin ?? false
        let isLoggedIn = principal != .anonymous
        switch right {
        case .administer, .createOrganization:
            return isAdministrator
        case .editProfile(let id):
            return isAdministrator || activeUser(principal)?.id == id
        case .manageOrganization(let id), .readChanges(let id):
            return isOwnerOrAdministrator(principal, of: id)
        case .manageServiceAccount(let id):
            guard let service = world.serviceAccounts.first(where: { $0.id == id }) else { return false }
            return isAdministrator
                || !service.isDecisionReader && isOwnerOrAdministrator(principal, of: service.owner)
        case .manageTeamMembers(let id):
            return isOwnerOrAdministrator(principal, ofOrganizationOf: id) || isMaintainer(principal, of: id)
        case .manageNamespace(let id):
            return level(of: principal, onAllOf: id) == .admin
        case .manageRepository(let id):
            return level(of: principal, on: id) == .admin
        case .viewRepository(let id):
            return level(of: principal, on: id) != nil
        case .readOrganization(let id):
            return isAdministrator || isMember(principal, of: id)
        case .readTeamMembers(let id):
            return isOwnerOrAdministrator(principal, ofOrganizationOf: id) || isMember(principal, ofTeam: id)
        case .readNames:
            return isLoggedIn
        case .askAnyDecision:
            return isAdministrator || activeUser(principal)?.isDecisionReader ?? false
                || activeServiceAccount(principal)?.isDecisionReader ?? false
        }
    }

    private func level(of principal: Principal, on id: RepositoryID) -> AccessLevel? {
        world.repositories.first { $0.id == id }.flatMap(world.path).flatMap { level(of: principal, on: $0) }
    }

    private func isOwnerOrAdministrator(_ principal: Principal, ofOrganizationOf id: TeamID) -> Bool {
        world.team(id).map { isOwnerOrAdministrator(principal, of: $0.organization) } ?? false
    }

    /// "Own team": that team itself, neither those above nor those below.
    private func isMaintainer(_ principal: Principal, of id: TeamID) -> Bool {
        let user = activeUser(principal)?.id
        return world.teamMembers.contains { $0.team == id && $0.user == user && $0.role == .maintainer }
    }

    private func isMember(_ principal: Principal, ofTeam id: TeamID) -> Bool {
        activeUser(principal).map { teams(of: $0).contains(id) } ?? false
    }

    private func isMember(_ principal: Principal, of organization: AccountID) -> Bool {
        let user = activeUser(principal)?.id
        return world.organizationMembers.contains { $0.organization == organization && $0.user == user }
    }
}
