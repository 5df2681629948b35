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

    public init(token: AccessToken, lastUse: TokenUse?) {
        self.token = token
        self.lastUse = lastUse
    }
}

/// What a new token is to be.
public struct TokenTerms: Hashable, Sendable {
    public var name: String
    public var expiresAt: Timestamp?
    public var scope: TokenScope?
    public var may: [TokenRight<AccountName>]

    public init(
        name: String, expiresAt: Timestamp? = nil, scope: TokenScope? = nil, may: [TokenRight<AccountName>] = []
    ) {
        self.name = name
        self.expiresAt = expiresAt
        self.scope = scope
        self.may = may
    }
}

extension Authentication {
    /// Makes a token: of a user for themselves, or for anybody by an administrator; of a service account by
    /// whoever manages its owner, or with a token that may.
    public func createToken(
        of holder: TokenHolderName, _ terms: TokenTerms, as caller: Caller
    ) async throws(AccessError) -> Committed<NewToken> {
        let secret = digester.newTokenSecret()
        let command = CreateToken(holder: holder, terms: terms, secret: secret, digest: digester.digest(secret))
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
        try context.requireRoom(for: holder, named: self.holder.description)
        guard (1...100).contains(terms.name.unicodeScalars.count), terms.name.isPlainText else {
            throw .invalid(
                field: "name", value: terms.name, reason: "use 1 to 100 characters that say what the token is for")
        }
        try context.checkEnd(terms.expiresAt)
        let token = AccessToken(
            id: context.newIdentifier(), holder: holder, name: terms.name, createdAt: context.now,
            expiresAt: try end(in: context), scope: terms.scope, may: try rights(of: holder, in: context),
            madeBy: context.caller.token)
        try context.insert(.accessToken(token), secret: digest)
        return NewToken(token: token, secret: secret)
    }

    /// A token that is made with a token ends with it.
    private func end(in context: WriteContext) throws(AccessError) -> Timestamp? {
        guard context.caller.token != nil else { return terms.expiresAt }
        try context.requireEnd(terms.expiresAt ?? context.caller.end, atMost: context.caller.end)
        return terms.expiresAt ?? context.caller.end
    }

    /// A right is for those who can use it, and given by a person.
    private func rights(of holder: TokenHolder, in context: WriteContext) throws(AccessError) -> TokenRights {
        guard !terms.may.isEmpty else { return .none }
        guard context.caller.token == nil else {
            throw .forbidden("a token gives no right to make tokens: log in with the password (--login NAME)")
        }
        guard terms.may.count <= 20 else { throw .invalid(field: "may", value: nil, reason: "name 20 rights at most") }
        let rights = try terms.may.map { (right) throws(AccessError) in
            try right.of { (owner) throws(AccessError) in try context.manageable(owner, by: holder) }
        }
        return TokenRights(rights.compactMap(\.self))
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
        try context.revoke(try context.token(id, of: holder), reason: "revoked")
    }
}

extension Authentication {
    /// The token that the caller has logged in with, and whose it is.
    public func currentToken(as caller: Caller) async throws(AccessError) -> (holder: TokenHolderName, TokenView) {
        let (holder, token, kept) = try await transactions.ask(GetCurrentToken(), as: caller)
        return (holder, TokenView(token: token, lastUse: uses.of([token.id])[token.id] ?? kept))
    }
}

private struct GetCurrentToken: Query {
    func answer(in context: ReadContext) throws(AccessError) -> (TokenHolderName, AccessToken, TokenUse?) {
        let token = try context.currentToken()
        guard let holder = context.graph.principal(of: context.actor).flatMap(TokenHolderName.init) else {
            throw .unauthenticated("the account is gone")
        }
        return (holder, token, try context.reader.tokenUses(of: token.holder)[token.id])
    }
}

private struct ListTokens: Query {
    let holder: TokenHolderName

