import AccessControl
import AccessModel

extension Team: StoredFact {
    static let blank = Team(
        id: TeamID(rawValue: ""), organization: AccountID(rawValue: ""), name: TeamName(trusted: ""))
    static let table = FactTable("teams", of: blank, owner: "organization_id")

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

    mutating func code(_ coder: inout some FactCoder) throws(AccessError) {
        try coder.text("description", &description, default: "")
        try coder.identity(.key("id"), &id)
        try coder.text("managed_by", &managedBy)
        try coder.name("name", &name)
        try coder.identity(.init("organization", column: "organization_id"), &organization)
        try coder.identity(.init("parent", column: "parent_id"), &parent)
    }

    var fact: Fact { .team(self) }
}
