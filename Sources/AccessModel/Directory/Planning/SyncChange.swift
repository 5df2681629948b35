/// One change that a synchronisation makes, and why. Those that take something away can only
/// be planned from a complete reading.
public struct SyncChange: Hashable, Sendable {
    /// nil for a change that makes an organisation or a team.
    public let person: SyncPerson?
    public let action: Action
    /// Words for an administrator: "in CN=Registry Ops,…, which feeds nerd-dinner/ops".
    public let reason: String

    public enum Action: Hashable, Sendable {
        case adding(Addition)
        case removing(Removal)
    }

    /// What gives or only describes.
    public enum Addition: Hashable, Sendable {
        /// Makes a user linked to the directory, without a password. The login is the name.
        case createUser(name: AccountName, profile: SyncProfile, isActive: Bool)
        /// Gives the account another login; its name too, where `name` is not nil.
        case rename(login: AccountName, name: AccountName?)
        case updateProfile(SyncProfile)
        /// Somebody who was gone is in the directory again: from now on no time is counted. Gives nothing, and is never
        /// held.
        case markBack
        case reactivate
        /// Not a member before; the membership is managed by the directory from then on.
        case addToOrganization(SyncOrganization, role: OrganizationMember.Role)
        /// A member managed by the directory becomes an owner.
        case promoteToOwner(SyncOrganization)
        /// A member of the organisation by then; the membership is managed by the directory.
        case addToTeam(SyncTeam)
        case promoteToSystemAdmin
        /// Makes an organisation, which a pattern found; the directory manages it from then on.
        case createOrganization(SyncOrganization)
        /// Makes a team in an organisation that the directory made.
        case createTeam(SyncTeam)
    }

    /// What takes away.
    public enum Removal: Hashable, Sendable {
        case demoteFromSystemAdmin
        case removeFromTeam(SyncTeam)
        /// An owner managed by the directory becomes a member.
        case demoteFromOwner(SyncOrganization)
        case removeFromOrganization(SyncOrganization)
        /// - Parameter isGone: whether the person is no longer in the directory; from now on the days are counted.
        case deactivate(isGone: Bool)
        /// Somebody inactive is no longer in the directory either; from now on the days are counted.
        case markGone
        /// Who is gone for good loses what rested: tokens, grants, memberships and service accounts. The account stays,
        /// inactive, with its repositories, and as an owner where no other is active.
        case deprovision
        /// Who has been gone for long loses the account, with all that hangs on it.
        case deleteUser
    }

    static func adding(_ addition: Addition, to person: SyncPerson?, because reason: String) -> SyncChange {
        SyncChange(person: person, action: .adding(addition), reason: reason)
    }

    static func removing(
        _ removal: Removal, from person: SyncPerson, because reason: String, proof: CompleteReading
    ) -> SyncChange {
        SyncChange(person: person, action: .removing(removal), reason: reason)
    }

    private init(person: SyncPerson?, action: Action, reason: String) {
        self.person = person
        self.action = action
        self.reason = reason
    }

    /// A plan that was kept and is read again was made by the planner, under its proofs.
    package init?(_ record: SyncChangeRecord) {
        guard let action = record.change else { return nil }
        self.init(person: record.person, action: action, reason: record.reason)
    }

    var isRemoval: Bool { if case .removing = action { true } else { false } }

    public var removal: Removal? {
        if case .removing(let removal) = action { removal } else { nil }
    }

    public var addition: Addition? {
        if case .adding(let addition) = action { addition } else { nil }
    }
}

/// Whom a change concerns. A person without an account gets one earlier in the same plan, so
/// `externalID` is the identity throughout.
public struct SyncPerson: Hashable, Sendable {
    /// nil for a local user, who is in no directory.
    public var externalID: String?
    /// nil until the account is made.
    public var accountID: AccountID?
    /// The login before the plan is applied; for somebody new, the one to come.
    public var login: AccountName

    public init(externalID: String?, accountID: AccountID? = nil, login: AccountName) {
        self.externalID = externalID
        self.accountID = accountID
        self.login = login
    }
}

/// What the directory says about a person beside the login.
public struct SyncProfile: Hashable, Sendable {
    public var fullName: String
    public var email: String?
    public var principalName: String?
    public var dn: String

    public init(fullName: String, email: String?, principalName: String? = nil, dn: String) {
        self.fullName = fullName
        self.email = email
        self.principalName = principalName
        self.dn = dn
    }
}

public struct SyncOrganization: Hashable, Sendable, CustomStringConvertible {
    /// nil until it is made, earlier in the same plan.
    public var id: AccountID?
    public var name: AccountName

    public init(id: AccountID?, name: AccountName) {
        self.id = id
        self.name = name
    }

    public var description: String { name.rawValue }
}

public struct SyncTeam: Hashable, Sendable, CustomStringConvertible {
    /// nil until it is made, earlier in the same plan.
    public var id: TeamID?
    public var name: TeamName
    public var organization: SyncOrganization

    public init(id: TeamID?, name: TeamName, organization: SyncOrganization) {
        self.id = id
        self.name = name
        self.organization = organization
    }

    public var description: String { "\(organization)/\(name)" }
}
