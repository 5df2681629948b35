import AccessModel

/// Applies changes of a plan, each of which must still fit: all or nothing.
struct ApplySyncChanges: Command {
    let directory: String
    let changes: [SyncChange]

    func perform(in context: WriteContext) throws(AccessError) -> Int {
        var made = MadeHere()
        let settings = try context.writer.directory(named: directory)?.value.settings
        made.removesLocalMembers = settings?.localMembers == .remove
        do throws(AccessError) {
            for change in changes { try apply(change, in: context, &made) }
            try context.writer.settle()
        } catch {
            // What the engine refuses is known some changes later.
            guard error.isConstraint else { throw error }
            throw .planLapsed("\(error)")
        }
        return changes.count
    }

    private func apply(
        _ change: SyncChange, in context: WriteContext, _ made: inout MadeHere
    ) throws(AccessError) {
        do throws(AccessError) {
            try context.apply(change, of: directory, made: &made)
        } catch {
            guard error.isAboutInput else { throw error }
            throw .planLapsed("\(change.subject): \(error)")
        }
    }
}

extension AccessError {
    /// What a plan would take has changed since it was made.
    fileprivate static func stateMoved(_ account: Account, _ what: String) -> AccessError {
        .conflict(code: .wrongState, detail: "\(account.name) is \(what) by now")
    }

    fileprivate static func planLapsed(_ what: String) -> AccessError {
        .conflict(
            code: .planLapsed, detail: "the state has moved since this was planned (\(what)): plan again")
    }

    /// Two made the same thing: what is not looked up before is refused by the engine.
    fileprivate var isConstraint: Bool { if case .storage(.constraint) = self { true } else { false } }
}

/// What earlier changes of the same plan made, by the names that the plan has for it, and what
/// is known of the rows, so that a plan of many changes asks once for each of them.
private struct MadeHere {
    var users: [String: AccountID] = [:]
    var organizations: [AccountName: AccountID] = [:]
    var teams: [SyncTeam: TeamID] = [:]
    var accounts: [AccountID: Account] = [:]
    /// Who has just been made active again, and since when they were inactive.
    var inactiveSince: [AccountID: Timestamp] = [:]
    var knownTeams: Set<TeamID> = []
    var retiredNames: Set<AccountName>?
    /// Whether teams keep no local members, so that plans name those too.
    var removesLocalMembers = false

    func id(_ organization: SyncOrganization) throws(AccessError) -> AccountID {
        guard let id = organization.id ?? organizations[organization.name] else {
            throw .notFound(kind: "organisation", name: organization.description)
        }
        return id
    }

    func id(_ team: SyncTeam) throws(AccessError) -> TeamID {
        guard let id = team.id ?? teams[team] else { throw .notFound(kind: "team", name: team.description) }
        return id
    }
}

extension SyncChange {
    /// Whom or what it concerns, for sentences.
    fileprivate var subject: String {
        if let person { return person.login.rawValue }
        switch addition {
        case .createOrganization(let organization): return organization.description
        case .createTeam(let team): return team.description
        default: return ""
        }
    }

    /// Whether people of another directory and local users may be concerned: memberships are a
    /// directory's own, whoever the member is.
    fileprivate var isMembership: Bool {
        switch action {
        case .adding(.addToOrganization), .adding(.addToTeam), .adding(.promoteToOwner), .removing(.removeFromTeam),
            .removing(.removeFromOrganization), .removing(.demoteFromOwner):
            true
        default: false
        }
    }
}

extension WriteContext {
    fileprivate func apply(
        _ change: SyncChange, of directory: String, made: inout MadeHere
    ) throws(AccessError) {
        switch (change.person, change.action) {
        case (let person?, .adding(.createUser(let name, let profile, let isActive))):
            try requireFreeName(name, &made)
            let account = Account.made(
                newIdentifier(), name, profile, isActive: isActive, directory, externalID: person.externalID ?? "")
            try insert(.account(account), reason: change.reason)
            made.users[person.externalID ?? ""] = account.id
            made.accounts[account.id] = account
        case (let person?, .adding(let addition)):
            let account = try account(of: person, for: change, directory, &made)
            try add(addition, to: account, directory: directory, made: &made, reason: change.reason)
        case (let person?, .removing(let removal)):
            let account = try account(of: person, for: change, directory, &made)
            made.accounts[account.id] = nil
            try remove(removal, from: account, directory: directory, made: made, reason: change.reason)
        case (nil, .adding(.createOrganization(let organization))):
            try requireFreeName(organization.name)
            let account = Account(
                id: newIdentifier(), kind: .organization, name: organization.name, managedBy: directory)
            try insert(.account(account), reason: change.reason)
            made.organizations[organization.name] = account.id
        case (nil, .adding(.createTeam(let planned))):
            let place = try made.id(planned.organization)
            guard try row(ofTeam: planned.name, in: place) == nil else {
                throw .conflict(code: .nameTaken, detail: "there is a team \(planned) by now")
            }
            let team = Team(id: newIdentifier(), organization: place, name: planned.name, managedBy: directory)
            try insert(.team(team), reason: change.reason)
            made.teams[planned] = team.id
        case (nil, _):
            throw .storage(.failed("a change of a plan concerns nobody"))
        }
    }

