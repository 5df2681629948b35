import AccessControl
import AccessModel

/// Where the change log ends.
struct LogEnd {
    var revision: Revision
    var time: Timestamp
    var hash: String
}

extension SQLReading {
    func revision() throws(AccessError) -> Revision { try logEnd().revision }

    func revision(at time: Timestamp) throws(AccessError) -> Revision {
        let revision = try connection.first(
            "SELECT revision FROM changes WHERE time <= ? ORDER BY time DESC, revision DESC LIMIT 1",
            [.integer(time.microseconds)]
        ) { (row) throws(AccessError) in try row.requiredInteger(0) }
        return revision ?? 0
    }

    func changes(after revision: Revision, limit: Int) throws(AccessError) -> [LoggedChange] {
        let entries = try connection.rows(
            "SELECT \(LogEntry.columns) FROM changes WHERE revision > ? ORDER BY revision LIMIT ?",
            [.integer(revision), .integer(Int64(limit))]
        ) { (row) throws(AccessError) in (entry: try LogEntry(row: row), hash: try row.requiredText(7)) }
        let changes = try entries.map { (row) throws(AccessError) in try row.entry.change() }
        let filled = try PersonalValues(connection: connection).filled(changes)
        return zip(entries, filled).map { row, change in
            LoggedChange(
                revision: row.entry.revision, time: row.entry.time, actor: row.entry.actor, reason: row.entry.reason,
                change: change, hash: row.hash)
        }
    }

    func forEachChange(
        after revision: Revision, _ visit: (Revision, Change) throws(AccessError) -> Void
    ) throws(AccessError) {
        try connection.scan(
            "SELECT \(LogEntry.columns) FROM changes WHERE revision > ? ORDER BY revision", [.integer(revision)]
        ) { (row) throws(AccessError) in
            let entry = try LogEntry(row: row)
            try visit(entry.revision, try entry.change())
        }
    }

    func logEnd() throws(AccessError) -> LogEnd {
        let end = try connection.first("SELECT revision, time, hash FROM changes ORDER BY revision DESC LIMIT 1") {
            (row) throws(AccessError) in
            LogEnd(
                revision: try row.revision(0), time: Timestamp(microseconds: try row.requiredInteger(1)),
                hash: try row.requiredText(2))
        }
        return end ?? LogEnd(revision: 0, time: Timestamp(microseconds: .min), hash: LogEntry.origin)
    }

    func lastChangeTime() throws(AccessError) -> Timestamp? {
        let end = try logEnd()
        return end.revision == 0 ? nil : end.time
    }

    func verify(head: String?, now: Timestamp) throws(AccessError) -> LogVerification {
        var verification = Verification(connection: connection, head: head, now: now)
        return try verification.run()
    }
}
