/// A user's place in an organisation.
public struct OrganizationMember: Hashable, Sendable, Codable {
    public enum Role: String, Hashable, Sendable, Codable, CaseIterable { case member, owner }

    public var organization: AccountID
    public var user: AccountID
    public var role: Role
    /// The directory that keeps this membership; nil for one made by a person.
    public var managedBy: String?

    public init(organization: AccountID, user: AccountID, role: Role, managedBy: String? = nil) {
        self.organization = organization
        self.user = user
        self.role = role
        self.managedBy = managedBy
    }

    enum CodingKeys: String, CodingKey {
        case organization, user, role
        case managedBy = "managed_by"
    }
}

/// A team of one organisation. Its members also have what its parent has.
public struct Team: Hashable, Sendable, Codable {
    public var id: TeamID
    public var organization: AccountID
    public var name: TeamName
    public var description: String
    public var parent: TeamID?
    /// The directory that made it, by a pattern; nil for one that a person made.
    public var managedBy: String?

    public init(
        id: TeamID, organization: AccountID, name: TeamName, description: String = "", parent: TeamID? = nil,
        managedBy: String? = nil
    ) {
        self.id = id
        self.organization = organization
        self.name = name
        self.description = description
        self.parent = parent
        self.managedBy = managedBy
    }

    enum CodingKeys: String, CodingKey {
        case id, organization, name, description, parent
        case managedBy = "managed_by"
    }
}

/// A user's place in a team.
public struct TeamMember: Hashable, Sendable, Codable {
    public enum Role: String, Hashable, Sendable, Codable, CaseIterable { case member, maintainer }

    public var team: TeamID
    public var user: AccountID
    public var role: Role
    /// The directory that keeps this membership; nil for one made by a person.
    public var managedBy: String?

    public init(team: TeamID, user: AccountID, role: Role, managedBy: String? = nil) {
        self.team = team
        self.user = user
        self.role = role
        self.managedBy = managedBy
    }

    enum CodingKeys: String, CodingKey {
        case team, user, role
        case managedBy = "managed_by"
    }
}

/// A robot, owned by one organisation or user; written `owner+name`.
public struct ServiceAccount: Hashable, Sendable, Codable {
    public var id: ServiceAccountID
    public var owner: AccountID
    public var name: TeamName
    public var description: String
    public var isActive: Bool
    public var isDecisionReader: Bool
    /// From then on it has nothing; nil for never.
    public var expiresAt: Timestamp?

    public init(
        id: ServiceAccountID, owner: AccountID, name: TeamName, description: String = "", isActive: Bool = true,
        isDecisionReader: Bool = false, expiresAt: Timestamp? = nil
    ) {
        self.id = id
        self.owner = owner
        self.name = name
        self.description = description
        self.isActive = isActive
        self.isDecisionReader = isDecisionReader
        self.expiresAt = expiresAt
    }

    enum CodingKeys: String, CodingKey {
        case id, owner, name, description
        case isActive = "active"
        case isDecisionReader = "decision_reader"
        case expiresAt = "expires_at"
    }
}
