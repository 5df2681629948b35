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
