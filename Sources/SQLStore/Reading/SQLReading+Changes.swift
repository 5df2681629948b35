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
        let personal = PersonalValues(connection: connection)
        return try connection.rows(
            "SELECT \(LogEntry.columns) FROM changes WHERE revision > ? ORDER BY revision LIMIT ?",
            [.integer(revision), .integer(Int64(limit))]
        ) { (row) throws(AccessError) in try loggedChange(row, personal) }
    }

    private func loggedChange(
        _ row: any SQLRow, _ personal: PersonalValues
    ) throws(AccessError) -> LoggedChange {
        let entry = try LogEntry(row: row)
        return LoggedChange(
            revision: entry.revision, time: entry.time, actor: entry.actor, reason: entry.reason,
            change: try personal.filled(try entry.change()), hash: try row.requiredText(7))
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
