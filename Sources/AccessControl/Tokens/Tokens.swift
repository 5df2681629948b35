public import AccessModel

/// A token with its secret, which is shown this once.
public struct NewToken: Hashable, Sendable {
    public let token: AccessToken
    public let secret: String
}

/// A token without its secret, and its last use; nil for one that was never used.
public struct TokenView: Hashable, Sendable {
    public let token: AccessToken
    public let lastUse: TokenUse?
}

/// What a new token is to be.
public struct TokenTerms: Hashable, Sendable {
    public var name: String
    public var expiresAt: Timestamp?
    public var scope: TokenScope?

    public init(name: String, expiresAt: Timestamp? = nil, scope: TokenScope? = nil) {
        self.name = name
        self.expiresAt = expiresAt
        self.scope = scope
    }
}

extension Authentication {
    /// Makes a token: of a user for themselves, or for anybody by an administrator; of a service account by
    /// whoever manages its owner.
    public func createToken(
        of holder: TokenHolderName, _ terms: TokenTerms, as caller: Caller
    ) async throws(AccessError) -> Committed<NewToken> {
        let secret = digester.newTokenSecret()
        let command = CreateToken(holder: holder, terms: terms, secret: secret, digest: digester.digest(secret))
        return try await transactions.perform(command, as: caller)
    }

    /// Makes a token to take the place of another one, with its name and scope, which stays good for the time
    /// that it takes to bring the new one everywhere.
    /// - Parameters:
    ///   - overlap: how long the old one works on, at most 30 days; its own end stays if it is sooner.
    ///   - expiresAt: when the new one ends; nil for as long from now as the old one was made for.
    public func rotateToken(
        _ id: TokenID, of holder: TokenHolderName, overlap: Duration, expiresAt: Timestamp?, as caller: Caller
    ) async throws(AccessError) -> Committed<NewToken> {
        guard overlap >= .zero, overlap <= .seconds(30 * 86_400) else {
            throw .invalid(
                field: "overlap", value: "\(overlap.components.seconds)", reason: "use 0 to 2592000 seconds (30 days)")
        }
        let secret = digester.newTokenSecret()
        let command = RotateToken(
            id: id, holder: holder, overlap: overlap, expiresAt: expiresAt, secret: secret,
            digest: digester.digest(secret))
        return try await transactions.perform(command, as: caller)
    }

    /// A holder's tokens without their secrets, ordered by creation.
    public func tokens(of holder: TokenHolderName, as caller: Caller) async throws(AccessError) -> [TokenView] {
        let (tokens, kept) = try await transactions.ask(ListTokens(holder: holder), as: caller)
        let fresh = uses.of(Set(tokens.map(\.id)))
        return tokens.map { TokenView(token: $0, lastUse: fresh[$0.id] ?? kept[$0.id]) }
    }
}

struct CreateToken: Command {
    let holder: TokenHolderName
    let terms: TokenTerms
    let secret: String
    let digest: [UInt8]

    func perform(in context: WriteContext) throws(AccessError) -> NewToken {
        let (holder, isActive) = try context.tokenMaker(for: self.holder)
        try context.requireActive(isActive, self.holder)
        guard try context.writer.tokens(of: holder).count < 1_000 else {
            throw .conflict(code: .tooMany, detail: "\(self.holder) has 1,000 tokens: revoke some first")
        }
        guard (1...100).contains(terms.name.unicodeScalars.count),
            !terms.name.unicodeScalars.contains(where: \.properties.isControl)
        else {
            throw .invalid(
                field: "name", value: terms.name, reason: "use 1 to 100 characters that say what the token is for")
        }
        try context.checkEnd(terms.expiresAt)
        let token = AccessToken(
            id: context.newIdentifier(), holder: holder, name: terms.name, createdAt: context.now,
            expiresAt: terms.expiresAt, scope: terms.scope)
        try context.insert(.accessToken(token), secret: digest)
        return NewToken(token: token, secret: secret)
    }
}

