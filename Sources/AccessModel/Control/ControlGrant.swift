/// A role given to a subject on a collection and everything below it, optionally until a time. There may be several for a
/// subject and a collection, one for each role.
public struct ControlGrant: FactValue {
    public static let kind = Fact.Kind.controlGrant
    public var key: FactKey { FactKey(Self.kind, subject.id, collection.rawValue, role.rawValue) }
    public var changeKeys: [ChangeKey] { [subject.key, .identity(collection), .identity(role)] }
    public var concerned: [Concerned] {
        let holder: [Concerned] =
            switch subject {
            case .user(let id), .organization(let id): [.account(id)]
            case .team(let id): [.owner(.team, id.rawValue)]
            case .serviceAccount(let id): [.owner(.serviceAccount, id.rawValue)]
            case .everyone: []
            }
        return holder + [.collection(collection)]
    }
    public var named: [FactKey] { (subject.factKey.map { [$0] } ?? []) + [.collection(collection), .role(role)] }

    public var subject: ControlSubject
    public var role: RoleID
    public var collection: CollectionID
    /// The grant counts for nothing from this moment on.
    public var expiresAt: Timestamp?

    public init(subject: ControlSubject, role: RoleID, collection: CollectionID, expiresAt: Timestamp? = nil) {
        (self.subject, self.role, self.collection, self.expiresAt) = (subject, role, collection, expiresAt)
    }

    enum CodingKeys: String, CodingKey {
        case subject, role, collection
        case expiresAt = "expires_at"
    }
}

/// To whom a role is given.
public enum ControlSubject: Hashable, Sendable {
    case user(AccountID)
    /// Its members, and those of the teams below it.
    case team(TeamID)
    /// Its members.
    case organization(AccountID)
    case serviceAccount(ServiceAccountID)
    /// Every active user and service account.
    case everyone

    /// The word that stands for the case in SQL, JSON and HTTP.
    public var kind: String {
        switch self {
        case .user: "user"
        case .team: "team"
        case .organization: "org"
        case .serviceAccount: "service-account"
        case .everyone: "everyone"
        }
    }

    /// The identity; `everyone` for everyone.
    public var id: String {
        switch self {
        case .user(let id), .organization(let id): id.rawValue
        case .team(let id): id.rawValue
        case .serviceAccount(let id): id.rawValue
        case .everyone: kind
        }
    }

    public init?(kind: String, id: String) {
        switch kind {
        case "user": self = .user(AccountID(rawValue: id))
        case "team": self = .team(TeamID(rawValue: id))
        case "org": self = .organization(AccountID(rawValue: id))
        case "service-account": self = .serviceAccount(ServiceAccountID(rawValue: id))
        case "everyone": self = .everyone
        default: return nil
        }
    }

    public var key: ChangeKey { .identity(id) }

    /// nil for everyone.
    var factKey: FactKey? {
        switch self {
        case .user(let id), .organization(let id): .account(id)
        case .team(let id): .team(id)
        case .serviceAccount(let id): .serviceAccount(id)
        case .everyone: nil
        }
    }
}

/// As the change log has it: `{"type","id"}`.
extension ControlSubject: Encodable {
    private enum CodingKeys: String, CodingKey { case type, id }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .type)
        try container.encode(id, forKey: .id)
    }
}
