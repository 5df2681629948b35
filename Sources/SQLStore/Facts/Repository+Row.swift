import AccessControl
import AccessModel

extension Repository: StoredFact {
    static let table = FactTable(
        "repositories", key: ["id"], columns: ["namespace_id", "name", "visibility", "description"],
        owner: "namespace_id")
    static let listing = table.select + " ORDER BY id"

    init(row: any SQLRow) throws(AccessError) {
        self.init(
            id: RepositoryID(rawValue: try row.requiredText(0)),
            namespace: AccountID(rawValue: try row.requiredText(1)), name: try row.requiredText(2),
            visibility: try row.word(3), description: try row.requiredText(4))
    }

    func row(_: PersonalDigests) -> [SQLValue] {
        [
            .text(id.rawValue), .text(namespace.rawValue), .text(name), .text(visibility.rawValue),
            .text(description),
        ]
    }

    init(json: inout JSONObjectReader) throws(AccessError) {
        let description = try json.optionalText("description") ?? ""
        let id = RepositoryID(rawValue: try json.text("id"))
        let name = try json.text("name")
        self.init(
            id: id, namespace: AccountID(rawValue: try json.text("namespace")), name: name,
            visibility: try json.word("visibility", default: .private), description: description)
    }

    func write(to json: inout JSONObjectWriter, _: PersonalDigests) {
        json.member("description", description)
        json.member("id", id.rawValue)
        json.member("name", name)
        json.member("namespace", namespace.rawValue)
        json.member("visibility", visibility.rawValue)
    }

    var fact: Fact { .repository(self) }
}
