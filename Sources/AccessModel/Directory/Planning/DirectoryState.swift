/// What the database holds as far as the synchronisation of one directory needs it: the state
/// that a plan is made against. A plain value that a caller fills from its rows.
public struct DirectoryState: Hashable, Sendable {
    /// The name of the directory.
    public var directory: String
    /// The accounts linked to this directory, inactive ones too.
    public var accounts: [LinkedAccount]
    /// Every name and every login that anything else holds: accounts not linked to this
    /// directory, organisations, retired names.
    public var takenNames: [AccountName: NameHolder]
    /// At least the organisations of `teams`, of `organizationMembers` and of the rules.
    public var organizations: [AccountName: AccountID]
    /// The organisations that this directory made.
    public var managedOrganizations: Set<AccountID> = []
    /// Users who are not linked to this directory and yet may be in its plan: people of other
    /// directories, and local users where teams do not keep them.
    public var others: [Account] = []
    /// At least the teams of `teamMembers` and of the rules.
    public var teams: [Team]
    /// The organisation memberships of `accounts` and `others`, whoever made them.
    public var organizationMembers: [OrganizationMember]
    /// The team memberships of `accounts` and `others`, whoever made them.
    public var teamMembers: [TeamMember]
    /// For each organisation its owners whose accounts are active, those of this directory included.
    public var activeOwners: [AccountID: Set<AccountID>]
    /// All system administrators whose accounts are active, those of this directory included.
    public var activeSystemAdmins: Set<AccountID>

    public init(
        directory: String, accounts: [LinkedAccount] = [], takenNames: [AccountName: NameHolder] = [:],
        organizations: [AccountName: AccountID] = [:], teams: [Team] = [],
        organizationMembers: [OrganizationMember] = [],
        teamMembers: [TeamMember] = [], activeOwners: [AccountID: Set<AccountID>] = [:],
        activeSystemAdmins: Set<AccountID> = []
    ) {
        self.directory = directory
        self.accounts = accounts
        self.takenNames = takenNames
        self.organizations = organizations
        self.teams = teams
        self.organizationMembers = organizationMembers
        self.teamMembers = teamMembers
        self.activeOwners = activeOwners
        self.activeSystemAdmins = activeSystemAdmins
    }

    /// An account that stands for a person of this directory.
    public struct LinkedAccount: Hashable, Sendable {
        /// With a `directory` link to this directory; others are passed over.
        public var account: Account
        /// Whether its namespace holds repositories, or its private collection is in use: then its name never changes, only
        /// the login.
        public var ownsRepositories: Bool

        public init(account: Account, ownsRepositories: Bool = false) {
            self.account = account
            self.ownsRepositories = ownsRepositories
        }
    }

    /// Who holds a name that this directory's people cannot have.
    public enum NameHolder: Hashable, Sendable, CustomStringConvertible {
        case localUser
        case organization
        case directory(String)
        /// The name of a deleted account.
        case retired
        /// Nobody: paths of the API have it for something else.
        case api

        public var description: String {
            switch self {
            case .localUser: "a local user"
            case .organization: "an organisation"
            case .directory(let name): "a person of the directory \(name)"
            case .retired: "a deleted account (the name is retired)"
            case .api: "the API, as a word of its paths"
            }
        }
    }
}
