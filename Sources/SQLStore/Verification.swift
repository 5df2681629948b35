import AccessControl
import AccessModel

/// Proves the change log, and the rows by it.
///
/// The log is read once, in order. Memory holds a number for every fact, no payload: the newest
/// entry of a fact is looked up where an older or a newer state is compared with it.
struct Verification {
    private let connection: any SQLConnection
    private let head: String?
    private let now: Timestamp
    /// The first entry that is dated later than now; the others behind it are, too.
    private var firstOfFuture: LogEnd?
    private var faults: [String] = []
    private var notes: [String] = []
    private var end = LogEnd(revision: 0, time: Timestamp(microseconds: .min), hash: LogEntry.origin)
    private var changes = 0
    private var facts = 0
    /// The number of the entry that says what a fact is now.
    private var newest: [FactKey: Revision] = [:]
    /// The number of the entry with the digest of what is kept beside a fact now.
    private var secrets: [FactKey: Revision] = [:]
    private var uncoveredSecrets = 0
    private var headWasSeen: Bool

    private static let faultLimit = 20

    init(connection: any SQLConnection, head: String?, now: Timestamp) {
        self.connection = connection
        self.now = now
        self.head = head?.lowercased()
        headWasSeen = head == nil
    }

    mutating func run() throws(AccessError) -> LogVerification {
        let integrity = try connection.integrity(limit: Self.faultLimit)
        for fault in integrity.faults { add(fault) }
        notes = integrity.notes
        try checkLog()
        if !headWasSeen, let head {
            add("the hash \(head) is not in the change log: entries were removed or rewritten, or the file is older")
        }
        for kind in Fact.Kind.allCases { try checkRows(kind.type) }
        for (key, revision) in newest.sorted(by: { $0.value < $1.value }).prefix(Self.faultLimit) {
            add("entry \(revision) of the log made \(Self.words(key)), but there is no such row")
        }
        try checkPersonalValues()
        if faults.count > Self.faultLimit {
            let rest = faults.count - Self.faultLimit
            faults = faults.prefix(Self.faultLimit) + ["and \(rest) more"]
        }
        return LogVerification(changes: changes, facts: facts, head: end.hash, faults: faults, notes: notes + ownNotes)
    }

    private var ownNotes: [String] {
        var notes: [String] = []
        if let first = firstOfFuture {
            notes.append(
                "the entries from \(first.revision) to \(end.revision) of the log are dated \(first.time) and later: a "
                    + "clock was ahead when they were made")
        }
        if uncoveredSecrets > 0 {
            let secrets = uncoveredSecrets == 1 ? "1 secret" : "\(uncoveredSecrets) secrets"
            let verb = uncoveredSecrets == 1 ? "is" : "are"
            notes.append("\(secrets) of entries before this version \(verb) not covered, until changed")
        }
        return notes
    }

    // MARK: The log

    private mutating func checkLog() throws(AccessError) {
        try connection.scan("SELECT \(LogEntry.columns) FROM changes ORDER BY revision", []) {
            (row) throws(AccessError) in
            let revision = try row.requiredInteger(0)
            if revision != end.revision + 1 {
                add("the log goes from entry \(end.revision) to \(revision): entries between them are missing")
            }
            let hash = row.text(7) ?? ""
            do throws(AccessError) {
                let entry = try LogEntry(row: row)
                if entry.hash(after: end.hash) != hash {
                    add("entry \(revision) of the log does not fit its hash: it, or the one before it, was edited")
                }
                if entry.time > now + .seconds(60), firstOfFuture == nil {
                    firstOfFuture = LogEnd(revision: revision, time: entry.time, hash: hash)
                }
                if entry.time < end.time { add("entry \(revision) of the log is older than the one before it") }
                try replay(entry)
                end.time = entry.time
            } catch {
                add("entry \(revision) of the log cannot be read: \(error)")
            }
            changes += 1
            end.revision = revision
            end.hash = hash
            if hash == head { headWasSeen = true }
        }
        // The hash before the first entry proves an empty log, and no other.
        if changes == 0, head == LogEntry.origin { headWasSeen = true }
    }

    private mutating func replay(_ entry: LogEntry) throws(AccessError) {
        guard let key = try entry.change().fact?.key else { return }
        let previous = newest[key]
        let found = try previous.flatMap { (revision) throws(AccessError) in try payload(after: revision) }
        if try !isSame(found, entry.before, key.kind) {
            add("entry \(entry.revision) of the log does not start from what was there of \(Self.words(key))")
        }
        newest[key] = entry.after == nil ? nil : entry.revision
        if entry.after == nil || entry.secretDigest != nil {
            secrets[key] = entry.after == nil ? nil : entry.revision
        }
    }

    /// The digest of a secret that entry `revision` has.
    private func secretDigest(at revision: Revision) throws(AccessError) -> String? {
        let query = "SELECT secret_digest FROM changes WHERE revision = ?"
        return try connection.first(query, [.integer(revision)]) { $0.text(0) } ?? nil
    }

