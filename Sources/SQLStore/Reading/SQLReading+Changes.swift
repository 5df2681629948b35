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

    func changes(_ selection: ChangeSelection, limit: Int) throws(AccessError) -> [LoggedChange] {
        let (condition, arguments) = selection.condition
        return try changes(
            "FROM changes WHERE \(condition) ORDER BY changes.revision \(selection.direction) LIMIT ?",
            arguments + [.integer(Int64(limit))])
    }

    /// - Parameter rest: of a query whose columns are those of entries.
    func changes(_ rest: String, _ arguments: [SQLValue]) throws(AccessError) -> [LoggedChange] {
        let entries = try connection.rows("SELECT \(LogEntry.columns) \(rest)", arguments) {
            (row) throws(AccessError) in (entry: try LogEntry(row: row), hash: try row.requiredText(7))
        }
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

    func indexedRevision() throws(AccessError) -> Revision { try changeKeysEnd() }

    func forEachChange(
        of kinds: [Fact.Kind], after revision: Revision, _ visit: (Revision, Change) throws(AccessError) -> Void
    ) throws(AccessError) {
        let words = kinds.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        try connection.scan(
            "SELECT \(LogEntry.columns) FROM changes WHERE revision > ? AND kind IN (\(words)) ORDER BY revision",
            [.integer(revision)]
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

extension ChangeSelection {
    /// What is true of the entries.
    var condition: (String, [SQLValue]) {
        var (parts, arguments) = (["changes.revision > ?"], [SQLValue.integer(after)])
        if let before {
            parts.append("changes.revision < ?")
            arguments.append(.integer(before))
        }
        if let actor {
            parts.append("changes.actor = ?")
            arguments.append(.text(actor.text))
        }
        if let kind {
            parts.append("changes.kind = ?")
            arguments.append(.text(kind.rawValue))
        }
        return (parts.joined(separator: " AND "), arguments)
    }

    var direction: String { order == .newest ? "DESC" : "ASC" }

    func contains(_ entry: LoggedChange) -> Bool {
        entry.revision > after && entry.revision < before ?? .max && (actor == nil || entry.actor == actor?.text)
            && (kind == nil || entry.change.fact?.kind == kind)
    }
}
