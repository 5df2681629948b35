import AccessControl
import AccessModel

extension Team: StoredFact {
    static let table = FactTable(
        "teams", key: ["id"], columns: ["organization_id", "name", "description", "parent_id", "managed_by"],
        owner: "organization_id")

    /// Parents before children, so that a graph can be built in one pass; then by key. Teams in
    /// a cycle, which no command makes, come last.
    static let listing = """
        WITH RECURSIVE depths (id, depth) AS (
            SELECT id, 0 FROM teams WHERE parent_id IS NULL
            UNION ALL
            SELECT teams.id, depth + 1 FROM teams JOIN depths ON teams.parent_id = depths.id
        )
        \(table.select) LEFT JOIN depths ON depths.id = teams.id
        ORDER BY depth IS NULL, depth, teams.id
        """

    init(row: any SQLRow) throws(AccessError) {
        self.init(
            id: TeamID(rawValue: try row.requiredText(0)), organization: AccountID(rawValue: try row.requiredText(1)),
            name: TeamName(trusted: try row.requiredText(2)), description: try row.requiredText(3),
            parent: row.text(4).map(TeamID.init(rawValue:)), managedBy: row.text(5))
    }

    func row(_: PersonalDigests) -> [SQLValue] {
        [
            .text(id.rawValue), .text(organization.rawValue), .text(name.rawValue), .text(description),
            SQLValue(parent?.rawValue), SQLValue(managedBy),
        ]
    }

    init(json: inout JSONObjectReader) throws(AccessError) {
        let description = try json.optionalText("description") ?? ""
        let id = TeamID(rawValue: try json.text("id"))
        let managedBy = try json.optionalText("managed_by")
        let name = TeamName(trusted: try json.text("name"))
        self.init(
            id: id, organization: AccountID(rawValue: try json.text("organization")), name: name,
            description: description, parent: try json.optionalText("parent").map(TeamID.init(rawValue:)),
            managedBy: managedBy)
    }

    func write(to json: inout JSONObjectWriter, _: PersonalDigests) {
        json.member("description", description)
        json.member("id", id.rawValue)
        json.member("managed_by", managedBy)
        json.member("name", name.rawValue)
        json.member("organization", organization.rawValue)
        json.member("parent", parent?.rawValue)
    }

    var fact: Fact { .team(self) }
}
