public import AccessModel

/// A token with its secret, which is shown this once.
public struct NewToken: Hashable, Sendable {
    public let token: AccessToken
    public let secret: String
}

extension AccessService {
    /// Makes a token for a user: their own, or anybody's for an administrator.
    public func createToken(
        for name: AccountName, named label: String, expiresAt: Timestamp?, as caller: Caller
    ) async throws(AccessError) -> Committed<NewToken> {
        let secret = digester.newTokenSecret()
        let command = CreateToken(
            user: name, name: label, expiresAt: expiresAt, secret: secret, digest: digester.digest(secret))
        return try await perform(command, as: caller)
    }
}

struct CreateToken: Command {
    let user: AccountName
    let name: String
    let expiresAt: Timestamp?
    let secret: String
    let digest: [UInt8]

    func perform(in context: WriteContext) throws(AccessError) -> NewToken {
        if case .token = context.caller.proof {
            throw .forbidden("a token cannot make tokens: log in with the password")
        }
        let user = try context.user(user).value
        try context.require(.editProfile(user.id), to: "make tokens for \(user.name)")
        guard user.isActive else {
            throw .conflict(code: "inactive", detail: "\(user.name) is inactive, and inactive accounts have no tokens")
        }
        guard (1...100).contains(name.count), !name.unicodeScalars.contains(where: { $0.properties.isControl }) else {
            throw .invalid(field: "name", value: name, reason: "use 1 to 100 characters that say what the token is for")
        }
        if let expiresAt, expiresAt <= context.now {
            throw .invalid(field: "expires_at", value: expiresAt.description, reason: "this is past")
        }
        let token = AccessToken(
            id: context.newIdentifier(), account: user.id, name: name, createdAt: context.now, expiresAt: expiresAt)
        try context.insert(.accessToken(token), secret: digest)
        return NewToken(token: token, secret: secret)
    }
}

/// Revokes a token.
public struct DeleteToken: Command {
    public var user: AccountName
    public var id: TokenID

    public init(user: AccountName, id: TokenID) {
        self.user = user
        self.id = id
    }

    public func perform(in context: WriteContext) throws(AccessError) {
        let user = try context.user(user).value
        try context.require(.editProfile(user.id), to: "revoke tokens of \(user.name)")
        guard let token = try context.writer.token(id), token.account == user.id else {
            throw .notFound(kind: "token", name: id.rawValue)
        }
        try context.delete(.accessToken(token), reason: "revoked")
    }
}

/// A user's tokens without their secrets, ordered by creation.
public struct ListTokens: Query {
    public var user: AccountName

    public init(user: AccountName) { self.user = user }

    public func answer(in context: ReadContext) throws(AccessError) -> [AccessToken] {
        let user = try context.user(user).value
        try context.require(.editProfile(user.id), to: "read the tokens of \(user.name)")
        return try context.reader.tokens(of: user.id)
    }
}
