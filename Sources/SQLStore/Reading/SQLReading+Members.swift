import AccessControl
import AccessModel

extension SQLReading {
    func member(_ user: AccountID, of organization: AccountID) throws(AccessError) -> Stored<OrganizationMember>? {
        try one("WHERE organization_id = ? AND user_id = ?", .text(organization.rawValue), .text(user.rawValue))
    }

    func members(of organization: AccountID, _ page: Page) throws(AccessError) -> [MemberView<OrganizationMember>] {
        try views("organization_id", organization.rawValue, page)
    }

    func memberCount(of organization: AccountID, _ filter: ListFilter) throws(AccessError) -> Int {
        try memberCount(OrganizationMember.self, "organization_id", organization.rawValue, filter)
    }

    func organizations(of user: AccountID) throws(AccessError) -> [OrganizationMember] {
        try all("JOIN accounts ON id = organization_id WHERE user_id = ? ORDER BY name", .text(user.rawValue))
            .map(\.value)
    }

    func activeOwnerCount(of organization: AccountID) throws(AccessError) -> Int {
        try count(
            """
            SELECT count(*) FROM organization_members JOIN accounts ON id = user_id
            WHERE organization_id = ? AND role = 'owner' AND active = 1
            """, .text(organization.rawValue))
    }

    func member(_ user: AccountID, of team: TeamID) throws(AccessError) -> Stored<TeamMember>? {
        try one("WHERE team_id = ? AND user_id = ?", .text(team.rawValue), .text(user.rawValue))
    }

    func members(of team: TeamID, _ page: Page) throws(AccessError) -> [MemberView<TeamMember>] {
        try views("team_id", team.rawValue, page)
    }

    func memberCount(of team: TeamID, _ filter: ListFilter) throws(AccessError) -> Int {
        try memberCount(TeamMember.self, "team_id", team.rawValue, filter)
    }

    func teams(of user: AccountID) throws(AccessError) -> [TeamMember] {
        try all("JOIN teams ON id = team_id WHERE user_id = ? ORDER BY name, team_id", .text(user.rawValue))
            .map(\.value)
    }

    func organizationMembers() throws(AccessError) -> [OrganizationMember] { try all("").map(\.value) }

    func teamMembers() throws(AccessError) -> [TeamMember] { try all("").map(\.value) }

    private static func filter(_ filter: ListFilter) -> SQLFilter {
        SQLFilter(filter, names: ["accounts.name", "full_name"], isOfAccounts: true, isOfMembers: true)
    }

    private func memberCount<Membership: StoredFact>(
        _ type: Membership.Type, _ column: String, _ id: String, _ filter: ListFilter
    ) throws(AccessError) -> Int {
        let filter = Self.filter(filter)
        let sql = """
            SELECT count(*) FROM \(type.table.name) JOIN accounts ON accounts.id = user_id
            WHERE \(column) = ?\(filter.sql)
            """
        return try count(sql, [.text(id)] + filter.arguments)
    }

    private func views<Membership: StoredFact & Hashable>(
        _ column: String, _ id: String, _ page: Page
    ) throws(AccessError) -> [MemberView<Membership>] {
        let table = Membership.table
        let revision = table.revisionColumn
        let filter = Self.filter(page.filter)
        let sql = """
            SELECT \(table.columns), accounts.name, full_name, active
            FROM \(table.name) JOIN accounts ON accounts.id = user_id
            WHERE \(column) = ? AND accounts.name > ?\(filter.sql) ORDER BY accounts.name LIMIT ?
            """
        let arguments = [.text(id), page.key] + filter.arguments + [page.size]
        return try connection.rows(sql, arguments) { (row) throws(AccessError) in
            MemberView(
                user: AccountName(trusted: try row.requiredText(revision + 1)),
                fullName: try row.requiredText(revision + 2), isActive: try row.flag(revision + 3),
                membership: try Membership(row: row), revision: try row.requiredInteger(revision))
        }
    }
}
