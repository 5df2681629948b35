import AccessControl
import AccessModel

extension ServiceAccount: StoredFact {
    static let table = FactTable(
        "service_accounts", key: ["id"],
        columns: ["owner_id", "name", "description", "active", "decision_reader", "expires_at"], owner: "owner_id")
    static let listing = table.select + " ORDER BY id"

    init(row: any SQLRow) throws(AccessError) {
        self.init(
            id: ServiceAccountID(rawValue: try row.requiredText(0)),
            owner: AccountID(rawValue: try row.requiredText(1)), name: TeamName(trusted: try row.requiredText(2)),
            description: try row.requiredText(3), isActive: try row.flag(4), isDecisionReader: try row.flag(5),
            expiresAt: row.integer(6).map(Timestamp.init(microseconds:)))
    }

    func row(_: PersonalDigests) -> [SQLValue] {
        [
            .text(id.rawValue), .text(owner.rawValue), .text(name.rawValue), .text(description), SQLValue(isActive),
            SQLValue(isDecisionReader), SQLValue(expiresAt?.microseconds),
        ]
    }

    init(json: inout JSONObjectReader) throws(AccessError) {
        let isActive = try json.flag("active", default: true)
        let isDecisionReader = try json.flag("decision_reader")
        let description = try json.optionalText("description") ?? ""
        let expiresAt = try json.optionalInteger("expires_at").map(Timestamp.init(microseconds:))
        let id = ServiceAccountID(rawValue: try json.text("id"))
        let name = TeamName(trusted: try json.text("name"))
        self.init(
            id: id, owner: AccountID(rawValue: try json.text("owner")), name: name, description: description,
            isActive: isActive, isDecisionReader: isDecisionReader, expiresAt: expiresAt)
    }

    func write(to json: inout JSONObjectWriter, _: PersonalDigests) {
        json.member("active", isActive)
        json.member("decision_reader", isDecisionReader)
        json.member("description", description)
        json.member("expires_at", expiresAt?.microseconds)
        json.member("id", id.rawValue)
        json.member("name", name.rawValue)
        json.member("owner", owner.rawValue)
    }

    var fact: Fact { .serviceAccount(self) }
}
