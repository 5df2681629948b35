import AccessControl
import AccessModel

extension SQLReading {
    func account(_ id: AccountID) throws(AccessError) -> Stored<Account>? {
        try one("WHERE id = ?", .text(id.rawValue))
    }

    func account(named name: AccountName) throws(AccessError) -> Stored<Account>? {
        try one("WHERE name = ?", .text(name.rawValue))
    }

    func user(withLogin login: AccountName) throws(AccessError) -> Stored<Account>? {
        try one("WHERE login = ?", .text(login.rawValue))
    }

    func loginsApartFromNames() throws(AccessError) -> Set<AccountName> {
        var logins: Set<AccountName> = []
        try connection.scan("SELECT login FROM accounts WHERE login <> name", []) { (row) throws(AccessError) in
            logins.insert(AccountName(trusted: try row.requiredText(0)))
        }
        return logins
    }

    func users(withPrincipalName name: String) throws(AccessError) -> [Account] {
        try all("WHERE principal_name = ? ORDER BY id", .text(name)).map(\.value)
    }

    func accounts(_ kind: Account.Kind, _ page: Page) throws(AccessError) -> [Stored<Account>] {
        let filter = SQLFilter(page.filter, names: ["name", "full_name"], isOfAccounts: true)
        let (condition, order, key) =
            page.order == .name ? ("name > ?", "name", page.key) : ("id < ?", "id DESC", page.keyOfNewest)
        let sql =
            "\(Account.table.select) WHERE \(Self.isOf(kind)) AND \(condition)\(filter.sql) ORDER BY \(order) LIMIT ?"
        return try connection.rows(sql, [key] + filter.arguments + [page.size]) { (row) throws(AccessError) in
            try Account.stored(row)
        }
    }

    func count(of kind: Account.Kind, _ filter: ListFilter) throws(AccessError) -> Int {
        let filter = SQLFilter(filter, names: ["name", "full_name"], isOfAccounts: true)
        return try count("SELECT count(*) FROM accounts WHERE \(Self.isOf(kind))\(filter.sql)", filter.arguments)
    }

    /// The kind is written out, as only then the index of organisations is used.
    private static func isOf(_ kind: Account.Kind) -> String {
        kind == .user ? "kind = 'user'" : "kind = 'organization'"
    }

    func accounts(linkedTo directory: String) throws(AccessError) -> [Account] {
        try all("WHERE directory = ? ORDER BY id", .text(directory)).map(\.value)
    }

    func activeLinks(to directory: String) throws(AccessError) -> [DirectoryLink] {
        var links: [DirectoryLink] = []
        try connection.query(
            "SELECT external_id, dn FROM accounts WHERE directory = ? AND active = 1 ORDER BY id", [.text(directory)]
        ) { (row) throws(AccessError) in
            links.append(
                DirectoryLink(
                    directory: directory, externalID: try row.requiredText(0), dn: try row.requiredText(1)))
        }
        return links
    }

    func hasResting(of directory: String, goneBy time: Timestamp) throws(AccessError) -> Bool {
        try connection.first(
            "SELECT 1 FROM accounts WHERE directory = ? AND gone_since <= ? AND resting = 1 LIMIT 1",
            [.text(directory), .integer(time.microseconds)]
        ) { _ in true } ?? false
    }

    func activeSystemAdministratorCount() throws(AccessError) -> Int {
        try count("SELECT count(*) FROM accounts WHERE system_admin = 1 AND active = 1")
    }

    func activeSystemAdministrators() throws(AccessError) -> [Account] {
        try all("WHERE system_admin = 1 AND active = 1 ORDER BY id").map(\.value)
    }

    func retiredName(_ name: AccountName) throws(AccessError) -> Stored<RetiredName>? {
        try one("WHERE name = ?", .text(name.rawValue))
    }

    func retiredNames(_ page: Page) throws(AccessError) -> [RetiredName] {
        try all("WHERE name > ? ORDER BY name LIMIT ?", page.key, page.size).map(\.value)
    }
}
