public import AccessModel

/// Who calls a use case, and how they proved it.
public struct Caller: Hashable, Sendable {
    public enum Proof: Hashable, Sendable {
        case none
        case password
        /// A token stands for its account, but makes no tokens and changes no passwords.
        case token(TokenID)
        /// Whoever may write the database file need prove nothing more.
        case file
    }

    public let actor: Actor
    public let proof: Proof
    /// What the token is limited to that proved it; nil for everything that the actor may.
    public let limit: TokenScope?
    /// When the proof ends; nil for never.
    public let end: Timestamp?

    public init(actor: Actor, proof: Proof, limit: TokenScope? = nil, end: Timestamp? = nil) {
        self.actor = actor
        self.proof = proof
        self.limit = limit
        self.end = end
    }

    public static let anonymous = Caller(actor: .anonymous, proof: .none)
    public static let service = Caller(actor: .service, proof: .file)
}
