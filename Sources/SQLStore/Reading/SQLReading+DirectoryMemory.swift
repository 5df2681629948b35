import AccessControl
import AccessModel

extension SQLReading {
    func unapproved(by directory: String, since time: Timestamp) throws(AccessError) -> SyncTally {
        let texts = try connection.rows(
            "SELECT tally FROM sync_runs WHERE directory = ? AND started_at >= ? AND tally IS NOT NULL",
            [.text(directory), .integer(time.microseconds)]
        ) { (row) throws(AccessError) in try row.requiredText(0) }
        var sum = SyncTally()
        for text in texts { sum = sum + (try StoredJSON.decode(SyncTally.self, from: text)) }
        return sum
    }

    func memory(of directory: String) throws(AccessError) -> DirectoryMemory? {
        let query = "SELECT settings_revision, clock, doubt, groups FROM directory_readings WHERE directory = ?"
        return try connection.first(query, [.text(directory)]) { (row) throws(AccessError) in
            DirectoryMemory(
                settingsRevision: try row.requiredInteger(0),
                clock: try StoredJSON.decode(DirectoryClock.self, from: try row.requiredText(1)), doubt: row.text(2),
                groups: try StoredJSON.decode([KnownGroup].self, from: try row.requiredText(3)))
        }
    }
}

extension SQLWriter {
    func trust(_ directory: String) throws(AccessError) {
        try connection.execute("UPDATE sync_runs SET tally = NULL WHERE directory = ?", [.text(directory)])
        let nothing = try StoredJSON.encode(DirectoryClock())
        try connection.execute(
            "UPDATE directory_readings SET doubt = NULL, clock = ? WHERE directory = ?",
            [.text(nothing), .text(directory)])
    }

    func keep(_ memory: DirectoryMemory, of directory: String) throws(AccessError) {
        let groups = try StoredJSON.encode(memory.groups)
        try connection.execute(
            """
            INSERT INTO directory_readings (directory, settings_revision, clock, doubt, groups) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (directory) DO UPDATE SET settings_revision = excluded.settings_revision,
                    clock = excluded.clock, doubt = excluded.doubt, groups = excluded.groups
            """,
            [
                .text(directory), .integer(memory.settingsRevision), .text(try StoredJSON.encode(memory.clock)),
                SQLValue(memory.doubt), .text(groups),
            ])
    }
}