    func answer(in context: ReadContext) throws(AccessError) -> ([AccessToken], [TokenID: TokenUse]) {
        let (holder, _) = try context.readHolder(holder, to: "read the tokens")
        return (try context.reader.tokens(of: holder), try context.reader.tokenUses(of: holder))
    }
}

extension LookupContext {
    /// The token that the caller has logged in with.
    func currentToken() throws(AccessError) -> AccessToken {
        guard let id = caller.token else {
            throw .conflict(code: .noToken, detail: "you are logged in without a token: send the token that you mean")
        }
        guard allows(.readNames), let token = try rows.token(id) else {
            throw .unauthenticated("the token was revoked, or its account is inactive")
        }
        return token
    }

    /// The account whose service accounts' tokens a holder may manage.
    fileprivate func manageable(_ owner: AccountName, by holder: TokenHolder) throws(AccessError) -> AccountID {
        let id = try account(owner).value.id
        let mayManage =
            switch holder {
            case .user(let user): graph.allows(.user(user), .manageOrganization(id), at: now)
            case .serviceAccount(let service): try rows.serviceAccount(service)?.value.owner == id
            }
        guard mayManage else {
            throw .invalid(
                field: "may", value: "\(TokenRight.manageTokens(of: owner))",
                reason: "it is for service accounts of \(owner), and for users who manage these")
        }
        return id
    }
}

extension WriteContext {
    /// Whom a token is made for, by somebody who may: they have logged in without one, or with one that may.
    func tokenMaker(
        for name: TokenHolderName
    ) throws(AccessError) -> (holder: TokenHolder, isActive: Bool) {
        guard caller.token == nil || mayManageTokens(of: name) else {
            throw .forbidden(
                "this token cannot make tokens: log in with the password (--login NAME), or use one that may (--may)")
        }
        let found = try holder(name, to: "make tokens")
        if caller.token != nil, case .serviceAccount(let id) = found.holder,
            try writer.serviceAccount(id)?.value.isDecisionReader ?? true
        {
            throw .forbidden("\(name) is a decision reader: its tokens are made with a password")
        }
        return found
    }

    func requireActive(_ isActive: Bool, _ name: TokenHolderName) throws(AccessError) {
        guard !isActive else { return }
        throw .conflict(code: .inactive, detail: "\(name) is inactive, and inactive accounts get no tokens")
    }

    func requireRoom(for holder: TokenHolder, named name: String) throws(AccessError) {
        guard try writer.tokens(of: holder).count < 1_000 else {
            throw .conflict(code: .tooMany, detail: "\(name) has 1,000 tokens: revoke some first")
        }
    }

    func token(_ id: TokenID, of holder: TokenHolder) throws(AccessError) -> AccessToken {
        guard let token = try writer.token(id), token.holder == holder else {
            throw .notFound(kind: "token", name: id.rawValue)
        }
        return token
    }

    func checkEnd(_ end: Timestamp?) throws(AccessError) {
        guard let end, end <= now else { return }
        throw .invalid(field: "expires_at", value: end.description, reason: "this is past")
    }

    /// Of a token that is made with a token.
    func requireEnd(_ end: Timestamp?, atMost most: Timestamp?) throws(AccessError) {
        guard caller.token != nil, let most, end.map({ most < $0 }) ?? true else { return }
        throw .invalid(
            field: "expires_at", value: end?.description,
            reason: "with a token it is \(most) at the latest: log in with the password for a later one")
    }

    func revokeTokens(of holder: TokenHolder, reason: String) throws(AccessError) {
        for token in try writer.tokens(of: holder) { try revoke(token, reason: reason) }
    }

    /// Takes a token away, and those that were made with it.
    func revoke(_ token: AccessToken, reason: String) throws(AccessError) {
        // It may have gone with the one that made it.
        guard try writer.token(token.id) != nil else { return }
        try delete(.accessToken(token), reason: reason)
        for made in try writer.tokens(madeBy: token.id) {
            try delete(.accessToken(made), reason: "the token that it was made with was revoked")
        }
    }
}
