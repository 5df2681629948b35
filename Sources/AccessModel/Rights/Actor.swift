/// On whose behalf something is done. Written into every entry of the change log.
public enum Actor: Hashable, Sendable {
    /// Nobody in particular: only what is open to all.
    case anonymous
    case user(AccountID)
    case serviceAccount(ServiceAccountID)
    /// A command on the database file, run by this Unix user, who may write the file anyway.
    case local(String)
    /// A synchronisation of this directory.
    case directory(String)
    /// The service itself: bootstrap, and what the registry reports.
    case service

    /// Whether it may do everything: whoever may write the file, and the service's own work.
    var isTrusted: Bool {
        switch self {
        case .local, .directory, .service: true
        case .anonymous, .user, .serviceAccount: false
        }
    }

    /// The fact that it is; nil for what is no user or service account.
    public var factKey: FactKey? {
        switch self {
        case .user(let id): .account(id)
        case .serviceAccount(let id): .serviceAccount(id)
        case .anonymous, .local, .directory, .service: nil
        }
    }

    /// The actor of an entry of the change log; nil for a text that none has.
    public init?(text: String) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        switch (parts.first, parts.count > 1 ? parts[1] : nil) {
        case ("anonymous", nil): self = .anonymous
        case ("service", nil): self = .service
        case ("user", let id?): self = .user(AccountID(rawValue: id))
        case ("service-account", let id?): self = .serviceAccount(ServiceAccountID(rawValue: id))
        case ("local", let name?): self = .local(name)
        case ("directory", let name?): self = .directory(name)
        default: return nil
        }
    }

    /// The text in the change log: `user:ID`, `local:root`, `directory:corp`, …
    public var text: String {
        switch self {
        case .anonymous: "anonymous"
        case .user(let id): "user:\(id)"
        case .serviceAccount(let id): "service-account:\(id)"
        case .local(let name): "local:\(name)"
        case .directory(let name): "directory:\(name)"
        case .service: "service"
        }
    }
}
