/// A change as one flat row: the JSON of plans, and what their canonical text is written from.
package struct SyncChangeRecord: Hashable, Codable {
    package var action: String
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
        case action, login, email, dn, active, gone, organization, team, role, reason
        case externalID = "external_id"
        case accountID = "account_id"
        case newLogin = "new_login"
        case newName = "new_name"
        case fullName = "full_name"
        case principalName = "principal_name"
        case organizationID = "organization_id"
        case teamID = "team_id"
    }

    package init(action: String) {
        self.action = action
        reason = ""
    }

    /// With what the action itself says.
    package init(action: SyncChange.Action) {
        self.init(action: "")
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
            action = "create-user"
            newName = name
            active = isActive
            set(profile)
        case .rename(let login, let name):
            action = "rename"
            newLogin = login
            newName = name
        case .updateProfile(let profile):
            action = "update-profile"
            set(profile)
        case .markBack:
            action = "mark-back"
        case .reactivate:
            action = "reactivate"
        case .addToOrganization(let organization, let role):
            action = "add-to-organization"
            self.role = role
            set(organization)
        case .promoteToOwner(let organization):
            action = "promote-to-owner"
            set(organization)
        case .addToTeam(let team):
            action = "add-to-team"
            set(team)
        case .promoteToSystemAdmin:
            action = "promote-to-system-admin"
        case .createOrganization(let organization):
            action = "create-organization"
            set(organization)
        case .createTeam(let team):
            action = "create-team"
            set(team)
        }
    }

    private mutating func set(_ removal: SyncChange.Removal) {
        switch removal {
        case .demoteFromSystemAdmin:
            action = "demote-from-system-admin"
        case .removeFromTeam(let team):
            action = "remove-from-team"
            set(team)
        case .demoteFromOwner(let organization):
            action = "demote-from-owner"
            set(organization)
        case .removeFromOrganization(let organization):
            action = "remove-from-organization"
            set(organization)
        case .deactivate(let isGone):
            action = "deactivate"
            gone = isGone ? true : nil
        case .markGone:
            action = "mark-gone"
        case .deprovision:
            action = "deprovision"
        case .deleteUser:
            action = "delete-user"
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

    /// nil if the action is unknown or a member that it needs is missing.
    var change: SyncChange.Action? {
        switch action {
        case "create-user":
            guard let newName, let profile, let active else { return nil }
            return .adding(.createUser(name: newName, profile: profile, isActive: active))
        case "rename": return newLogin.map { .adding(.rename(login: $0, name: newName)) }
        case "update-profile": return profile.map { .adding(.updateProfile($0)) }
        case "mark-back": return .adding(.markBack)
        case "reactivate": return .adding(.reactivate)
        case "add-to-organization":
            guard let place, let role else { return nil }
            return .adding(.addToOrganization(place, role: role))
        case "promote-to-owner": return place.map { .adding(.promoteToOwner($0)) }
        case "add-to-team": return group.map { .adding(.addToTeam($0)) }
        case "promote-to-system-admin": return .adding(.promoteToSystemAdmin)
        case "demote-from-system-admin": return .removing(.demoteFromSystemAdmin)
        case "remove-from-team": return group.map { .removing(.removeFromTeam($0)) }
        case "demote-from-owner": return place.map { .removing(.demoteFromOwner($0)) }
        case "remove-from-organization": return place.map { .removing(.removeFromOrganization($0)) }
        case "deactivate": return .removing(.deactivate(isGone: gone ?? false))
        case "mark-gone": return .removing(.markGone)
        case "deprovision": return .removing(.deprovision)
        case "delete-user": return .removing(.deleteUser)
        case "create-organization": return place.map { .adding(.createOrganization($0)) }
        case "create-team": return group.map { .adding(.createTeam($0)) }
        default: return nil
        }
    }

    /// `member=value` pairs in a fixed order, separated by tabs; absent members are left out.
    var canonicalText: String {
        let values: [(CodingKeys, String?)] = [
            (.action, action), (.externalID, externalID), (.accountID, accountID?.rawValue), (.login, login?.rawValue),
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

extension SyncChange: Codable {
    /// Flat: `{"action":"add-to-team","external_id":…,"account_id":…,"login":"elton",
    /// "organization":"nerd-dinner","team":"ops",…,"reason":…}`. What does not apply is absent.
    public func encode(to encoder: any Encoder) throws { try SyncChangeRecord(self).encode(to: encoder) }

    public init(from decoder: any Decoder) throws {
        let record = try SyncChangeRecord(from: decoder)
        guard let change = SyncChange(record) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "\"\(record.action)\" is no complete change of a plan"))
        }
        self = change
    }

    /// One line that is the same for equal changes and no others.
    public var canonicalText: String { SyncChangeRecord(self).canonicalText }
}
