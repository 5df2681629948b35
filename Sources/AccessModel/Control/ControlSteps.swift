extension AccessGraph {
    /// The path of a reason that `explain` gave, from the principal to the collection.
    public func steps(of reason: ControlReason, for principal: Principal) -> [ReasonStep] {
        switch reason.source {
        case .systemAdministrator:
            return account(principal).map { [.init("\(principal) is a system administrator", $0, .isSystemAdmin)] }
                ?? []
        case .privateCollection:
            guard let role = reason.role, let id = roleID(named: role) else { return [] }
            var steps = account(principal).map { [ReasonStep("\(reason.collection) is their own", $0, .exists)] } ?? []
            if control.settings.defaultRole != Role.restrictedControl.id {
                let key = control.settings.key
                steps.append(ReasonStep("everybody has \(role) in their own", key, .isDefaultRole(id)))
            }
            return steps + [has(reason.operation, role, id)]
        case .everyone: return grantSteps(of: reason, to: .everyone, "everyone")
        case .direct:
            guard let subject = subject(principal) else { return [] }
            return grantSteps(of: reason, to: subject, "\(principal)")
        case .organization(let name):
            guard let organization = accountID(named: name), let user = account(principal) else { return [] }
            let key = FactKey(.organizationMember, organization.rawValue, user.first)
            return [ReasonStep("\(principal) is a member of \(name)", key, .exists)]
                + grantSteps(of: reason, to: .organization(organization), "\(name)")
        case .team(let organization, let names):
            guard let user = account(principal), let namespace = principals.accounts.find(organization) else {
                return []
            }
            let path = names.compactMap { principals.index(ofTeam: $0, in: namespace) }
            guard path.count == names.count, let last = path.last, let name = names.last else { return [] }
            return teamSteps(from: principal, user, through: path, of: organization)
                + grantSteps(of: reason, to: .team(principals.teams.nodes[last].id), "\(organization)/\(name)")
        }
    }

    /// That a subject has the role there, which has the operation, and how the collection that was asked about is below.
    private func grantSteps(of reason: ControlReason, to subject: ControlSubject, _ name: String) -> [ReasonStep] {
        guard let role = reason.role, let roleID = roleID(named: role),
            let collection = collectionID(at: reason.collection)
        else { return [] }
        let key = ControlGrant(subject: subject, role: roleID, collection: collection).key
        var steps = [
            ReasonStep("\(name) has \(role) on \(reason.collection)", key, .isLive),
            has(reason.operation, role, roleID),
        ]
        for (below, above) in reason.below {
            guard let below = collectionID(at: below), let above = collectionID(at: above) else { continue }
            steps.append(
                ReasonStep(
                    "\(path(of: below)?.description ?? "") is in \(path(of: above)?.description ?? "")",
                    .collection(below), .isIn(above)))
        }
        return steps
    }

    private func has(_ operation: ControlOperation, _ name: RoleName, _ role: RoleID) -> ReasonStep {
        ReasonStep("\(name) has \(operation)", .role(role), .hasOperation(operation))
    }

    private func subject(_ principal: Principal) -> ControlSubject? {
        switch principals.index(of: principal) {
        case .user(let user)?: .user(principals.accounts.ids[user])
        case .serviceAccount(let service)?: .serviceAccount(principals.serviceAccounts[service].id)
        case .anonymous?, nil: nil
        }
    }
}
