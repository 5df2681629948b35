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
        "tokens", key: ["id"],
        columns: [
            "account_id", "name", "created_at", "expires_at", "holder_kind", "scope", "registry_service",
            "password_set", "rotated_to",
        ], owner: "account_id", secret: "digest")
    static let listing = table.select + " ORDER BY id"

    init(row: any SQLRow) throws(AccessError) {
        let (kind, id) = (try row.requiredText(5), try row.requiredText(1))
        guard let holder = TokenHolder(kind: kind, id: id) else {
            throw .storage(.failed("\(kind) holds no tokens"))
        }
        self.init(
            id: TokenID(rawValue: try row.requiredText(0)), holder: holder,
            name: try row.requiredText(2), createdAt: Timestamp(microseconds: try row.requiredInteger(3)),
            expiresAt: row.integer(4).map(Timestamp.init(microseconds:)),
            scope: try row.text(6).map { (text) throws(AccessError) in try Self.scope(text) },
            rotatedTo: row.text(9).map(TokenID.init(rawValue:)),
            login: row.text(7).map { RegistryLogin(service: $0, passwordSet: row.text(8)) })
    }

    private static func scope(_ text: String) throws(AccessError) -> TokenScope {
        do { return try TokenScope(text) } catch { throw .storage(.failed("a token's scope cannot be read: \(error)")) }
    }

    func row(_: PersonalDigests) -> [SQLValue] {
        [
            .text(id.rawValue), .text(holder.id), .text(name), .integer(createdAt.microseconds),
            SQLValue(expiresAt?.microseconds), .text(holder.kind), SQLValue(scope?.description),
            SQLValue(login?.service), SQLValue(login?.passwordSet), SQLValue(rotatedTo?.rawValue),
        ]
    }

    init(json: inout JSONObjectReader) throws(AccessError) {
        let user = try json.optionalText("account").map { TokenHolder.user(AccountID(rawValue: $0)) }
        let createdAt = Timestamp(microseconds: try json.integer("created_at"))
        let expiresAt = try json.optionalInteger("expires_at").map(Timestamp.init(microseconds:))
        let (id, name) = (TokenID(rawValue: try json.text("id")), try json.text("name"))
        let passwordSet = try json.optionalText("password_set")
        let service = try json.optionalText("registry_service")
        let rotatedTo = try json.optionalText("rotated_to").map(TokenID.init(rawValue:))
        let scope = try json.optionalText("scope").map { (text) throws(AccessError) in try Self.scope(text) }
        let holder: TokenHolder
        if let user {
            holder = user
        } else {
            holder = .serviceAccount(ServiceAccountID(rawValue: try json.text("service_account")))
        }
        self.init(
            id: id, holder: holder, name: name, createdAt: createdAt, expiresAt: expiresAt, scope: scope,
            rotatedTo: rotatedTo, login: service.map { RegistryLogin(service: $0, passwordSet: passwordSet) })
    }

    func write(to json: inout JSONObjectWriter, _: PersonalDigests) {
        if case .user(let account) = holder { json.member("account", account.rawValue) }
        json.member("created_at", createdAt.microseconds)
        json.member("expires_at", expiresAt?.microseconds)
        json.member("id", id.rawValue)
        json.member("name", name)
        json.member("password_set", login?.passwordSet)
        json.member("registry_service", login?.service)
        json.member("rotated_to", rotatedTo?.rawValue)
        json.member("scope", scope?.description)
        if case .serviceAccount(let service) = holder { json.member("service_account", service.rawValue) }
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
