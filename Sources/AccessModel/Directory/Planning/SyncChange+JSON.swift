/// A change as one flat row: the JSON of plans, and what their canonical text is written from.
package struct SyncChangeRecord: Hashable, Codable {
    package var action: SyncChange.Kind
    package var externalID: String?
    package var accountID: AccountID?
    package var login: AccountName?
    package var newLogin: AccountName?
    package var newName: AccountName?
    package var fullName: String?
    package var email: String?
    package var principalName: String?
    package var dn: String?
    package var active: Bool?
    package var gone: Bool?
    package var organization: AccountName?
    package var organizationID: AccountID?
    package var team: TeamName?
    package var teamID: TeamID?
    package var role: OrganizationMember.Role?
    package var reason: String

    enum CodingKeys: String, CodingKey, CaseIterable {
        case action, login, email, dn, active, gone, team, role, reason
        case organization = "org"
        case externalID = "external_id"
        case accountID = "account_id"
        case newLogin = "new_login"
        case newName = "new_name"
        case fullName = "full_name"
        case principalName = "principal_name"
        case organizationID = "org_id"
        case teamID = "team_id"
    }

    package init(action: SyncChange.Kind) {
        self.action = action
        reason = ""
    }

    /// With what the action itself says.
    package init(action: SyncChange.Action) {
        // Each case sets its own word.
        self.init(action: .markBack)
        switch action {
        case .adding(let addition): set(addition)
        case .removing(let removal): set(removal)
        }
    }

    package init(_ change: SyncChange) {
        self.init(action: change.action)
        externalID = change.person?.externalID
        accountID = change.person?.accountID
        login = change.person?.login
        reason = change.reason
    }

    private mutating func set(_ addition: SyncChange.Addition) {
        switch addition {
        case .createUser(let name, let profile, let isActive):
            action = .createUser
            newName = name
            active = isActive
            set(profile)
        case .rename(let login, let name):
            action = .rename
            newLogin = login
            newName = name
        case .updateProfile(let profile):
            action = .updateProfile
            set(profile)
        case .markBack:
            action = .markBack
        case .reactivate:
            action = .reactivate
        case .addToOrganization(let organization, let role):
            action = .addToOrganization
            self.role = role
            set(organization)
        case .promoteToOwner(let organization):
            action = .promoteToOwner
            set(organization)
        case .addToTeam(let team):
            action = .addToTeam
            set(team)
        case .promoteToSystemAdmin:
            action = .promoteToSystemAdmin
        case .createOrganization(let organization):
            action = .createOrganization
            set(organization)
        case .createTeam(let team):
            action = .createTeam
            set(team)
        }
    }

    private mutating func set(_ removal: SyncChange.Removal) {
        switch removal {
        case .demoteFromSystemAdmin:
            action = .demoteFromSystemAdmin
        case .removeFromTeam(let team):
            action = .removeFromTeam
            set(team)
        case .demoteFromOwner(let organization):
            action = .demoteFromOwner
            set(organization)
        case .removeFromOrganization(let organization):
            action = .removeFromOrganization
            set(organization)
        case .deactivate(let isGone):
            action = .deactivate
            gone = isGone ? true : nil
        case .markGone:
            action = .markGone
        case .deprovision:
            action = .deprovision
        case .deleteUser:
            action = .deleteUser
        }
    }

    private mutating func set(_ profile: SyncProfile) {
        fullName = profile.fullName
        email = profile.email
        principalName = profile.principalName
        dn = profile.dn
    }

    private mutating func set(_ organization: SyncOrganization) {
        self.organization = organization.name
        organizationID = organization.id
    }

    private mutating func set(_ team: SyncTeam) {
        self.team = team.name
        teamID = team.id
        set(team.organization)
    }

    var person: SyncPerson? {
        login.map { SyncPerson(externalID: externalID, accountID: accountID, login: $0) }
    }

    private var profile: SyncProfile? {
        guard let fullName, let dn else { return nil }
        return SyncProfile(fullName: fullName, email: email, principalName: principalName, dn: dn)
    }

    private var place: SyncOrganization? {
        organization.map { SyncOrganization(id: organizationID, name: $0) }
    }

    private var group: SyncTeam? {
        guard let team, let place else { return nil }
        return SyncTeam(id: teamID, name: team, organization: place)
    }

    /// nil if a member that the action needs is missing.
    var change: SyncChange.Action? {
        switch action {
        case .createUser:
            guard let newName, let profile, let active else { return nil }
            return .adding(.createUser(name: newName, profile: profile, isActive: active))
        case .rename: return newLogin.map { .adding(.rename(login: $0, name: newName)) }
        case .updateProfile: return profile.map { .adding(.updateProfile($0)) }
        case .markBack: return .adding(.markBack)
        case .reactivate: return .adding(.reactivate)
        case .addToOrganization:
            guard let place, let role else { return nil }
            return .adding(.addToOrganization(place, role: role))
        case .promoteToOwner: return place.map { .adding(.promoteToOwner($0)) }
        case .addToTeam: return group.map { .adding(.addToTeam($0)) }
        case .promoteToSystemAdmin: return .adding(.promoteToSystemAdmin)
        case .demoteFromSystemAdmin: return .removing(.demoteFromSystemAdmin)
        case .removeFromTeam: return group.map { .removing(.removeFromTeam($0)) }
        case .demoteFromOwner: return place.map { .removing(.demoteFromOwner($0)) }
        case .removeFromOrganization: return place.map { .removing(.removeFromOrganization($0)) }
        case .deactivate: return .removing(.deactivate(isGone: gone ?? false))
        case .markGone: return .removing(.markGone)
        case .deprovision: return .removing(.deprovision)
        case .deleteUser: return .removing(.deleteUser)
        case .createOrganization: return place.map { .adding(.createOrganization($0)) }
        case .createTeam: return group.map { .adding(.createTeam($0)) }
        }
    }

    /// `member=value` pairs in a fixed order, separated by tabs; absent members are left out.
    var canonicalText: String {
        let values: [(CodingKeys, String?)] = [
            (.action, action.rawValue), (.externalID, externalID), (.accountID, accountID?.rawValue),
            (.login, login?.rawValue),
            (.newLogin, newLogin?.rawValue), (.newName, newName?.rawValue), (.fullName, fullName), (.email, email),
            (.principalName, principalName), (.dn, dn), (.active, active.map { $0 ? "true" : "false" }),
            (.gone, gone.map { $0 ? "true" : "false" }), (.organization, organization?.rawValue),
            (.organizationID, organizationID?.rawValue), (.team, team?.rawValue), (.teamID, teamID?.rawValue),
            (.role, role?.rawValue), (.reason, reason),
        ]
        return values.compactMap { key, value in value.map { "\(key.rawValue)=\($0.canonicallyEscaped)" } }
            .joined(separator: "\t")
    }
}

