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

    public init(actor: Actor, proof: Proof) {
        self.actor = actor
        self.proof = proof
    }

    public static let anonymous = Caller(actor: .anonymous, proof: .none)
    public static let service = Caller(actor: .service, proof: .file)
}
