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
        try connection.first(
            "SELECT clock, doubt, doubted FROM directory_clocks WHERE directory = ?", [.text(directory)]
        ) { (row) throws(AccessError) in
            DirectoryMemory(
                clock: try StoredJSON.decode(DirectoryClock.self, from: try row.requiredText(0)), doubt: row.text(1),
                doubted: try row.text(2).map { (text) throws(AccessError) in
                    try StoredJSON.decode(DirectoryClock.self, from: text)
                })
        }
    }

    func hasKnownGroups(of directory: String, settings: Revision) throws(AccessError) -> Bool {
        try connection.first(
            "SELECT 1 FROM directory_groups WHERE directory = ? AND settings_revision = ?",
            [.text(directory), .integer(settings)]
        ) { _ in true } ?? false
    }

    func knownGroups(of directory: String, settings: Revision) throws(AccessError) -> [KnownGroup]? {
        try connection.first(
            "SELECT groups FROM directory_groups WHERE directory = ? AND settings_revision = ?",
            [.text(directory), .integer(settings)]
        ) { (row) throws(AccessError) in
            try StoredJSON.read([KnownGroup].self, from: try row.requiredText(0))
        }
    }
}

extension SQLWriter {
    func deleteTallies(of directory: String) throws(AccessError) {
        try connection.execute("UPDATE sync_runs SET tally = NULL WHERE directory = ?", [.text(directory)])
    }

    func upsert(_ memory: DirectoryMemory, of directory: String) throws(AccessError) {
        let doubted = try memory.doubted.map { (clock) throws(AccessError) in try StoredJSON.encode(clock) }
        try connection.execute(
            """
            INSERT INTO directory_clocks (directory, clock, doubt, doubted) VALUES (?, ?, ?, ?)
                ON CONFLICT (directory) DO UPDATE SET clock = excluded.clock, doubt = excluded.doubt,
                    doubted = excluded.doubted
            """,
            [
                .text(directory), .text(try StoredJSON.encode(memory.clock)), SQLValue(memory.doubt),
                SQLValue(doubted),
            ])
    }

    func upsert(_ groups: [KnownGroup], of directory: String, settings: Revision) throws(AccessError) {
        try connection.execute(
            """
            INSERT INTO directory_groups (directory, settings_revision, groups) VALUES (?, ?, ?)
                ON CONFLICT (directory) DO UPDATE SET settings_revision = excluded.settings_revision,
                    groups = excluded.groups
            """,
            [.text(directory), .integer(settings), .text(try StoredJSON.encode(groups))])
    }

    func deleteReadings(of directory: String) throws(AccessError) {
        try connection.execute("DELETE FROM directory_clocks WHERE directory = ?", [.text(directory)])
        try connection.execute("DELETE FROM directory_groups WHERE directory = ?", [.text(directory)])
    }
}
