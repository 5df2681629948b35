/// Whom a token stands for.
public enum TokenHolder: Hashable, Sendable {
    case user(AccountID)
    case serviceAccount(ServiceAccountID)

    public var kind: String {
        switch self {
        case .user: "user"
        case .serviceAccount: "service-account"
        }
    }

    public var id: String {
        switch self {
        case .user(let id): id.rawValue
        case .serviceAccount(let id): id.rawValue
        }
    }

    /// Who acts with a token.
    public var actor: Actor {
        switch self {
        case .user(let id): .user(id)
        case .serviceAccount(let id): .serviceAccount(id)
        }
    }

    var factKey: FactKey {
        switch self {
        case .user(let id): .account(id)
        case .serviceAccount(let id): .serviceAccount(id)
        }
    }

    /// nil for a kind that there is not.
    public init?(kind: String, id: String) {
        switch kind {
        case "user": self = .user(AccountID(rawValue: id))
        case "service-account": self = .serviceAccount(ServiceAccountID(rawValue: id))
        default: return nil
        }
    }
}
