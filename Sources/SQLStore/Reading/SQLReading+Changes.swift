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

    func lastChange(of fact: FactKey, upTo revision: Revision) throws(AccessError) -> LoggedChange? {
        let parts = [fact.first, fact.second].filter { !$0.isEmpty }
        // The row says which entry made it, which is mostly the one.
        let table = fact.kind.type.table
        let made = try connection.first(
            table.revisionQuery, parts.map(SQLValue.text), { (row) throws(AccessError) in try row.requiredInteger(0) })
        if let made, made <= revision, let found = try change(made, of: fact) { return found }
        // A fact's JSON holds its key. That an entry is about it, and not merely names it, is looked at.
        var end = revision
        let holds = String(repeating: " AND instr(coalesce(after, before), ?) > 0", count: parts.count)
        while true {
            let found = try connection.first(
                "SELECT revision FROM changes WHERE revision <= ? AND kind = ?\(holds) ORDER BY revision DESC LIMIT 1",
                [.integer(end), .text(fact.kind.rawValue)] + parts.map { .text("\"\($0)\"") }
            ) { (row) throws(AccessError) in try row.requiredInteger(0) }
            guard let found else { return nil }
            if let change = try change(found, of: fact) { return change }
            end = found - 1
        }
    }

    private func change(_ revision: Revision, of fact: FactKey) throws(AccessError) -> LoggedChange? {
        let change = try changes(after: revision - 1, limit: 1).first
        return change?.change.fact?.key == fact ? change : nil
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

    func verify(head: String?) throws(AccessError) -> LogVerification {
        var verification = Verification(connection: connection, head: head)
        return try verification.run()
    }
}
