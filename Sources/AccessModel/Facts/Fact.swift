/// Everything that is in the change log is a set of facts. Each kind has a table.
public enum Fact: Hashable, Sendable {
    case account(Account)
    case organizationMember(OrganizationMember)
    case team(Team)
    case teamMember(TeamMember)
    case serviceAccount(ServiceAccount)
    case repository(Repository)
    case grant(Grant)
    case retiredName(RetiredName)
    case password(Password)
    case accessToken(AccessToken)
    case directory(Directory)

    /// The kinds, in an order in which each comes behind what it names.
    public enum Kind: String, Hashable, Sendable, CaseIterable, Codable {
        case account
        case organizationMember = "organization-member"
        case team
        case teamMember = "team-member"
        case serviceAccount = "service-account"
        case repository
        case grant
        case retiredName = "retired-name"
        case password
        case accessToken = "token"
        case directory
    }

    public var kind: Kind {
        switch self {
        case .account: Account.kind
        case .organizationMember: OrganizationMember.kind
        case .team: Team.kind
        case .teamMember: TeamMember.kind
        case .serviceAccount: ServiceAccount.kind
        case .repository: Repository.kind
        case .grant: Grant.kind
        case .retiredName: RetiredName.kind
        case .password: Password.kind
        case .accessToken: AccessToken.kind
        case .directory: Directory.kind
        }
    }

    /// What stays the same while the fact changes.
    public var key: FactKey {
        switch self {
        case .account(let fact): fact.key
        case .organizationMember(let fact): fact.key
        case .team(let fact): fact.key
        case .teamMember(let fact): fact.key
        case .serviceAccount(let fact): fact.key
        case .repository(let fact): fact.key
        case .grant(let fact): fact.key
        case .retiredName(let fact): fact.key
        case .password(let fact): fact.key
        case .accessToken(let fact): fact.key
        case .directory(let fact): fact.key
        }
    }
}

/// As the change log shows it: the members of its value.
extension Fact: Encodable {
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .account(let fact): try fact.encode(to: encoder)
        case .organizationMember(let fact): try fact.encode(to: encoder)
        case .team(let fact): try fact.encode(to: encoder)
        case .teamMember(let fact): try fact.encode(to: encoder)
        case .serviceAccount(let fact): try fact.encode(to: encoder)
        case .repository(let fact): try fact.encode(to: encoder)
        case .grant(let fact): try fact.encode(to: encoder)
        case .retiredName(let fact): try fact.encode(to: encoder)
        case .password(let fact): try fact.encode(to: encoder)
        case .accessToken(let fact): try fact.encode(to: encoder)
        case .directory(let fact): try fact.encode(to: encoder)
        }
    }
}

/// What a fact is, by itself.
public protocol FactValue: Hashable, Sendable, Encodable {
    static var kind: Fact.Kind { get }
    /// What stays the same while the fact changes.
    var key: FactKey { get }
}

public struct FactKey: Hashable, Sendable {
    public let kind: Fact.Kind
    public let first: String
    public let second: String

    public init(_ kind: Fact.Kind, _ first: String, _ second: String = "") {
        self.kind = kind
        self.first = first
        self.second = second
    }
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
