import AccessControl
import AccessModel

extension SQLReading {
    func directory(named name: String) throws(AccessError) -> Stored<Directory>? {
        try one("WHERE name = ?", .text(name))
    }

    func directories() throws(AccessError) -> [Stored<Directory>] {
        let directories: [Stored<Directory>] = try all("ORDER BY name")
        return directories.sorted {
            ($0.value.settings.order, $0.value.name) < ($1.value.settings.order, $1.value.name)
        }
    }

    func directorySecret(_ name: String) throws(AccessError) -> [UInt8]? {
        let found = try connection.first("SELECT sealed_secret FROM directories WHERE name = ?", [.text(name)]) {
            $0.bytes(0)
        }
        // An empty one stands for a password that was taken away.
        return found.flatMap { $0?.isEmpty == true ? nil : $0 }
    }

    func syncRun(_ id: String) throws(AccessError) -> SyncRun? {
        try connection.first("SELECT body, plan, notes FROM sync_runs WHERE id = ?", [.text(id)]) {
            (row) throws(AccessError) in (run: try StoredSyncRun.run(row), notes: row.text(2))
        }.map { (row) throws(AccessError) in try run(row) }
    }

    func syncRuns(of directory: String, limit: Int) throws(AccessError) -> [SyncRun] {
        try connection.rows(
            "SELECT body, NULL FROM sync_runs WHERE directory = ? ORDER BY started_at DESC, id DESC LIMIT ?",
            [.text(directory), .integer(Int64(limit))]
        ) { (row) throws(AccessError) in try StoredSyncRun.run(row) }
    }

    func waitingSyncRuns(of directory: String) throws(AccessError) -> [SyncRun] {
        try connection.rows(
            """
            SELECT body, plan, notes FROM sync_runs WHERE directory = ? AND state IN ('held', 'planned')
            ORDER BY started_at DESC, id DESC
            """, [.text(directory)]
        ) { (row) throws(AccessError) in (run: try StoredSyncRun.run(row), notes: row.text(2)) }
        .filter(\.run.isWaiting).map { (row) throws(AccessError) in try run(row) }
    }

    func heldSyncRun(of directory: String) throws(AccessError) -> SyncRun? {
        try connection.first(
            """
            SELECT body, NULL FROM sync_runs WHERE directory = ? AND state = 'held'
            ORDER BY started_at DESC, id DESC LIMIT 1
            """, [.text(directory)]
        ) { (row) throws(AccessError) in try StoredSyncRun.run(row) }
    }

    func syncRuns(referringTo run: String, of directory: String) throws(AccessError) -> [SyncRun] {
        try connection.rows(
            "SELECT body, NULL FROM sync_runs WHERE directory = ? AND state = ?",
            [.text(directory), .text(StoredSyncRun.heldElsewhere)]
        ) { (row) throws(AccessError) in try StoredSyncRun.run(row) }.filter { $0.waitsIn == run }
    }

    func runningSyncRuns(of directory: String) throws(AccessError) -> [(run: SyncRun, lease: SyncLease)] {
        try connection.rows(
            "SELECT body, NULL, owner, alive_at FROM sync_runs WHERE directory = ? AND state = 'running'",
            [.text(directory)]
        ) { (row) throws(AccessError) in
            let lease = SyncLease(
                owner: row.text(2) ?? "", aliveAt: Timestamp(microseconds: try row.requiredInteger(3)))
            return (try StoredSyncRun.run(row), lease)
        }
    }

    func lastGoodSyncRun(of directory: String) throws(AccessError) -> SyncRun? {
        try connection.first(
            """
            SELECT body, NULL FROM sync_runs WHERE directory = ? AND is_good = 1
            ORDER BY started_at DESC, id DESC LIMIT 1
            """, [.text(directory)]
        ) { (row) throws(AccessError) in try StoredSyncRun.run(row) }
    }

    func settlement(of run: String) throws(AccessError) -> SyncRun.Settlement? {
        let found = try connection.first(
            "SELECT settlement, notes FROM sync_runs WHERE id = ?", [.text(run)]
        ) { (settlement: $0.text(0), notes: $0.text(1)) }
        guard let found, let json = found.settlement else { return nil }
        // A plan made anew is always right.
        do throws(AccessError) {
            var settlement = try StoredJSON.decode(SyncRun.Settlement.self, from: json)
            if let list = found.notes { settlement.notes = try notes(list) }
            return settlement
        } catch {
            return nil
        }
    }
}

extension SQLNoting {
    func renew(_ lease: SyncLease, of run: String) throws(AccessError) {
        try connection.execute(
            "UPDATE sync_runs SET owner = ?, alive_at = ? WHERE id = ?",
            [.text(lease.owner), .integer(lease.aliveAt.microseconds), .text(run)])
    }
}
