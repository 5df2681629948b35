/// Everything that is in the change log is a set of facts. Each kind has a table.
///
/// The large ones are held by reference: most facts are memberships and grants, which are copied at each step of a change.
public enum Fact: Hashable, Sendable {
    indirect case account(Account)
    case organizationMember(OrganizationMember)
    indirect case team(Team)
    case teamMember(TeamMember)
    indirect case serviceAccount(ServiceAccount)
    indirect case repository(Repository)
    case grant(Grant)
    indirect case role(Role)
    indirect case collection(ResourceCollection)
    case controlGrant(ControlGrant)
    indirect case site(Site)
    indirect case placement(Placement)
    case controlSettings(ControlSettings)
    case retiredName(RetiredName)
    case password(Password)
    indirect case accessToken(AccessToken)
    indirect case directory(Directory)

    /// The kinds, in an order in which each comes behind what it names.
    public enum Kind: String, Hashable, Sendable, CaseIterable, Codable {
        case account
        case organizationMember = "organization-member"
        case team
        case teamMember = "team-member"
        case serviceAccount = "service-account"
        case repository
        case grant
        case role
        case collection
        case controlGrant = "control-grant"
        case site
        case placement
        case controlSettings = "control-settings"
        case retiredName = "retired-name"
        case password
        case accessToken = "token"
        case directory

        /// Whether decisions depend on facts of this kind.
        public var decides: Bool {
            switch self {
            case .account, .organizationMember, .team, .teamMember, .serviceAccount, .repository, .grant, .role,
                .collection, .controlGrant, .site, .placement, .controlSettings:
                true
            case .retiredName, .password, .accessToken, .directory: false
            }
        }
    }

    public var kind: Kind {
        // Asked so often that no value is made for it.
        switch self {
        case .account: Account.kind
        case .organizationMember: OrganizationMember.kind
        case .team: Team.kind
        case .teamMember: TeamMember.kind
        case .serviceAccount: ServiceAccount.kind
        case .repository: Repository.kind
        case .grant: Grant.kind
        case .role: Role.kind
        case .collection: ResourceCollection.kind
        case .controlGrant: ControlGrant.kind
        case .site: Site.kind
        case .placement: Placement.kind
        case .controlSettings: ControlSettings.kind
        case .retiredName: RetiredName.kind
        case .password: Password.kind
        case .accessToken: AccessToken.kind
        case .directory: Directory.kind
        }
    }

    /// The fact as a value of its own type.
    public var value: any FactValue {
        switch self {
        case .account(let fact): fact
        case .organizationMember(let fact): fact
        case .team(let fact): fact
        case .teamMember(let fact): fact
        case .serviceAccount(let fact): fact
        case .repository(let fact): fact
        case .grant(let fact): fact
        case .role(let fact): fact
        case .collection(let fact): fact
        case .controlGrant(let fact): fact
        case .site(let fact): fact
        case .placement(let fact): fact
        case .controlSettings(let fact): fact
        case .retiredName(let fact): fact
        case .password(let fact): fact
        case .accessToken(let fact): fact
        case .directory(let fact): fact
        }
    }

    /// What stays the same while the fact changes.
    public var key: FactKey { value.key }
}

/// As the change log shows it: the members of its value.
extension Fact: Encodable {
    public func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}

/// A kind of fact. What it says of itself is in its own file.
public protocol FactValue: Hashable, Sendable, Encodable {
    static var kind: Fact.Kind { get }
    /// What stays the same while the fact changes.
    var key: FactKey { get }
    /// Everything that its changes are found under.
    var changeKeys: [ChangeKey] { get }
    /// The accounts whose part of the change log it is in.
    var concerned: [Concerned] { get }
    /// The accounts, teams, service accounts and repositories that it says something about by identity.
    var named: [FactKey] { get }
    /// Of what belongs to an account: its identity, and the account.
    var owned: (id: String, owner: AccountID)? { get }
}

extension FactValue {
    public var named: [FactKey] { [] }
    public var owned: (id: String, owner: AccountID)? { nil }
}

/// What tells one fact from all others: its kind, and one to three parts, which are identities or names.
public struct FactKey: Hashable, Sendable {
    public let kind: Fact.Kind
    public let first: String
    /// Empty for a key of one part.
    public let second: String
    /// Empty for a key of fewer parts.
    public let third: String

    public init(_ kind: Fact.Kind, _ first: String, _ second: String = "", _ third: String = "") {
        self.kind = kind
        self.first = first
        self.second = second
        self.third = third
    }

    public static func account(_ id: AccountID) -> Self { Self(.account, id.rawValue) }
    public static func team(_ id: TeamID) -> Self { Self(.team, id.rawValue) }
    public static func serviceAccount(_ id: ServiceAccountID) -> Self { Self(.serviceAccount, id.rawValue) }
    public static func repository(_ id: RepositoryID) -> Self { Self(.repository, id.rawValue) }
    public static func role(_ id: RoleID) -> Self { Self(.role, id.rawValue) }
    public static func collection(_ id: CollectionID) -> Self { Self(.collection, id.rawValue) }
    public static func site(_ id: SiteID) -> Self { Self(.site, id.rawValue) }

    public var parts: [String] { [first, second, third].filter { !$0.isEmpty } }
}

/// One entry of the change log: a fact came (no `before`), went (no `after`), or changed.
/// Applying it takes `before` out and puts `after` in; undoing it is the same, swapped.
public struct Change: Hashable, Sendable {
    public let before: Fact?
    public let after: Fact?

    private init(before: Fact?, after: Fact?) {
        self.before = before
        self.after = after
    }

    public static func insert(_ fact: Fact) -> Change { Change(before: nil, after: fact) }
    public static func delete(_ fact: Fact) -> Change { Change(before: fact, after: nil) }

    /// `before` and `after` are the same fact at two times; nil if their keys differ.
    public static func update(_ before: Fact, to after: Fact) -> Change? {
        before.key == after.key ? Change(before: before, after: after) : nil
    }

    public var undone: Change { Change(before: after, after: before) }

    /// The fact that changed, as it is after it, or was before it went. Every change has one.
    public var fact: Fact? { after ?? before }
}

/// The number of a change. A later change has a greater one, without exception.
public typealias Revision = Int64
