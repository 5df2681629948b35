import AccessModel

/// A small company: `nerd-dinner` with teams `ops` and `web`, fed by groups.
enum Company {
    static let name = "corp"
    static let nerdDinner = AccountID(rawValue: "org-nerd-dinner")
    static let ops = TeamID(rawValue: "team-ops")
    static let web = TeamID(rawValue: "team-web")
    static let opsDN = "CN=Registry Ops,OU=Groups,DC=corp,DC=example,DC=com"
    static let ownersDN = "CN=Owners,OU=Groups,DC=corp,DC=example,DC=com"
    static let adminsDN = "CN=Admins,OU=Groups,DC=corp,DC=example,DC=com"

    static func settings(_ rules: [DirectorySettings.Rule]) -> DirectorySettings {
        DirectorySettings(
            preset: .activeDirectory, urls: ["ldaps://dc1.corp.example.com"], tls: .init(mode: .ldaps), bind: nil,
            users: .init(base: "OU=People,DC=corp,DC=example,DC=com", filter: "(objectClass=user)"),
            groups: .init(base: "OU=Groups,DC=corp,DC=example,DC=com", filter: "(objectClass=group)"),
            attributes: .init(login: "sAMAccountName", fullName: "displayName", email: "mail", member: "member"),
            rules: rules)
    }

    static func feedsOps(_ group: String = opsDN) throws -> DirectorySettings.Rule {
        .init(group: group, feeds: .team(organization: try AccountName("nerd-dinner"), team: try TeamName("ops")))
    }

    static func feedsOwners(_ group: String = ownersDN) throws -> DirectorySettings.Rule {
        .init(group: group, feeds: .organization(try AccountName("nerd-dinner"), role: .owner))
    }

    static func dn(_ login: String) -> String { "CN=\(login),OU=People,DC=corp,DC=example,DC=com" }

    static func person(_ login: String, id: String? = nil, inactive: String? = nil) -> DirectoryUser {
        DirectoryUser(
            externalID: id ?? "id-\(login)", dn: dn(login), login: login, fullName: login, inactiveReason: inactive)
    }

    static func group(
        _ dn: String, _ members: [String], primaryID: String? = nil, reading: Completeness = .complete
    ) -> DirectoryGroup {
        DirectoryGroup(
            externalID: "group \(dn)", dn: dn, primaryID: primaryID, members: members.map { .dn($0) },
            membersReading: reading)
    }

    static func emptyState() throws -> DirectoryState {
        DirectoryState(
            directory: name, organizations: [try AccountName("nerd-dinner"): nerdDinner],
            teams: [
                Team(id: ops, organization: nerdDinner, name: try TeamName("ops")),
                Team(id: web, organization: nerdDinner, name: try TeamName("web")),
            ])
    }

    /// The state after a first synchronisation of `snapshot`.
    static func synchronised(_ snapshot: DirectorySnapshot, _ rules: [DirectorySettings.Rule]) throws -> DirectoryState
    {
        var state = try emptyState()
        state.apply(plan(snapshot, rules, state).changes)
        return state
    }

    /// When everything is resolved, unless a test says otherwise.
    static let now = Timestamp(seconds: 1_772_323_200)

    static func plan(
        _ snapshot: DirectorySnapshot, _ rules: [DirectorySettings.Rule], _ state: DirectoryState
    ) -> SyncPlan {
        plan(snapshot, settings(rules), state)
    }

    static func plan(
        _ snapshot: DirectorySnapshot, _ settings: DirectorySettings, _ state: DirectoryState, at now: Timestamp = now
    ) -> SyncPlan {
        SyncPlan(directory: ResolvedDirectory(snapshot, settings: settings, now: now), state: state)
    }
}

extension DirectoryState {
    func account(_ externalID: String) -> Account? {
        accounts.first { $0.account.directory?.externalID == externalID }?.account
    }

    private mutating func change(_ externalID: String, _ body: (inout Account) -> Void) {
        for index in accounts.indices where accounts[index].account.directory?.externalID == externalID {
            body(&accounts[index].account)
        }
    }

    /// What a store does with a plan, on values.
    mutating func apply(_ changes: [SyncChange], at now: Timestamp = Company.now) {
        for change in changes {
            switch change.action {
            case .adding(.createOrganization(let place)): make(place)
            case .adding(.createTeam(let team)): make(team)
            case .adding(let addition):
                guard let person = change.person, let externalID = person.externalID else { continue }
                let id = person.accountID ?? account(externalID)?.id ?? AccountID(rawValue: "new-\(externalID)")
                apply(addition, to: externalID, id)
            case .removing(let removal):
                guard let person = change.person, let id = person.accountID else { continue }
                apply(removal, to: id, at: now)
            }
        }
        let active = accounts.map(\.account).filter(\.isActive)
        let ours = Set(accounts.map(\.account.id))
        activeSystemAdmins.subtract(ours)
        activeSystemAdmins.formUnion(active.filter(\.isSystemAdmin).map(\.id))
        for organization in organizations.values {
            let owners = organizationMembers.filter { $0.organization == organization && $0.role == .owner }.map(\.user)
            activeOwners[organization, default: []].subtract(ours)
            activeOwners[organization, default: []].formUnion(Set(owners).intersection(active.map(\.id)))
        }
    }

    private mutating func make(_ place: SyncOrganization) {
        let id = AccountID(rawValue: "org-\(place.name)")
        organizations[place.name] = id
        managedOrganizations.insert(id)
    }

