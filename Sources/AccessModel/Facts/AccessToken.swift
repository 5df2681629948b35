/// A secret that stands for its holder until it ends. Only its digest is kept, beside it.
public struct AccessToken: FactValue {
    public static let kind = Fact.Kind.accessToken
    public var key: FactKey { FactKey(Self.kind, id.rawValue) }
    public var changeKeys: [ChangeKey] {
        [.identity(id), .identity(holder.id)] + may.owners.map { .identity($0) }
    }
    public var concerned: [Concerned] {
        let holder: Concerned =
            switch self.holder {
            case .user(let user): .account(user)
            case .serviceAccount(let id): .owner(.serviceAccount, id.rawValue)
            }
        return [holder] + may.owners.map { .account($0) }
    }
    public var named: [FactKey] { [holder.factKey] + may.owners.map { .account($0) } }

    public var id: TokenID
    public var holder: TokenHolder
    public var name: String
    public var createdAt: Timestamp
    public var expiresAt: Timestamp?
    /// What it is limited to; nil for all that its holder may.
    public var scope: TokenScope?
    /// What it may do about tokens, which its holder may not with any other token.
    public var may: TokenRights
    /// The token that it was made with, with which it is revoked; nil for one that a person made.
    public var madeBy: TokenID?
    /// The token that was made in its place, while it works on.
    public var rotatedTo: TokenID?
    /// Only of a refresh token, which a registry's client keeps instead of a password.
    public var login: RegistryLogin?

    public init(
        id: TokenID, holder: TokenHolder, name: String, createdAt: Timestamp, expiresAt: Timestamp? = nil,
        scope: TokenScope? = nil, may: TokenRights = .none, madeBy: TokenID? = nil, rotatedTo: TokenID? = nil,
        login: RegistryLogin? = nil
    ) {
        self.id = id
        self.holder = holder
        self.name = name
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.scope = scope
        self.may = may
        self.madeBy = madeBy
        self.rotatedTo = rotatedTo
        self.login = login
    }

    enum CodingKeys: String, CodingKey {
        case id, account, name, scope, may
        case serviceAccount = "service_account"
        case madeBy = "made_by"
        case rotatedTo = "rotated_to"
        case registryService = "registry_service"
        case createdAt = "created_at"
        case expiresAt = "expires_at"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        switch holder {
        case .user(let id): try container.encode(id, forKey: .account)
        case .serviceAccount(let id): try container.encode(id, forKey: .serviceAccount)
        }
        try container.encode(name, forKey: .name)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encodeIfPresent(expiresAt, forKey: .expiresAt)
        try container.encodeIfPresent(scope?.description, forKey: .scope)
        if may != .none { try container.encode(may.description, forKey: .may) }
        try container.encodeIfPresent(madeBy, forKey: .madeBy)
        try container.encodeIfPresent(rotatedTo, forKey: .rotatedTo)
        try container.encodeIfPresent(login?.service, forKey: .registryService)
    }
}

/// What a refresh token is bound to, beside its user.
public struct RegistryLogin: Hashable, Sendable {
    /// The registry's `service`.
    public var service: String
    /// When the password was set that the token was got with, as the directory that has it writes it; nil
    /// where the password is kept here, or the directory does not tell.
    public var directoryPasswordTime: String?

    public init(service: String, directoryPasswordTime: String? = nil) {
        self.service = service
        self.directoryPasswordTime = directoryPasswordTime
    }
}
