import AccessModel

/// Applies changes of a plan, each of which must still fit: all or nothing.
struct ApplySyncChanges: Command {
    let directory: String
    let changes: [SyncChange]

    func perform(in context: WriteContext) throws(AccessError) -> Int {
        var made: [String: AccountID] = [:]
        for change in changes {
            do throws(AccessError) {
                try context.apply(change, of: directory, made: &made)
            } catch {
                guard error.isAboutInput else { throw error }
                throw .conflict(
                    code: "plan-lapsed",
                    detail: "the state has moved since this was planned (\(change.person.login): \(error)): plan again")
            }
        }
        return changes.count
    }
}

extension WriteContext {
    fileprivate func apply(
        _ change: SyncChange, of directory: String, made: inout [String: AccountID]
    ) throws(AccessError) {
        let person = change.person
        if case .adding(.createUser(let name, let profile, let isActive)) = change.action {
            try requireFreeName(name)
            let account = Account(
                id: newIdentifier(), kind: .user, name: name, fullName: profile.fullName, email: profile.email,
                isActive: isActive,
                directory: DirectoryLink(directory: directory, externalID: person.externalID, dn: profile.dn))
            try insert(.account(account), reason: change.reason)
            made[person.externalID] = account.id
            return
        }
        guard let id = person.accountID ?? made[person.externalID], let account = try writer.account(id)?.value,
            account.directory?.directory == directory, account.directory?.externalID == person.externalID
        else { throw .notFound(kind: "user", name: person.login.rawValue) }
        switch change.action {
        case .adding(let addition): try add(addition, to: account, directory: directory, reason: change.reason)
        case .removing(let removal): try remove(removal, from: account, directory: directory, reason: change.reason)
        }
    }

    private func add(
        _ addition: SyncChange.Addition, to account: Account, directory: String, reason: String
    ) throws(AccessError) {
        var after = account
        switch addition {
        case .createUser:
            throw .conflict(code: "name-taken", detail: "the account is there already")
        case .rename(let login, let name):
            if let name, name != account.name, name != account.login { try requireFreeName(name) }
            if name == nil, login != account.name, try writer.user(withLogin: login) != nil {
                throw .conflict(code: "name-taken", detail: "somebody else logs in as \"\(login)\"")
            }
            after.login = login
            if let name { after.name = name }
            try update(.account(account), to: .account(after), reason: reason)
        case .updateProfile(let profile):
            after.fullName = profile.fullName
            after.email = profile.email
            after.directory?.dn = profile.dn
            try update(.account(account), to: .account(after), reason: reason)
        case .reactivate:
            after.isActive = true
            try update(.account(account), to: .account(after), reason: reason)
        case .addToOrganization(let organization, let role):
            guard try writer.member(account.id, of: organization.id) == nil else {
                throw .conflict(code: "name-taken", detail: "a member of \(organization) by now")
            }
            let member = OrganizationMember(
                organization: organization.id, user: account.id, role: role, managedBy: directory)
            try insert(.organizationMember(member), reason: reason)
        case .promoteToOwner(let organization):
            try setRole(.owner, of: account, in: organization, directory: directory, reason: reason)
        case .addToTeam(let team):
            guard try writer.team(team.id) != nil else { throw .notFound(kind: "team", name: team.description) }
            guard try writer.member(account.id, of: team.id) == nil else {
                throw .conflict(code: "name-taken", detail: "a member of \(team) by now")
            }
            let member = TeamMember(team: team.id, user: account.id, role: .member, managedBy: directory)
            try insert(.teamMember(member), reason: reason)
        case .promoteToSystemAdmin:
            after.isSystemAdmin = true
            try update(.account(account), to: .account(after), reason: reason)
        }
    }

    private func remove(
        _ removal: SyncChange.Removal, from account: Account, directory: String, reason: String
    ) throws(AccessError) {
        var after = account
        switch removal {
        case .demoteFromSystemAdmin:
            after.isSystemAdmin = false
            try update(.account(account), to: .account(after), reason: reason)
        case .deactivate:
            after.isActive = false
            try update(.account(account), to: .account(after), reason: reason)
            try revokeTokens(of: account, reason: reason)
        case .removeFromTeam(let team):
            guard let member = try writer.member(account.id, of: team.id)?.value, member.managedBy == directory else {
                throw .notFound(kind: "member", name: "of \(team)")
            }
            try delete(.teamMember(member), reason: reason)
        case .demoteFromOwner(let organization):
            try setRole(.member, of: account, in: organization, directory: directory, reason: reason)
        case .removeFromOrganization(let organization):
            try leave(
                try managedMembership(of: account, in: organization, directory: directory), keepDirectGrants: false,
                reason: reason)
        }
    }

    private func setRole(
        _ role: OrganizationMember.Role, of account: Account, in organization: SyncOrganization, directory: String,
        reason: String
    ) throws(AccessError) {
        let before = try managedMembership(of: account, in: organization, directory: directory)
        var after = before
        after.role = role
        try update(.organizationMember(before), to: .organizationMember(after), reason: reason)
    }

    private func managedMembership(
        of account: Account, in organization: SyncOrganization, directory: String
    ) throws(AccessError) -> OrganizationMember {
        guard let member = try writer.member(account.id, of: organization.id)?.value, member.managedBy == directory
        else {
            throw .notFound(kind: "member", name: "of \(organization)")
        }
        return member
    }
}
