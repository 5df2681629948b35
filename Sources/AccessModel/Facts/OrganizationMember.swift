/// A user's place in an organisation.
public struct OrganizationMember: FactValue {
    public static let kind = Fact.Kind.organizationMember
    public var key: FactKey { FactKey(Self.kind, organization.rawValue, user.rawValue) }
    public var changeKeys: [ChangeKey] { [.identity(organization), .identity(user)] }
    public var concerned: [Concerned] { [.account(organization), .account(user)] }
    public var named: [FactKey] { [.account(organization), .account(user)] }

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