    /// Refuses a name that an account has or had. A login that is taken is refused by the engine.
    private func requireFreeName(_ name: AccountName, _ made: inout MadeHere) throws(AccessError) {
        if made.retiredNames == nil { made.retiredNames = Set(try writer.retiredNames(.all).map(\.name)) }
        let isRetired = made.retiredNames?.contains(name) ?? false
        // With the words for which of them it is.
        guard graph.accountID(named: name) == nil, !isRetired else { return try requireFreeName(name) }
    }

    private func account(
        of person: SyncPerson, for change: SyncChange, _ directory: String, _ made: inout MadeHere
    ) throws(AccessError) -> Account {
        let id = person.accountID ?? person.externalID.flatMap { made.users[$0] }
        var known = id.flatMap { made.accounts[$0] }
        if known == nil, let id { known = try writer.account(id)?.value }
        guard let account = known, account.directory?.externalID == person.externalID,
            account.directory?.directory == directory || change.isMembership
        else { throw .notFound(kind: "user", name: person.login.rawValue) }
        made.accounts[account.id] = account
        return account
    }

    private func add(
        _ addition: SyncChange.Addition, to account: Account, directory: String, made: inout MadeHere, reason: String
    ) throws(AccessError) {
        var after = account
        defer { made.accounts[account.id] = after }
        switch addition {
        case .createUser, .createOrganization, .createTeam:
            throw .conflict(code: .nameTaken, detail: "the account is there already")
        case .rename(let login, let name):
            if let name, name != account.name, name != account.login { try requireFreeName(name) }
            if name == nil, login != account.name, try writer.user(withLogin: login) != nil {
                throw .conflict(code: .nameTaken, detail: "somebody else logs in as \"\(login)\"")
            }
            after.login = login
            if let name { after.name = name }
            try update(.account(account), to: .account(after), reason: reason)
        case .updateProfile(let profile):
            after.fullName = profile.fullName
            after.email = profile.email
            after.directory?.dn = profile.dn
            after.directory?.principalName = profile.principalName
            try update(.account(account), to: .account(after), reason: reason)
        case .markBack:
            after.directory?.goneSince = nil
            try update(.account(account), to: .account(after), reason: reason)
        case .reactivate:
            made.inactiveSince[account.id] = try lastDeactivation(of: account)
            after.isActive = true
            after.directory?.isResting = false
            try update(.account(account), to: .account(after), reason: reason)
        case .addToOrganization(let organization, let role):
            let place = try made.id(organization)
            let member = OrganizationMember(organization: place, user: account.id, role: role, managedBy: directory)
            try insert(.organizationMember(member), reason: reason)
        case .promoteToOwner(let organization):
            try setRole(.owner, of: account, in: try made.id(organization), directory: directory, reason: reason)
        case .addToTeam(let team):
            let id = try made.id(team)
            if !made.knownTeams.contains(id) {
                guard try writer.team(id) != nil else { throw .notFound(kind: "team", name: team.description) }
                made.knownTeams.insert(id)
            }
            let role = try made.inactiveSince[account.id].flatMap { (since) throws(AccessError) in
                try roleThatRested(of: account, in: id, since: since)
            }
            let member = TeamMember(team: id, user: account.id, role: role ?? .member, managedBy: directory)
            try insert(.teamMember(member), reason: reason)
        case .promoteToSystemAdmin:
            after.isSystemAdmin = true
            try update(.account(account), to: .account(after), reason: reason)
        }
    }

