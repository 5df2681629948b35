/// An image repository, `namespace/name`.
public struct Repository: FactValue {
    public static let kind = Fact.Kind.repository
    public var key: FactKey { FactKey(Self.kind, id.rawValue) }
    public var changeKeys: [ChangeKey] {
        [.identity(id), .identity(namespace), .everything, .repository(named: name, in: namespace)]
            + (visibility == .public ? [.publicRepositories] : [])
    }
    public var concerned: [Concerned] { [.account(namespace)] }
    public var named: [FactKey] { [key, .account(namespace)] }
    public var owned: (id: String, owner: AccountID)? { (id.rawValue, namespace) }

    public enum Visibility: String, Hashable, Sendable, Codable, CaseIterable {
        case `private`, `public`
    }

    public var id: RepositoryID
    public var namespace: AccountID
    /// Everything behind the namespace; may have several components.
    public var name: String
    public var visibility: Visibility
    public var description: String

    public init(
        id: RepositoryID, namespace: AccountID, name: String, visibility: Visibility = .private,
        description: String = ""
    ) {
        self.id = id
        self.namespace = namespace
        self.name = name
        self.visibility = visibility
        self.description = description
    }
}