    private mutating func make(_ team: SyncTeam) {
        guard let place = organizations[team.organization.name] else { return }
        teams.append(
            Team(id: TeamID(rawValue: "team-\(team)"), organization: place, name: team.name, managedBy: directory))
    }

    /// Of a place that the plan may have made.
    private func id(_ place: SyncOrganization) -> AccountID {
        place.id ?? organizations[place.name] ?? AccountID(rawValue: "")
    }

    private func id(_ team: SyncTeam) -> TeamID {
        let place = id(team.organization)
        return team.id ?? teams.first { $0.organization == place && $0.name == team.name }?.id ?? TeamID(rawValue: "")
    }

    private mutating func apply(_ addition: SyncChange.Addition, to externalID: String, _ account: AccountID) {
        switch addition {
        case .createUser(let name, let profile, let isActive):
            let link = DirectoryLink(
                directory: directory, externalID: externalID, dn: profile.dn, principalName: profile.principalName)
            accounts.append(
                LinkedAccount(
                    account: Account(
                        id: account, kind: .user, name: name, fullName: profile.fullName, email: profile.email,
                        isActive: isActive, directory: link)))
        case .rename(let login, let name):
            change(externalID) {
                $0.login = login
                $0.name = name ?? $0.name
            }
        case .updateProfile(let profile):
            change(externalID) {
                $0.fullName = profile.fullName
                $0.email = profile.email
                $0.directory?.dn = profile.dn
                $0.directory?.principalName = profile.principalName
            }
        case .markBack: change(externalID) { $0.directory?.goneSince = nil }
        case .reactivate:
            change(externalID) {
                $0.isActive = true
                $0.directory?.isResting = false
            }
        case .addToOrganization(let organization, let role):
            organizationMembers.append(
                .init(organization: id(organization), user: account, role: role, managedBy: directory))
        case .promoteToOwner(let organization): setRole(.owner, of: account, in: organization)
        case .addToTeam(let team):
            teamMembers.append(.init(team: id(team), user: account, role: .member, managedBy: directory))
        case .promoteToSystemAdmin: change(externalID) { $0.isSystemAdmin = true }
        case .createOrganization, .createTeam: break
        }
    }

    private mutating func apply(_ removal: SyncChange.Removal, to account: AccountID, at now: Timestamp) {
        let externalID = accounts.first { $0.account.id == account }?.account.directory?.externalID ?? ""
        switch removal {
        case .demoteFromSystemAdmin: change(externalID) { $0.isSystemAdmin = false }
        case .removeFromTeam(let team): teamMembers.removeAll { $0.team == team.id && $0.user == account }
        case .demoteFromOwner(let organization): setRole(.member, of: account, in: organization)
        case .removeFromOrganization(let organization):
            organizationMembers.removeAll { $0.organization == organization.id && $0.user == account }
            let left = Set(teams.filter { $0.organization == organization.id }.map(\.id))
            teamMembers.removeAll { left.contains($0.team) && $0.user == account }
        case .deactivate(let isGone):
            change(externalID) {
                $0.isActive = false
                if isGone { $0.directory?.goneSince = now }
                $0.directory?.isResting = isGone
            }
        case .markGone:
            change(externalID) {
                $0.directory?.goneSince = now
                $0.directory?.isResting = true
            }
        case .deprovision:
            change(externalID) {
                $0.directory?.isResting = false
                $0.isSystemAdmin = false
            }
            organizationMembers.removeAll {
                $0.user == account && ($0.role == .member || !(activeOwners[$0.organization] ?? []).isEmpty)
            }
            teamMembers.removeAll { $0.user == account }
        case .deleteUser:
            accounts.removeAll { $0.account.id == account }
            organizationMembers.removeAll { $0.user == account }
            teamMembers.removeAll { $0.user == account }
        }
    }

    private mutating func setRole(
        _ role: OrganizationMember.Role, of user: AccountID, in organization: SyncOrganization
    ) {
        for index in organizationMembers.indices
        where organizationMembers[index].user == user && organizationMembers[index].organization == organization.id {
            organizationMembers[index].role = role
        }
    }
}

extension SyncChange {
    /// `remove-from-team elton nerd-dinner/ops`, short enough for a table of expectations.
    var summary: String {
        let words =
            switch action {
            case .adding(.createUser(_, _, let isActive)): isActive ? "create" : "create inactive"
            case .adding(.rename(let login, let name)): name == nil ? "login \(login) for" : "name \(login) for"
            case .adding(.updateProfile): "update"
            case .adding(.markBack): "back"
            case .adding(.reactivate): "reactivate"
            case .adding(.addToOrganization(let place, let role)): "join \(place) as \(role.rawValue):"
            case .adding(.promoteToOwner(let place)): "own \(place):"
            case .adding(.addToTeam(let team)): "join \(team):"
            case .adding(.promoteToSystemAdmin): "administrate:"
            case .removing(.demoteFromSystemAdmin): "no administrator:"
            case .removing(.removeFromTeam(let team)): "leave \(team):"
            case .removing(.demoteFromOwner(let place)): "no owner of \(place):"
            case .removing(.removeFromOrganization(let place)): "leave \(place):"
            case .removing(.deactivate): "deactivate"
            case .removing(.markGone): "gone"
            case .removing(.deprovision): "deprovision"
            case .removing(.deleteUser): "delete"
            case .adding(.createOrganization(let place)): "make \(place)"
            case .adding(.createTeam(let team)): "make \(team)"
            }
        return person.map { "\(words) \($0.login)" } ?? words
    }
}
