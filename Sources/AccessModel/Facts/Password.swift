/// That a user has a password kept here. The hash stands beside it and is in no log.
public struct Password: FactValue {
    public static let kind = Fact.Kind.password
    public var key: FactKey { FactKey(Self.kind, account.rawValue) }
    public var changeKeys: [ChangeKey] { [.identity(account)] }
    public var concerned: [Concerned] { [.account(account)] }
    public var named: [FactKey] { [.account(account)] }

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
