import AccessControl
import AccessModel

extension TeamMember: StoredFact {
    static let blank = TeamMember(team: TeamID(rawValue: ""), user: AccountID(rawValue: ""), role: .member)
    static let table = FactTable("team_members", of: blank)
    static let listing = table.select + " ORDER BY team_id, user_id"

    mutating func code(_ coder: inout some FactCoder) throws(AccessError) {
        try coder.text("managed_by", &managedBy)
        try coder.word("role", &role, default: .member)
        try coder.identity(.key("team", column: "team_id"), &team)
        try coder.identity(.key("user", column: "user_id"), &user)
    }

    var fact: Fact { .teamMember(self) }
}
