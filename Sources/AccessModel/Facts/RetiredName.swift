/// The name of a deleted account. Images may still lie under it, so nobody gets it until an
/// administrator frees it.
public struct RetiredName: FactValue {
    public static let kind = Fact.Kind.retiredName
    public var key: FactKey { FactKey(Self.kind, name.rawValue) }
    public var changeKeys: [ChangeKey] { [.account(named: name)] }
    public var concerned: [Concerned] { [] }

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