    /// What entry `revision` says that a fact is.
    private func payload(after revision: Revision) throws(AccessError) -> String? {
        let found = try connection.first("SELECT after FROM changes WHERE revision = ?", [.integer(revision)]) {
            $0.text(0)
        }
        return found ?? nil
    }

    // MARK: The rows

    private mutating func checkRows<Value: StoredFact>(_ type: Value.Type) throws(AccessError) {
        let table = Value.table
        try connection.scan(Self.rows(of: Value.self), []) { (row) throws(AccessError) in
            facts += 1
            do throws(AccessError) {
                let stored = try Value.stored(row)
                let digests = Value.self == Account.self ? Account.digests(of: row) : .none
                try check(stored, logged: row.text(table.revisionColumn + 1), digests: digests)
                if table.hasSecret { try checkSecret(row.bytes(table.revisionColumn + 2), of: stored.value.fact.key) }
            } catch {
                add("a row of \(table.name) cannot be read: \(error)")
            }
        }
        if Value.self == Account.self { try checkPersonalFields() }
    }

    /// Every row, with what its entry of the log says, and what is kept beside it.
    private static func rows<Value: StoredFact>(of type: Value.Type) -> String {
        let table = Value.table
        let secret = table.secret.map { ", \(table.name).\($0)" } ?? ""
        return """
            SELECT \(table.columns), changes.after\(secret) FROM \(table.name)
            LEFT JOIN changes ON changes.revision = \(table.name).revision
            """
    }

    private mutating func check(
        _ stored: Stored<some StoredFact>, logged: String?, digests: PersonalDigests
    ) throws(AccessError) {
        let key = stored.value.fact.key
        guard let revision = newest.removeValue(forKey: key) else {
            add("\(Self.words(key)) has a row, but no entry of the log made it")
            return
        }
        // What another entry says is of another fact.
        var isAsLogged = revision == stored.revision
        if isAsLogged { isAsLogged = try isSame(logged, try stored.value.json(digests), key.kind) }
        if !isAsLogged {
            add("\(Self.words(key)) is not what entry \(revision) of the log says: its row was edited")
        }
    }

    private mutating func checkSecret(_ secret: [UInt8]?, of key: FactKey) throws(AccessError) {
        guard let revision = secrets[key] else {
            if !(secret ?? []).isEmpty { uncoveredSecrets += 1 }
            return
        }
        if try secretDigest(at: revision) != LogEntry.digest(ofSecret: secret) {
            add("the secret of \(try holder(of: key)) is not the one of entry \(revision) of the log: it was replaced")
        }
    }

    /// Whose secret it is, in words.
    private func holder(of key: FactKey) throws(AccessError) -> String {
        let query: String? =
            switch key.kind {
            case .password: "SELECT name FROM accounts WHERE id = ?"
            case .accessToken:
                """
                SELECT coalesce(accounts.name, (SELECT owners.name || '+' || service_accounts.name FROM service_accounts
                    JOIN accounts AS owners ON owners.id = owner_id WHERE service_accounts.id = account_id))
                    FROM tokens LEFT JOIN accounts ON accounts.id = account_id WHERE tokens.id = ?
                """
            default: nil
            }
        let name = try query.flatMap { (query) throws(AccessError) in
            try connection.first(query, [.text(key.first)]) { $0.text(0) } ?? nil
        }
        return Self.words(key) + (name.map { " of \($0)" } ?? "")
    }

    /// A personal field is what its digest stands for, or empty once that was erased.
    private mutating func checkPersonalFields() throws(AccessError) {
        for (column, words) in Self.personalColumns {
            let query = """
                SELECT accounts.id FROM accounts LEFT JOIN personal_values ON digest = \(column)_digest
                WHERE coalesce(\(column), '') <> coalesce(value, '') ORDER BY accounts.id
                """
            try connection.scan(query, []) { (row) throws(AccessError) in
                let account = row.text(0) ?? ""
                add("the \(words) of account \(account) is not the one that the log has a digest of")
            }
        }
    }

    private static let personalColumns = [
        ("full_name", "full name"), ("email", "e-mail address"), ("dn", "DN"), ("principal_name", "principal name"),
    ]

    private mutating func checkPersonalValues() throws(AccessError) {
        try connection.scan("SELECT digest, salt, value FROM personal_values", []) { (row) throws(AccessError) in
            let digest = try row.requiredText(0)
            if PersonalValues.digest(of: row.text(2) ?? "", salt: row.bytes(1) ?? []) != digest {
                add("the personal value under \(digest) was edited")
            }
        }
    }

    /// Versions before this one wrote fewer members of a directory's settings: what counts of those is what they
    /// mean. That nobody has edited what the log says is proved by its hashes.
    private func isSame(_ left: String?, _ right: String?, _ kind: Fact.Kind) throws(AccessError) -> Bool {
        guard left != right else { return true }
        // An entry from before a member lacks it, and says the default.
        guard let left, let right else { return false }
        return try Fact(kind: kind, json: left) == Fact(kind: kind, json: right)
    }

    private mutating func add(_ fault: String) { faults.append(fault) }

    private static func words(_ key: FactKey) -> String {
        "\(key.kind.rawValue) \(key.parts.joined(separator: " / "))"
    }
}
