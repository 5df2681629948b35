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
        _ dn: String, _ members: [String], sid: String? = nil, reading: Completeness = .complete
    ) -> DirectoryGroup {
        DirectoryGroup(
            externalID: "group \(dn)", dn: dn, sid: sid, members: members.map { .dn($0) }, membersReading: reading)
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

    static func plan(
        _ snapshot: DirectorySnapshot, _ rules: [DirectorySettings.Rule], _ state: DirectoryState
    ) -> SyncPlan {
        SyncPlan(directory: ResolvedDirectory(snapshot, settings: settings(rules)), state: state)
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
    mutating func apply(_ changes: [SyncChange]) {
        for change in changes {
            let id = account(change.person.externalID)?.id ?? AccountID(rawValue: "new-\(change.person.externalID)")
            switch change.action {
            case .adding(let addition): apply(addition, to: change.person, id)
            case .removing(let removal): apply(removal, to: change.person, id)
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

    private mutating func apply(_ addition: SyncChange.Addition, to person: SyncPerson, _ id: AccountID) {
        switch addition {
        case .createUser(let name, let profile, let isActive):
            let link = DirectoryLink(directory: directory, externalID: person.externalID, dn: profile.dn)
            accounts.append(
                LinkedAccount(
                    account: Account(
                        id: id, kind: .user, name: name, fullName: profile.fullName, email: profile.email,
                        isActive: isActive, directory: link)))
        case .rename(let login, let name):
            change(person.externalID) {
                $0.login = login
                $0.name = name ?? $0.name
            }
        case .updateProfile(let profile):
            change(person.externalID) {
                $0.fullName = profile.fullName
                $0.email = profile.email
                $0.directory?.dn = profile.dn
            }
        case .reactivate: change(person.externalID) { $0.isActive = true }
        case .addToOrganization(let organization, let role):
            organizationMembers.append(.init(organization: organization.id, user: id, role: role, managedBy: directory))
        case .promoteToOwner(let organization): setRole(.owner, of: id, in: organization)
        case .addToTeam(let team):
            teamMembers.append(.init(team: team.id, user: id, role: .member, managedBy: directory))
        case .promoteToSystemAdmin: change(person.externalID) { $0.isSystemAdmin = true }
        }
    }

    private mutating func apply(_ removal: SyncChange.Removal, to person: SyncPerson, _ id: AccountID) {
        switch removal {
        case .demoteFromSystemAdmin: change(person.externalID) { $0.isSystemAdmin = false }
        case .removeFromTeam(let team): teamMembers.removeAll { $0.team == team.id && $0.user == id }
        case .demoteFromOwner(let organization): setRole(.member, of: id, in: organization)
        case .removeFromOrganization(let organization):
            organizationMembers.removeAll { $0.organization == organization.id && $0.user == id }
            let left = Set(teams.filter { $0.organization == organization.id }.map(\.id))
            teamMembers.removeAll { left.contains($0.team) && $0.user == id }
        case .deactivate: change(person.externalID) { $0.isActive = false }
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
            }
        return "\(words) \(person.login)"
    }
}
