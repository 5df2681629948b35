import AccessControl
import AccessModel

extension SQLReading {
    // A start reads every row: only what a graph holds is fetched, and nothing of it needs memory of its own. What is
    // listed by name comes in that order, so that the graph's lists need no sorting.
    func forEachDecidingFact(_ visit: (Fact) throws(AccessError) -> Void) throws(AccessError) {
        try connection.scan("\(Account.decidingSelect) ORDER BY name", []) { (row) throws(AccessError) in
            try visit(.account(Account(decidingRow: row)))
        }
        try connection.scan("SELECT organization_id, user_id, role FROM organization_members", []) {
            (row) throws(AccessError) in
            let member = OrganizationMember(
                organization: AccountID(rawValue: try row.requiredText(0)),
                user: AccountID(rawValue: try row.requiredText(1)), role: try row.word(2))
            try visit(.organizationMember(member))
        }
        try connection.scan(Team.listing, []) { (row) throws(AccessError) in try visit(.team(Team(row: row))) }
        try connection.scan("SELECT team_id, user_id, role FROM team_members", []) { (row) throws(AccessError) in
            let member = TeamMember(
                team: TeamID(rawValue: try row.requiredText(0)),
                user: AccountID(rawValue: try row.requiredText(1)), role: try row.word(2))
            try visit(.teamMember(member))
        }
        try connection.scan(ServiceAccount.listing, []) { (row) throws(AccessError) in
            try visit(.serviceAccount(ServiceAccount(row: row)))
        }
        let repositories = """
            SELECT repositories.id, namespace_id, repositories.name, visibility
            FROM repositories JOIN accounts ON accounts.id = namespace_id
            ORDER BY accounts.name || '/', repositories.name
            """
        try connection.scan(repositories, []) { (row) throws(AccessError) in
            let repository = Repository(
                id: RepositoryID(rawValue: try row.requiredText(0)),
                namespace: AccountID(rawValue: try row.requiredText(1)), name: try row.requiredText(2),
                visibility: try row.word(3))
            try visit(.repository(repository))
        }
        try connection.scan(Grant.table.select, []) { (row) throws(AccessError) in try visit(.grant(Grant(row: row))) }
        try forEach(Role.self, visit)
        try forEach(ResourceCollection.self, visit)
        try connection.scan(ControlGrant.table.select, []) { (row) throws(AccessError) in
            try visit(.controlGrant(ControlGrant(row: row)))
        }
        try forEach(Site.self, visit)
        try forEach(Placement.self, visit)
        try forEach(ControlSettings.self, visit)
    }
}

extension Account {
    /// The columns that decisions depend on.
    static let decidingSelect =
        "SELECT id, kind, name, active, system_admin, decision_reader, create_on_push FROM accounts"

    init(decidingRow row: any SQLRow) throws(AccessError) {
        self.init(
            id: AccountID(rawValue: try row.requiredText(0)), kind: try row.word(1),
            name: AccountName(trusted: try row.requiredText(2)), isActive: try row.flag(3),
            isSystemAdmin: try row.flag(4), isDecisionReader: try row.flag(5),
            createsRepositoriesOnPush: try row.flag(6))
    }
}
