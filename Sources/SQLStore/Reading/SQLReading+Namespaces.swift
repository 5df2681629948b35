import AccessControl
import AccessModel

// Teams, service accounts, repositories, and the grants on them.
extension SQLReading {
    func team(_ id: TeamID) throws(AccessError) -> Stored<Team>? {
        try one("WHERE id = ?", .text(id.rawValue))
    }

    func team(named name: TeamName, in organization: AccountID) throws(AccessError) -> Stored<Team>? {
        try one("WHERE organization_id = ? AND name = ?", .text(organization.rawValue), .text(name.rawValue))
    }

    func teams(of organization: AccountID, _ page: Page) throws(AccessError) -> [Stored<Team>] {
        let filter = SQLFilter(page.filter, names: ["name", "description"])
        let sql = "\(Team.table.select) WHERE organization_id = ? AND name > ?\(filter.sql) ORDER BY name LIMIT ?"
        let arguments = [.text(organization.rawValue), page.key] + filter.arguments + [page.size]
        return try connection.rows(sql, arguments) { (row) throws(AccessError) in try Team.stored(row) }
    }

    func teamCount(of organization: AccountID, _ filter: ListFilter) throws(AccessError) -> Int {
        let filter = SQLFilter(filter, names: ["name", "description"])
        return try count(
            "SELECT count(*) FROM teams WHERE organization_id = ?\(filter.sql)",
            [.text(organization.rawValue)] + filter.arguments)
    }

    func serviceAccount(_ id: ServiceAccountID) throws(AccessError) -> Stored<ServiceAccount>? {
        try one("WHERE id = ?", .text(id.rawValue))
    }

    func serviceAccount(named name: TeamName, of owner: AccountID) throws(AccessError) -> Stored<ServiceAccount>? {
        try one("WHERE owner_id = ? AND name = ?", .text(owner.rawValue), .text(name.rawValue))
    }

    func serviceAccounts(of owner: AccountID) throws(AccessError) -> [Stored<ServiceAccount>] {
        try all("WHERE owner_id = ? ORDER BY name", .text(owner.rawValue))
    }

    func repositoryOwners() throws(AccessError) -> Set<AccountID> {
        Set(
            try connection.rows("SELECT DISTINCT namespace_id FROM repositories", []) { (row) throws(AccessError) in
                AccountID(rawValue: try row.requiredText(0))
            })
    }

    func repository(_ id: RepositoryID) throws(AccessError) -> Stored<Repository>? {
        try one("WHERE id = ?", .text(id.rawValue))
    }

    func repository(named name: String, in namespace: AccountID) throws(AccessError) -> Stored<Repository>? {
        try one("WHERE namespace_id = ? AND name = ?", .text(namespace.rawValue), .text(name))
    }

    func repositories(in namespace: AccountID, _ page: Page) throws(AccessError) -> [Stored<Repository>] {
        try all(
            "WHERE namespace_id = ? AND name > ? ORDER BY name LIMIT ?", .text(namespace.rawValue), page.key,
            page.size)
    }

    func grant(_ subject: GrantSubject, on target: GrantTarget) throws(AccessError) -> Stored<Grant>? {
        try one(
            "WHERE subject_id = ? AND target_id = ? AND subject_kind = ? AND target_kind = ?", .text(subject.id),
            .text(target.id), .text(subject.kind), .text(target.kind))
    }

    func grants(on target: GrantTarget) throws(AccessError) -> [Stored<Grant>] {
        try all(
            "WHERE target_id = ? AND target_kind = ? ORDER BY subject_kind, subject_id", .text(target.id),
            .text(target.kind))
    }

    func grants(to subject: GrantSubject) throws(AccessError) -> [Stored<Grant>] {
        try all(
            "WHERE subject_id = ? AND subject_kind = ? ORDER BY target_kind, target_id", .text(subject.id),
            .text(subject.kind))
    }
}
