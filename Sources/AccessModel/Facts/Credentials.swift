/// That a user has a password kept here. The hash stands beside it and is in no log.
public struct Password: Hashable, Sendable, Codable {
    public var account: AccountID
    public var changedAt: Timestamp

    public init(account: AccountID, changedAt: Timestamp) {
        self.account = account
        self.changedAt = changedAt
    }

    enum CodingKeys: String, CodingKey {
        case account
        case changedAt = "changed_at"
    }
}

/// A secret that stands for its account until it ends. Only its digest is kept, beside it.
public struct AccessToken: Hashable, Sendable, Codable {
    public var id: TokenID
    public var account: AccountID
    public var name: String
    public var createdAt: Timestamp
    public var expiresAt: Timestamp?

    public init(id: TokenID, account: AccountID, name: String, createdAt: Timestamp, expiresAt: Timestamp? = nil) {
        self.id = id
        self.account = account
        self.name = name
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }

    enum CodingKeys: String, CodingKey {
        case id, account, name
        case createdAt = "created_at"
        case expiresAt = "expires_at"
    }
}

/// The name of a deleted account. Images may still lie under it, so nobody gets it until an
/// administrator frees it.
public struct RetiredName: Hashable, Sendable, Codable {
    public var name: AccountName
    public var retiredAt: Timestamp

    public init(name: AccountName, retiredAt: Timestamp) {
        self.name = name
        self.retiredAt = retiredAt
    }

    enum CodingKeys: String, CodingKey {
        case name
        case retiredAt = "retired_at"
    }
}
