/// An access level given to a subject on a target, optionally until a time. There is one
/// grant at most for a subject and target.
public struct Grant: FactValue {
    public static let kind = Fact.Kind.grant
    public var key: FactKey { FactKey(Self.kind, subject.id, target.id) }
    public var changeKeys: [ChangeKey] { [subject.key, target.key] }
    public var concerned: [Concerned] {
        var concerned: [Concerned] = []
        if case .user(let user) = subject { concerned.append(.account(user)) }
        switch target {
        case .namespace(let namespace): concerned.append(.account(namespace))
        case .repository(let id): concerned.append(.owner(.repository, id.rawValue))
        }
        return concerned
    }
    public var named: [FactKey] { [subject.factKey, target.factKey] }

    public var subject: GrantSubject
    public var target: GrantTarget
    public var level: AccessLevel
    /// The grant counts for nothing from this moment on.
    public var expiresAt: Timestamp?

    public init(subject: GrantSubject, target: GrantTarget, level: AccessLevel, expiresAt: Timestamp? = nil) {
        self.subject = subject
        self.target = target
        self.level = level
        self.expiresAt = expiresAt
    }

    /// Whether this one, between the same two, gives no less and for no shorter time than `other`.
    public func gives(atLeast other: Grant) -> Bool {
        other.level <= level && (other.expiresAt ?? .last) <= (expiresAt ?? .last)
    }

    enum CodingKeys: String, CodingKey {
        case subject, target, level
        case expiresAt = "expires_at"
    }
}

public enum GrantSubject: Hashable, Sendable {
    case team(TeamID)
    case user(AccountID)
    case serviceAccount(ServiceAccountID)

    /// The word that stands for the case in SQL, JSON and HTTP.
    public var kind: String {
        switch self {
        case .team: "team"
        case .user: "user"
        case .serviceAccount: "service-account"
        }
    }

    public var id: String {
        switch self {
        case .team(let id): id.rawValue
        case .user(let id): id.rawValue
        case .serviceAccount(let id): id.rawValue
        }
    }

    public init?(kind: String, id: String) {
        switch kind {
        case "team": self = .team(TeamID(rawValue: id))
        case "user": self = .user(AccountID(rawValue: id))
        case "service-account": self = .serviceAccount(ServiceAccountID(rawValue: id))
        default: return nil
        }
    }
}

public enum GrantTarget: Hashable, Sendable {
    case repository(RepositoryID)
    case namespace(AccountID)

    public var kind: String {
        switch self {
        case .repository: "repository"
        case .namespace: "namespace"
        }
    }

    public var id: String {
        switch self {
        case .repository(let id): id.rawValue
        case .namespace(let id): id.rawValue
        }
    }

    public init?(kind: String, id: String) {
        switch kind {
        case "repository": self = .repository(RepositoryID(rawValue: id))
        case "namespace": self = .namespace(AccountID(rawValue: id))
        default: return nil
        }
    }
}

/// The two ends as the change log has them: `{"type","id"}`.
extension GrantSubject: Encodable {
    public func encode(to encoder: any Encoder) throws { try GrantEnd(type: kind, id: id).encode(to: encoder) }
}

extension GrantTarget: Encodable {
    public func encode(to encoder: any Encoder) throws { try GrantEnd(type: kind, id: id).encode(to: encoder) }
}

private struct GrantEnd: Encodable {
    let type: String
    let id: String
}

extension GrantSubject {
    var factKey: FactKey {
        switch self {
        case .team(let id): .team(id)
        case .user(let id): .account(id)
        case .serviceAccount(let id): .serviceAccount(id)
        }
    }
}

extension GrantTarget {
    var factKey: FactKey {
        switch self {
        case .repository(let id): .repository(id)
        case .namespace(let id): .account(id)
        }
    }
}
