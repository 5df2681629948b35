/// A team of one organisation. Its members also have what its parent has.
public struct Team: FactValue {
    public static let kind = Fact.Kind.team
    public var key: FactKey { FactKey(Self.kind, id.rawValue) }
    public var changeKeys: [ChangeKey] { [.identity(id), .identity(organization)] }
    public var concerned: [Concerned] { [.account(organization)] }
    public var named: [FactKey] { [key, .account(organization)] + (parent.map { [.team($0)] } ?? []) }
    public var owned: (id: String, owner: AccountID)? { (id.rawValue, organization) }

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
