import AccessControl
import AccessModel

/// Records changes in one transaction. The end of the log is read once and kept here.
final class SQLWriter: SQLNoting, StoreWriter {
    let connection: any SQLConnection
    /// The first failure to record. What was written before it must not be kept, even if the
    /// caller went on.
    private(set) var failure: AccessError?
    private let actor: String
    private let now: Timestamp
    private let personal: PersonalValues
    private var end: LogEnd
    private var hasRecorded = false
    private var salts: SaltSource

    init(
        connection: any SQLConnection, actor: Actor, now: Timestamp, salts: SaltSource
    ) throws(AccessError) {
        self.connection = connection
        self.salts = salts
        self.actor = actor.text
        try Self.check(self.actor)
        personal = PersonalValues(connection: connection)
        end = try SQLReader(connection: connection).logEnd()
        // A clock that was set back must not make the log lie about what was when.
        self.now = max(now, end.time)
    }

    func revision() throws(AccessError) -> Revision { end.revision }

    /// What tells that the last entry was kept; nil if there is none.
    var witness: SQLWitness? {
        guard hasRecorded else { return nil }
        return SQLWitness(
            sql: "SELECT 1 FROM changes WHERE revision = ? AND hash = ?",
            arguments: [.integer(end.revision), .text(end.hash)])
    }

    @discardableResult
    func record(_ change: Change, reason: String?, secret: [UInt8]?) throws(AccessError) -> Revision {
        if let failure { throw failure }
        do throws(AccessError) {
            return try write(change, reason: reason, secret: secret)
        } catch {
            failure = error
            throw error
        }
    }

    func fillChangeKeys(limit: Int) throws(AccessError) -> Bool { try ChangeKeysFill(reading: self).run(limit: limit) }

    func save(_ run: SyncRun) throws(AccessError) {
        let notes = try keep(run.plan?.notes ?? [])
        try connection.execute(StoredSyncRun.insert, try StoredSyncRun.row(run, notes: notes))
    }

    func pruneSyncRuns(
        of directory: String, keeping count: Int, since time: Timestamp, countedSince counted: Timestamp
    ) throws(AccessError) {
        try connection.execute(
            """
            DELETE FROM sync_runs WHERE directory = ? AND state NOT IN ('running', 'held', 'planned')
                AND (started_at < ? OR id NOT IN (
                    SELECT id FROM sync_runs WHERE directory = ? ORDER BY started_at DESC, id DESC LIMIT ?))
                AND id NOT IN (
                    SELECT id FROM sync_runs WHERE directory = ? AND is_good = 1
                    ORDER BY started_at DESC, id DESC LIMIT 1)
                AND (tally IS NULL OR started_at < ?)
            """,
            [
                .text(directory), .integer(time.microseconds), .text(directory), .integer(Int64(count)),
                .text(directory), .integer(counted.microseconds),
            ])
        try pruneNotes()
    }

    func settle() throws(AccessError) { try connection.runQueued() }

    private func write(_ change: Change, reason: String?, secret: [UInt8]?) throws(AccessError) -> Revision {
        guard let kind = change.fact?.kind else { throw .storage(.failed("an empty change cannot be recorded")) }
        let table = kind.type.table
        guard secret == nil || table.hasSecret else {
            throw .storage(.failed("a fact of the kind \(kind.rawValue) keeps no secret"))
        }
        let revision = end.revision + 1
        try reason.map(Self.check)
        let digests = try digests(for: change)
        try writeRow(change, digests.after, secret, revision, in: table)
        try forgetLogins(after: change)
        try forgetUses(after: change)
        let entry = LogEntry(
            revision: revision, time: now, actor: actor, reason: reason, kind: kind,
            before: try change.before?.stored.json(digests.before),
            after: try change.after?.stored.json(digests.after),
            secretDigest: setsSecret(change, secret, table) ? LogEntry.digest(ofSecret: secret) : nil)
        let hash = entry.hash(after: end.hash)
        try connection.enqueue(LogEntry.insert, entry.row(hash: hash))
        end = LogEnd(revision: revision, time: now, hash: hash)
        hasRecorded = true
        return revision
    }

    /// A new fact has one or none; one that changes keeps its own if there is no other.
    private func setsSecret(_ change: Change, _ secret: [UInt8]?, _ table: FactTable) -> Bool {
        table.hasSecret && change.after != nil && (change.before == nil || secret != nil)
    }

    private func writeRow(
        _ change: Change, _ digests: PersonalDigests, _ secret: [UInt8]?, _ revision: Revision, in table: FactTable
    ) throws(AccessError) {
        switch (change.before, change.after) {
        case (nil, let after?):
            var values = try Self.checked(after.stored.row(digests))
            values.append(.integer(revision))
            if table.hasSecret { values.append(SQLValue(secret)) }
            try connection.enqueue(table.insert, values)
        case (_?, let after?):
            let row = try Self.checked(after.stored.row(digests))
            var values = Array(row[table.keyCount...])
            values.append(.integer(revision))
            if let secret { values.append(.bytes(secret)) }
            values += row[..<table.keyCount]
            try connection.enqueue(
                secret == nil ? table.update : table.updateWithSecret, values, oneRowOf: table.name)
        case (let before?, nil):
            let key = try before.stored.row(digests)[..<table.keyCount]
            try connection.enqueue(table.delete, Array(key), oneRowOf: table.name)
        case (nil, nil):
            break
        }
    }

    /// The digests of an account's personal fields. A value that did not change keeps its own,
    /// so that what one entry left behind is what the next one finds.
    private func digests(for change: Change) throws(AccessError) -> (before: PersonalDigests, after: PersonalDigests) {
        var old: Account?
        var before = PersonalDigests.none
        if case .account(let account) = change.before {
            old = account
            before = try digests(of: account.id)
        }
        guard case .account(let new) = change.after else { return (before, .none) }
        var after = before
        if new.fullName != old?.fullName { after.fullName = try personal.keep(new.fullName, salts: &salts) }
        if new.email != old?.email { after.email = try personal.keep(new.email, salts: &salts) }
        if new.directory?.dn != old?.directory?.dn { after.dn = try personal.keep(new.directory?.dn, salts: &salts) }
        if new.directory?.principalName != old?.directory?.principalName {
            after.principalName = try personal.keep(new.directory?.principalName, salts: &salts)
        }
        return (before, after)
    }

    private func digests(of account: AccountID) throws(AccessError) -> PersonalDigests {
        let found = try connection.first(
            """
            SELECT full_name_digest, email_digest, dn_digest, principal_name_digest FROM accounts WHERE id = ?
            """, [.text(account.rawValue)]
        ) { PersonalDigests(fullName: $0.text(0), email: $0.text(1), dn: $0.text(2), principalName: $0.text(3)) }
        return found ?? .none
    }

    private static func checked(_ values: [SQLValue]) throws(AccessError) -> [SQLValue] {
        for case .text(let text) in values { try check(text) }
        return values
    }

    /// Refuses what engines would cut short.
    private static func check(_ text: String) throws(AccessError) {
        guard text.utf8.withContiguousStorageIfAvailable({ $0.contains(0) }) ?? text.utf8.contains(0) else { return }
        throw .invalid(field: "text", value: text, reason: "it contains a NUL character: leave that out")
    }
}
