public import AccessModel

/// Who calls a use case, and how they proved it.
public struct Caller: Hashable, Sendable {
    public enum Proof: Hashable, Sendable {
        case none
        case password
        /// A token stands for its account, but changes no passwords, and makes tokens only as its rights say.
        case token(TokenID)
        /// Whoever may write the database file need prove nothing more.
        case file
    }

    public let actor: Actor
    public let proof: Proof
    /// What the token is limited to that proved it; nil for everything that the actor may.
    public let limit: TokenScope?
    /// What the token may do about tokens; none for other proofs.
    public let tokenRights: TokenRights
    /// When the proof ends; nil for never.
    public let end: Timestamp?
    /// Which password proved it, if a client is to keep the login; nil for none that a login can be bound to.
    let password: PasswordVersion?

    public init(
        actor: Actor, proof: Proof, limit: TokenScope? = nil, tokenRights: TokenRights = .none, end: Timestamp? = nil
    ) {
        self.init(actor: actor, proof: proof, limit: limit, tokenRights: tokenRights, end: end, password: nil)
    }

    /// The token that proved it; nil for other proofs.
    public var token: TokenID? { if case .token(let id) = proof { id } else { nil } }

    /// A token that is limited to repositories is good at a registry, and nowhere else.
    public func requireUnlimited() throws(AccessError) {
        guard let limit else { return }
        throw .forbidden("this token is limited to \(limit): it is good at a registry, and nowhere else")
    }

    init(
        actor: Actor, proof: Proof, limit: TokenScope? = nil, tokenRights: TokenRights = .none, end: Timestamp? = nil,
        password: PasswordVersion?
    ) {
        self.actor = actor
        self.proof = proof
        self.limit = limit
        self.tokenRights = tokenRights
        self.end = end
        self.password = password
    }

    public static let anonymous = Caller(actor: .anonymous, proof: .none)
    public static let service = Caller(actor: .service, proof: .file)
}

/// A password, told from the one after it without its secret.
enum PasswordVersion: Hashable, Sendable {
    /// Kept here, and set then.
    case kept(changedAt: Timestamp)
    /// A directory's, which says in its own words when it was set.
    case directory(String)
}