    private func remove(
        _ removal: SyncChange.Removal, from account: Account, directory: String, made: MadeHere, reason: String
    ) throws(AccessError) {
        var after = account
        switch removal {
        case .demoteFromSystemAdmin:
            after.isSystemAdmin = false
            try update(.account(account), to: .account(after), reason: reason)
        case .deactivate(let isGone):
            guard account.isActive || account.directory?.isResting == true && !isGone else {
                throw .stateMoved(account, "inactive already")
            }
            after.isActive = false
            if isGone { after.directory?.goneSince = now }
            after.directory?.isResting = isGone
            try update(.account(account), to: .account(after), reason: reason)
            if !isGone { try revokeTokens(of: .user(account.id), reason: reason) }
        case .markGone:
            guard !account.isActive, account.directory?.goneSince == nil else {
                throw .stateMoved(account, "active, or marked already")
            }
            after.directory?.goneSince = now
            after.directory?.isResting = true
            try update(.account(account), to: .account(after), reason: reason)
        case .deprovision:
            guard !account.isActive, account.directory?.isResting == true else {
                throw .stateMoved(account, "back in the directory, or gone for good already")
            }
            after.directory?.isResting = false
            try update(.account(account), to: .account(after), reason: reason)
            try deprovision(after, reason: reason)
        case .deleteUser:
            guard !account.isActive, account.directory?.goneSince != nil else {
                throw .stateMoved(account, "back in the directory")
            }
            try delete(user: account, deleteRepositories: false, deleteCollections: false, reason: reason)
        case .removeFromTeam(let team):
            guard let member = try writer.member(account.id, of: try made.id(team))?.value,
                member.managedBy == directory || member.managedBy == nil && made.removesLocalMembers
            else { throw .notFound(kind: "member of", name: "\(team)") }
            try delete(.teamMember(member), reason: reason)
        case .demoteFromOwner(let organization):
            try setRole(.member, of: account, in: try made.id(organization), directory: directory, reason: reason)
        case .removeFromOrganization(let organization):
            try leave(
                try managedMembership(of: account, in: try made.id(organization), directory: directory),
                keepDirectGrants: false, reason: reason)
        }
    }

    private func setRole(
        _ role: OrganizationMember.Role, of account: Account, in organization: AccountID, directory: String,
        reason: String
    ) throws(AccessError) {
        let before = try managedMembership(of: account, in: organization, directory: directory)
        var after = before
        after.role = role
        try update(.organizationMember(before), to: .organizationMember(after), reason: reason)
    }

    private func managedMembership(
        of account: Account, in organization: AccountID, directory: String
    ) throws(AccessError) -> OrganizationMember {
        guard let member = try writer.member(account.id, of: organization)?.value, member.managedBy == directory
        else { throw .notFound(kind: "member of", name: "the organisation") }
        return member
    }
}

// MARK: What rests while somebody is inactive

extension WriteContext {
    /// When an account became inactive; nil where nothing rests since.
    private func lastDeactivation(of account: Account) throws(AccessError) -> Timestamp? {
        var end = try writer.revision()
        while let entry = try writer.lastChange(of: Fact.account(account).key, upTo: end) {
            guard case .account(let before)? = entry.change.before, case .account(let after)? = entry.change.after
            else { return nil }
            if before.isActive { return entry.time }
            let isDeprovisioned = before.directory?.isResting == true && after.directory?.isResting == false
            if isDeprovisioned, after.directory?.goneSince != nil { return nil }
            end = entry.revision - 1
        }
        return nil
    }

    /// The role in a team that somebody had when they left it for being inactive.
    private func roleThatRested(
        of account: Account, in team: TeamID, since: Timestamp
    ) throws(AccessError) -> TeamMember.Role? {
        let key = Fact.teamMember(TeamMember(team: team, user: account.id, role: .member)).key
        guard let entry = try writer.lastChange(of: key, upTo: try writer.revision()), entry.time >= since,
            entry.change.after == nil, case .teamMember(let member)? = entry.change.before
        else { return nil }
        return member.role
    }

    /// Takes all that an account has but its repositories, and its role where no other owner is active.
    private func deprovision(_ account: Account, reason: String) throws(AccessError) {
        for membership in try writer.organizations(of: account.id) {
            if membership.role == .owner, try writer.activeOwnerCount(of: membership.organization) == 0 { continue }
            try leave(membership, keepDirectGrants: false, reason: reason)
        }
        for membership in try writer.teams(of: account.id) { try delete(.teamMember(membership), reason: reason) }
        for grant in try writer.grants(to: .user(account.id)) { try delete(.grant(grant.value), reason: reason) }
        try deleteControlGrants(to: .user(account.id), reason: reason)
        for service in try writer.serviceAccounts(of: account.id) {
            try delete(serviceAccount: service.value, reason: reason)
        }
        try revokeTokens(of: .user(account.id), reason: reason)
        guard account.isSystemAdmin else { return }
        var after = account
        after.isSystemAdmin = false
        try update(.account(account), to: .account(after), reason: reason)
    }
}

extension Account {
    /// The account of a person of a directory.
    static func made(
        _ id: AccountID, _ name: AccountName, _ profile: SyncProfile, isActive: Bool, _ directory: String,
        externalID: String
    ) -> Account {
        Account(
            id: id, kind: .user, name: name, fullName: profile.fullName, email: profile.email, isActive: isActive,
            directory: DirectoryLink(
                directory: directory, externalID: externalID, dn: profile.dn, principalName: profile.principalName))
    }
}
