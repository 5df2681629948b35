import AccessControl
import AccessModel

extension Password: StoredFact {
    static let blank = Password(account: AccountID(rawValue: ""), changedAt: Timestamp(microseconds: 0))
    static let table = FactTable("passwords", of: blank, secret: "hash")
    static let listing = table.select + " ORDER BY account_id"

    mutating func code(_ coder: inout some FactCoder) throws(AccessError) {
        try coder.identity(.key("account", column: "account_id"), &account)
        try coder.time("changed_at", &changedAt)
    }

    var fact: Fact { .password(self) }
}
