import AccessControl
import AccessModel

/// Brings `change_keys` nearer to the end of the log.
struct ChangeKeysFill {
    let reading: any SQLReading

    private static let insert =
        """
        INSERT INTO change_keys (key, kind, revision, fact, is_new) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (key, kind, revision) DO NOTHING
        """

    /// Takes in the next entries, so many at the most.
    /// - Returns: whether there are more.
    func run(limit: Int) throws(AccessError) -> Bool {
        let begin = try reading.changeKeysEnd()
        let entries = try reading.connection.rows(
            "SELECT \(LogEntry.columns) FROM changes WHERE revision > ? ORDER BY revision LIMIT ?",
            [.integer(begin), .integer(Int64(limit))]
        ) { (row) throws(AccessError) in try LogEntry(row: row) }
        guard let last = entries.last else { return false }
        var owners = ChangeOwners()
        for entry in entries {
            let change = try entry.change()
            guard let fact = change.fact?.key.text else { continue }
            for key in change.keys { try add(key.rawValue, entry.kind.rawValue, entry, fact, change.before == nil) }
            let subjects = try owners.subjects(of: change) { (kind, id) throws(AccessError) in
                try reading.owner(kind, id, upTo: entry.revision)
            }
            for subject in subjects { try add(subject.id, "about", entry, "", false) }
            try reading.connection.execute(
                """
                INSERT INTO derived_tables (name, revision) VALUES ('change_keys', ?)
                    ON CONFLICT (name) DO UPDATE SET revision = excluded.revision
                """, [.integer(entry.revision)])
        }
        return try last.revision < reading.revision()
    }

    private func add(
        _ key: String, _ kind: String, _ entry: LogEntry, _ fact: String, _ isNew: Bool
    ) throws(AccessError) {
        try reading.connection.execute(
            Self.insert, [.text(key), .text(kind), .integer(entry.revision), .text(fact), SQLValue(isNew)])
    }
}
