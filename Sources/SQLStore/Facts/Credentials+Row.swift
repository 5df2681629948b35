import AccessControl
import AccessModel

extension Password: StoredFact {
    static let table = FactTable("passwords", key: ["account_id"], columns: ["changed_at"], secret: "hash")
    static let listing = table.select + " ORDER BY account_id"

    init(row: any SQLRow) throws(AccessError) {
        self.init(
            account: AccountID(rawValue: try row.requiredText(0)),
            changedAt: Timestamp(microseconds: try row.requiredInteger(1)))
    }

    func row(_: PersonalDigests) -> [SQLValue] { [.text(account.rawValue), .integer(changedAt.microseconds)] }

    init(json: inout JSONObjectReader) throws(AccessError) {
        let account = AccountID(rawValue: try json.text("account"))
        self.init(account: account, changedAt: Timestamp(microseconds: try json.integer("changed_at")))
    }

    func write(to json: inout JSONObjectWriter, _: PersonalDigests) {
        json.member("account", account.rawValue)
        json.member("changed_at", changedAt.microseconds)
    }

    var fact: Fact { .password(self) }
}

extension AccessToken: StoredFact {
    static let table = FactTable(
        "tokens", key: ["id"], columns: ["account_id", "name", "created_at", "expires_at"], secret: "digest")
    static let listing = table.select + " ORDER BY id"

    init(row: any SQLRow) throws(AccessError) {
        self.init(
            id: TokenID(rawValue: try row.requiredText(0)), account: AccountID(rawValue: try row.requiredText(1)),
            name: try row.requiredText(2), createdAt: Timestamp(microseconds: try row.requiredInteger(3)),
            expiresAt: row.integer(4).map(Timestamp.init(microseconds:)))
    }

    func row(_: PersonalDigests) -> [SQLValue] {
        [
            .text(id.rawValue), .text(account.rawValue), .text(name), .integer(createdAt.microseconds),
            SQLValue(expiresAt?.microseconds),
        ]
    }

    init(json: inout JSONObjectReader) throws(AccessError) {
        let account = AccountID(rawValue: try json.text("account"))
        let createdAt = Timestamp(microseconds: try json.integer("created_at"))
        let expiresAt = try json.optionalInteger("expires_at").map(Timestamp.init(microseconds:))
        self.init(
            id: TokenID(rawValue: try json.text("id")), account: account, name: try json.text("name"),
            createdAt: createdAt, expiresAt: expiresAt)
    }

    func write(to json: inout JSONObjectWriter, _: PersonalDigests) {
        json.member("account", account.rawValue)
        json.member("created_at", createdAt.microseconds)
        json.member("expires_at", expiresAt?.microseconds)
        json.member("id", id.rawValue)
        json.member("name", name)
    }

    var fact: Fact { .accessToken(self) }
}

extension RetiredName: StoredFact {
    static let table = FactTable("retired_names", key: ["name"], columns: ["retired_at"])
    static let listing = table.select + " ORDER BY name"

    init(row: any SQLRow) throws(AccessError) {
        self.init(
            name: AccountName(trusted: try row.requiredText(0)),
            retiredAt: Timestamp(microseconds: try row.requiredInteger(1)))
    }

    func row(_: PersonalDigests) -> [SQLValue] { [.text(name.rawValue), .integer(retiredAt.microseconds)] }

    init(json: inout JSONObjectReader) throws(AccessError) {
        let name = AccountName(trusted: try json.text("name"))
        self.init(name: name, retiredAt: Timestamp(microseconds: try json.integer("retired_at")))
    }

    func write(to json: inout JSONObjectWriter, _: PersonalDigests) {
        json.member("name", name.rawValue)
        json.member("retired_at", retiredAt.microseconds)
    }

    var fact: Fact { .retiredName(self) }
}