extension String {
    /// With `\\`, `\t` and `\n` for the characters that separate members and lines.
    var canonicallyEscaped: String {
        guard utf8.contains(where: { $0 == 0x5C || $0 == 0x09 || $0 == 0x0A }) else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\\": text += #"\\"#
            case "\t": text += #"\t"#
            case "\n": text += #"\n"#
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}

extension SyncChange {
    /// The word that stands for an action in JSON.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case createUser = "create-user"
        case rename
        case updateProfile = "update-profile"
        case markBack = "mark-back"
        case reactivate
        case addToOrganization = "add-to-organization"
        case promoteToOwner = "promote-to-owner"
        case addToTeam = "add-to-team"
        case promoteToSystemAdmin = "promote-to-system-admin"
        case createOrganization = "create-organization"
        case createTeam = "create-team"
        case demoteFromSystemAdmin = "demote-from-system-admin"
        case removeFromTeam = "remove-from-team"
        case demoteFromOwner = "demote-from-owner"
        case removeFromOrganization = "remove-from-organization"
        case deactivate
        case markGone = "mark-gone"
        case deprovision
        case deleteUser = "delete-user"
    }

    public var kind: Kind { SyncChangeRecord(action: action).action }
}

extension SyncChange: Codable {
    /// Flat: `{"action":"add-to-team","external_id":…,"account_id":…,"login":"elton",
    /// "org":"nerd-dinner","team":"ops",…,"reason":…}`. What does not apply is absent.
    public func encode(to encoder: any Encoder) throws { try SyncChangeRecord(self).encode(to: encoder) }

    public init(from decoder: any Decoder) throws {
        let record = try SyncChangeRecord(from: decoder)
        guard let change = SyncChange(record) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "\"\(record.action.rawValue)\" is no complete change of a plan"))
        }
        self = change
    }

    /// One line that is the same for equal changes and no others.
    public var canonicalText: String { SyncChangeRecord(self).canonicalText }
}
