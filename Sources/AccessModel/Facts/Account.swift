/// A user or an organisation. Both live in one name space, because an account's name is a
/// repository namespace.
public struct Account: FactValue {
    public static let kind = Fact.Kind.account
    public var key: FactKey { FactKey(Self.kind, id.rawValue) }
    public var changeKeys: [ChangeKey] {
        [.identity(id), .account(named: name), .everything] + (isSystemAdmin ? [.systemAdministrators] : [])
    }
    public var concerned: [Concerned] { [.account(id)] }
    public var named: [FactKey] { [key] }

    public enum Kind: String, Hashable, Sendable, Codable { case user, organization }

    public var id: AccountID
    public var kind: Kind
    public var name: AccountName
    /// What a user types to log in: the name, unless a directory renamed its person while the
    /// namespace had to stay. Unique among users; organisations have none.
    public var login: AccountName?
    public var fullName: String
    public var email: String?
    public var isActive: Bool
    public var isSystemAdmin: Bool
    /// May ask every decision: for the account of a registry or a control plane.
    public var isDecisionReader: Bool
    /// Whether a push to a repository that does not exist in this namespace makes it.
    public var createsRepositoriesOnPush: Bool
    /// What a repository made in this namespace begins with.
    public var repositoryDefaults: RepositoryDefaults
    /// Where the account comes from, for users that a directory manages.
    public var directory: DirectoryLink?
    /// Of an organisation: the directory that made it, by a pattern; nil for one that a person made.
    public var managedBy: String?

    public init(
        id: AccountID, kind: Kind, name: AccountName, login: AccountName? = nil, fullName: String = "",
        email: String? = nil, isActive: Bool = true, isSystemAdmin: Bool = false, isDecisionReader: Bool = false,
        createsRepositoriesOnPush: Bool = false, repositoryDefaults: RepositoryDefaults = RepositoryDefaults(),
        directory: DirectoryLink? = nil, managedBy: String? = nil
    ) {
        self.id = id
        self.kind = kind
        self.name = name
        self.login = kind == .user ? login ?? name : nil
        self.fullName = fullName
        self.email = email
        self.isActive = isActive
        self.isSystemAdmin = isSystemAdmin
        self.isDecisionReader = isDecisionReader
        self.createsRepositoriesOnPush = createsRepositoriesOnPush
        self.repositoryDefaults = repositoryDefaults
        self.directory = directory
        self.managedBy = managedBy
    }

    enum CodingKeys: String, CodingKey {
        case id, kind, name, login, email, directory
        case fullName = "full_name"
        case isActive = "active"
        case isSystemAdmin = "system_admin"
        case isDecisionReader = "decision_reader"
        case createsRepositoriesOnPush = "create_on_push"
        case repositoryDefaults = "repository_defaults"
        case managedBy = "managed_by"
    }
}