struct RotateToken: Command {
    let id: TokenID
    let holder: TokenHolderName
    let overlap: Duration
    let expiresAt: Timestamp?
    let secret: String
    let digest: [UInt8]

    func perform(in context: WriteContext) throws(AccessError) -> NewToken {
        let (holder, isActive) = try context.tokenMaker(for: self.holder)
        try context.requireActive(isActive, self.holder)
        let old = try context.token(id, of: holder)
        guard old.rotatedTo == nil else {
            throw .conflict(code: .rotated, detail: "the token \(old.name) was rotated already: make a new one")
        }
        guard old.login == nil else {
            throw .conflict(code: .notRotated, detail: "a registry client's login is not rotated: log in again")
        }
        guard old.expiresAt.map({ context.now < $0 }) ?? true else {
            throw .conflict(code: .ended, detail: "the token \(old.name) has ended: make a new one")
        }
        try context.checkEnd(expiresAt)
        var new = old
        new.id = context.newIdentifier()
        new.createdAt = context.now
        new.expiresAt =
            expiresAt
            ?? old.expiresAt.map { min(context.now + old.createdAt.duration(to: $0), .last) }
        try context.insert(.accessToken(new), reason: "takes the place of \(old.id)", secret: digest)
        if overlap == .zero {
            try context.delete(.accessToken(old), reason: "rotated")
        } else {
            var ending = old
            ending.rotatedTo = new.id
            ending.expiresAt = min(old.expiresAt ?? context.now + overlap, context.now + overlap)
            try context.update(.accessToken(old), to: .accessToken(ending), reason: "rotated")
        }
        return NewToken(token: new, secret: secret)
    }
}

/// Revokes a token.
public struct DeleteToken: Command {
    public var holder: TokenHolderName
    public var id: TokenID

    public init(holder: TokenHolderName, id: TokenID) {
        self.holder = holder
        self.id = id
    }

    public func perform(in context: WriteContext) throws(AccessError) {
        let (holder, _) = try context.holder(holder, to: "revoke tokens")
        try context.delete(.accessToken(try context.token(id, of: holder)), reason: "revoked")
    }
}

private struct ListTokens: Query {
    let holder: TokenHolderName

    func answer(in context: ReadContext) throws(AccessError) -> ([AccessToken], [TokenID: TokenUse]) {
        let (holder, _) = try context.readHolder(holder, to: "read the tokens")
        return (try context.reader.tokens(of: holder), try context.reader.tokenUses(of: holder))
    }
}

extension WriteContext {
    /// Whom a token is made for, by somebody who may, and who has logged in without one.
    fileprivate func tokenMaker(
        for name: TokenHolderName
    ) throws(AccessError) -> (holder: TokenHolder, isActive: Bool) {
        if case .token = caller.proof {
            throw .forbidden("a token cannot make tokens: log in with the password (--login)")
        }
        return try holder(name, to: "make tokens")
    }

    fileprivate func requireActive(_ isActive: Bool, _ name: TokenHolderName) throws(AccessError) {
        guard !isActive else { return }
        throw .conflict(code: .inactive, detail: "\(name) is inactive, and inactive accounts get no tokens")
    }

    fileprivate func token(_ id: TokenID, of holder: TokenHolder) throws(AccessError) -> AccessToken {
        guard let token = try writer.token(id), token.holder == holder else {
            throw .notFound(kind: "token", name: id.rawValue)
        }
        return token
    }

    func checkEnd(_ end: Timestamp?) throws(AccessError) {
        guard let end, end <= now else { return }
        throw .invalid(field: "expires_at", value: end.description, reason: "this is past")
    }

    func revokeTokens(of holder: TokenHolder, reason: String) throws(AccessError) {
        for token in try writer.tokens(of: holder) { try delete(.accessToken(token), reason: reason) }
    }
}
