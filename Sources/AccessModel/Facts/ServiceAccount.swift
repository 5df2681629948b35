/// A robot, owned by one organisation or user; written `owner+name`.
public struct ServiceAccount: FactValue {
    public static let kind = Fact.Kind.serviceAccount
    public var key: FactKey { FactKey(Self.kind, id.rawValue) }
    public var changeKeys: [ChangeKey] { [.identity(id), .identity(owner), .everything] }
    public var concerned: [Concerned] { [.account(owner)] }
    public var named: [FactKey] { [key, .account(owner)] }
    public var owned: (id: String, owner: AccountID)? { (id.rawValue, owner) }

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
