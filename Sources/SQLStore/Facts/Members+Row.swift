import AccessControl
import AccessModel

extension OrganizationMember: StoredFact {
    static let table = FactTable(
        "organization_members", key: ["organization_id", "user_id"], columns: ["role", "managed_by"])
    static let listing = table.select + " ORDER BY organization_id, user_id"

    init(row: any SQLRow) throws(AccessError) {
        self.init(
            organization: AccountID(rawValue: try row.requiredText(0)),
            user: AccountID(rawValue: try row.requiredText(1)), role: try row.word(2), managedBy: row.text(3))
    }

    func row(_: PersonalDigests) -> [SQLValue] {
        [.text(organization.rawValue), .text(user.rawValue), .text(role.rawValue), SQLValue(managedBy)]
    }

    init(json: inout JSONObjectReader) throws(AccessError) {
        let managedBy = try json.optionalText("managed_by")
        let organization = AccountID(rawValue: try json.text("organization"))
        let role = try json.word("role", default: Role.member)
        self.init(
            organization: organization, user: AccountID(rawValue: try json.text("user")), role: role,
            managedBy: managedBy)
    }

    func write(to json: inout JSONObjectWriter, _: PersonalDigests) {
        json.member("managed_by", managedBy)
        json.member("organization", organization.rawValue)
        json.member("role", role.rawValue)
        json.member("user", user.rawValue)
    }

    var fact: Fact { .organizationMember(self) }
}

extension TeamMember: StoredFact {
    static let table = FactTable("team_members", key: ["team_id", "user_id"], columns: ["role", "managed_by"])
    static let listing = table.select + " ORDER BY team_id, user_id"

    init(row: any SQLRow) throws(AccessError) {
        self.init(
            team: TeamID(rawValue: try row.requiredText(0)), user: AccountID(rawValue: try row.requiredText(1)),
            role: try row.word(2), managedBy: row.text(3))
    }

    func row(_: PersonalDigests) -> [SQLValue] {
        [.text(team.rawValue), .text(user.rawValue), .text(role.rawValue), SQLValue(managedBy)]
    }

    init(json: inout JSONObjectReader) throws(AccessError) {
        let managedBy = try json.optionalText("managed_by")
        let role = try json.word("role", default: Role.member)
        self.init(
            team: TeamID(rawValue: try json.text("team")), user: AccountID(rawValue: try json.text("user")),
            role: role, managedBy: managedBy)
    }

    func write(to json: inout JSONObjectWriter, _: PersonalDigests) {
        json.member("managed_by", managedBy)
        json.member("role", role.rawValue)
        json.member("team", team.rawValue)
        json.member("user", user.rawValue)
    }

    var fact: Fact { .teamMember(self) }
}
