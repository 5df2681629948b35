import AccessControl
import AccessModel

extension SQLReading {
    func directory(named name: String) throws(AccessError) -> Stored<Directory>? {
        try one("WHERE name = ?", .text(name))
    }

    func directories() throws(AccessError) -> [Stored<Directory>] { try all("ORDER BY name") }

    func directorySecret(_ name: String) throws(AccessError) -> [UInt8]? {
        let found = try connection.first("SELECT sealed_secret FROM directories WHERE name = ?", [.text(name)]) {
            $0.bytes(0)
        }
        // An empty one stands for a password that was taken away.
        return found.flatMap { $0?.isEmpty == true ? nil : $0 }
    }

    func syncRun(_ id: String) throws(AccessError) -> SyncRun? {
        try connection.first("SELECT body FROM sync_runs WHERE id = ?", [.text(id)]) { (row) throws(AccessError) in
            try StoredJSON.decode(SyncRun.self, from: try row.requiredText(0))
        }
    }

    func syncRuns(of directory: String, limit: Int) throws(AccessError) -> [SyncRun] {
        try connection.rows(
            "SELECT body FROM sync_runs WHERE directory = ? ORDER BY started_at DESC, id DESC LIMIT ?",
            [.text(directory), .integer(Int64(limit))]
        ) { (row) throws(AccessError) in try StoredJSON.decode(SyncRun.self, from: try row.requiredText(0)) }
    }
}
