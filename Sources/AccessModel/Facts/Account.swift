/// A user or an organisation. Both live in one name space, because an account's name is a
/// repository namespace.
public struct Account: Hashable, Sendable, Codable {
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

/// The person in a directory that an account stands for.
public struct DirectoryLink: Hashable, Sendable, Codable {
    /// The directory's name.
    public var directory: String
    /// `objectGUID` (dashed, lower case) or `entryUUID`: the identity, whatever name and place become.
    public var externalID: String
    /// Where the entry was found last; login binds as it.
    public var dn: String
    /// `userPrincipalName` in lower case: a second name to log in with.
    public var principalName: String?
    /// Since when the person is no longer in the directory; nil for one who is.
    public var goneSince: Timestamp?
    /// Whether what the person has here rests: they are gone, and no later reading has confirmed it. Who comes back
    /// has it again.
    public var isResting: Bool

    public init(
        directory: String, externalID: String, dn: String, principalName: String? = nil, goneSince: Timestamp? = nil,
        isResting: Bool = false
    ) {
        self.directory = directory
        self.externalID = externalID
        self.dn = dn
        self.principalName = principalName
        self.goneSince = goneSince
        self.isResting = isResting
    }

    /// Who it is for good, among the people of all directories: the name of the directory, which has no spaces, and
    /// the identity there.
    public var person: String { "\(directory) \(externalID)" }

    enum CodingKeys: String, CodingKey {
        case directory, dn
        case externalID = "external_id"
        case principalName = "principal_name"
        case goneSince = "gone_since"
        case isResting = "resting"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            directory: try container.decode(String.self, forKey: .directory),
            externalID: try container.decode(String.self, forKey: .externalID),
            dn: try container.decode(String.self, forKey: .dn),
            principalName: try container.decodeIfPresent(String.self, forKey: .principalName),
            goneSince: try container.decodeIfPresent(Timestamp.self, forKey: .goneSince),
            isResting: try container.decodeIfPresent(Bool.self, forKey: .isResting) ?? false)
    }
}
