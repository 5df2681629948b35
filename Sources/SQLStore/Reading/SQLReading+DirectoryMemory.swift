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

    func memory(of directory: String, settings: Revision) throws(AccessError) -> DirectoryMemory? {
        try connection.first(
            "SELECT clock, doubt FROM directory_readings WHERE directory = ? AND settings_revision = ?",
            [.text(directory), .integer(settings)]
        ) { (row) throws(AccessError) in
            DirectoryMemory(
                settingsRevision: settings,
                clock: try StoredJSON.decode(DirectoryClock.self, from: try row.requiredText(0)), doubt: row.text(1))
        }
    }

    func knownGroups(of directory: String, settings: Revision) throws(AccessError) -> [KnownGroup] {
        try connection.first(
            "SELECT groups FROM directory_readings WHERE directory = ? AND settings_revision = ?",
            [.text(directory), .integer(settings)]
        ) { (row) throws(AccessError) in
            try StoredJSON.decode([KnownGroup].self, from: try row.requiredText(0))
        } ?? []
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

    func keep(_ memory: DirectoryMemory, groups: [KnownGroup]?, of directory: String) throws(AccessError) {
        try connection.execute(
            """
            INSERT INTO directory_readings (directory, settings_revision, clock, doubt, groups) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (directory) DO UPDATE SET settings_revision = excluded.settings_revision,
                    clock = excluded.clock, doubt = excluded.doubt
            """,
            [
                .text(directory), .integer(memory.settingsRevision), .text(try StoredJSON.encode(memory.clock)),
                SQLValue(memory.doubt), .text("[]"),
            ])
        guard let groups else { return }
        try connection.execute(
            "UPDATE directory_readings SET groups = ? WHERE directory = ?",
            [.text(try StoredJSON.encode(groups)), .text(directory)])
    }
}
