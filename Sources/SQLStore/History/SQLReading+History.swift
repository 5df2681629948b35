import AccessControl
import AccessModel

// What was, from the log and from the table that tells which of its entries name what (`change_keys`). The table
// is made some time behind the log: what it does not hold yet is looked for in the log's end.

extension SQLReading {
    /// The newest entry that `change_keys` holds.
    func changeKeysEnd() throws(AccessError) -> Revision {
        let end = try connection.first("SELECT revision FROM derived_tables WHERE name = 'change_keys'") {
            (row) throws(AccessError) in try row.requiredInteger(0)
        }
        return end ?? 0
    }

    func facts(_ kind: Fact.Kind, naming key: ChangeKey, at revision: Revision) throws(AccessError) -> [Fact] {
        var facts: [String: Fact] = [:]
        for fact in try current(kind, naming: key) { facts[fact.key.text] = fact }
        // What a fact was is what the first entry behind that moment began from.
        var settled: Set<String> = []
        let indexed = try changeKeysEnd()
        var older: [(fact: String, revision: Revision)] = []
        try connection.query(
            "SELECT fact, is_new, revision FROM change_keys WHERE key = ? AND kind = ? AND revision > ? ORDER BY revision",
            [.text(key.rawValue), .text(kind.rawValue), .integer(revision)]
        ) { (row) throws(AccessError) in
            let fact = try row.requiredText(0)
            guard settled.insert(fact).inserted else { return }
            facts[fact] = nil
            if try !row.flag(1) { older.append((fact, try row.requiredInteger(2))) }
        }
        for (fact, revision) in older {
            guard let before = try entry(revision)?.change().before, before.keys.contains(key) else { continue }
            facts[fact] = before
        }
        try forEachEntry(after: max(indexed, revision), kind, naming: key) { (entry) throws(AccessError) in
            let change = try entry.change()
            guard let fact = change.fact?.key.text, change.keys.contains(key), settled.insert(fact).inserted else {
                return
            }
            facts[fact] = change.before.flatMap { $0.keys.contains(key) ? $0 : nil }
        }
        return Array(facts.values)
    }

    func changes(
        about account: AccountID, after revision: Revision, limit: Int
    ) throws(AccessError) -> [LoggedChange] {
        let revisions = try connection.rows(
            "SELECT revision FROM change_keys WHERE key = ? AND kind = 'about' AND revision > ? ORDER BY revision LIMIT ?",
            [.text(account.rawValue), .integer(revision), .integer(Int64(limit))]
        ) { (row) throws(AccessError) in try row.requiredInteger(0) }
        var found: [LoggedChange] = []
        for revision in revisions { found += try changes(after: revision - 1, limit: 1) }
        var owners = ChangeOwners()
        var last = try changeKeysEnd()
        while found.count < limit {
            let batch = try changes(after: last, limit: 1_000)
            guard let end = batch.last else { break }
            for entry in batch {
                let accounts = try owners.accounts(concernedBy: entry.change) { (kind, id) throws(AccessError) in
                    try owner(kind, id, upTo: entry.revision)
                }
                if entry.revision > revision, accounts.contains(account) { found.append(entry) }
            }
            last = end.revision
        }
        return Array(found.prefix(limit))
    }

    func lastChange(of fact: FactKey, upTo revision: Revision) throws(AccessError) -> LoggedChange? {
        // The row says which entry made it, which is mostly the one.
        let parts = [fact.first, fact.second].filter { !$0.isEmpty }
        let made = try connection.first(fact.kind.type.table.revisionQuery, parts.map(SQLValue.text)) {
            (row) throws(AccessError) in try row.requiredInteger(0)
        }
        if let made, made <= revision, let found = try change(made, of: fact) { return found }
        let indexed = try changeKeysEnd()
        var newest: Revision?
        if indexed < revision {
            try forEachEntry(after: indexed, fact.kind, naming: fact.changeKey) { (entry) throws(AccessError) in
                if entry.revision <= revision, try entry.change().fact?.key == fact { newest = entry.revision }
            }
        }
        if newest == nil {
            newest = try connection.first(
                """
                SELECT revision FROM change_keys WHERE key = ? AND kind = ? AND revision <= ? AND fact = ?
                    ORDER BY revision DESC LIMIT 1
                """,
                [
                    .text(fact.changeKey.rawValue), .text(fact.kind.rawValue), .integer(revision), .text(fact.text),
                ]
            ) { (row) throws(AccessError) in try row.requiredInteger(0) }
        }
        return try newest.flatMap { (revision) throws(AccessError) in try change(revision, of: fact) }
    }

    func forEachDecidingChange(
        after revision: Revision, upTo end: Revision, _ visit: (Change) throws(AccessError) -> Void
    ) throws(AccessError) {
        try connection.query(
            """
            SELECT \(LogEntry.columns) FROM changes WHERE revision > ? AND revision <= ?
                AND kind NOT IN ('retired-name', 'password', 'token', 'directory') ORDER BY revision DESC
            """, [.integer(revision), .integer(end)]
        ) { (row) throws(AccessError) in try visit(try LogEntry(row: row).change()) }
    }

    /// The owner of a team, repository or service account, as of an entry or the last one that told of it.
    func owner(_ kind: Fact.Kind, _ id: String, upTo revision: Revision) throws(AccessError) -> AccountID? {
        let last = try lastChange(of: FactKey(kind, id), upTo: revision)?.change
        return (last?.after ?? last?.before)?.owned?.owner
    }

    private func change(_ revision: Revision, of fact: FactKey) throws(AccessError) -> LoggedChange? {
        let change = try changes(after: revision - 1, limit: 1).first
        return change?.change.fact?.key == fact ? change : nil
    }

    private func entry(_ revision: Revision) throws(AccessError) -> LogEntry? {
        try connection.first(
            "SELECT \(LogEntry.columns) FROM changes WHERE revision = ?", [.integer(revision)]
        ) { (row) throws(AccessError) in try LogEntry(row: row) }
    }

    /// Visits the entries of a kind that may name a key, oldest first: what a text merely mentions comes too.
    private func forEachEntry(
        after revision: Revision, _ kind: Fact.Kind, naming key: ChangeKey,
        _ visit: (LogEntry) throws(AccessError) -> Void
    ) throws(AccessError) {
        let mentioned = key.mentionedText
        let condition = mentioned == nil ? "" : " AND (instr(before, ?) > 0 OR instr(after, ?) > 0)"
        try connection.query(
            "SELECT \(LogEntry.columns) FROM changes WHERE revision > ? AND kind = ?\(condition) ORDER BY revision",
            [.integer(revision), .text(kind.rawValue)] + (mentioned.map { [.text($0), .text($0)] } ?? [])
        ) { (row) throws(AccessError) in try visit(try LogEntry(row: row)) }
    }

    /// The facts of today.
    private func current(_ kind: Fact.Kind, naming key: ChangeKey) throws(AccessError) -> [Fact] {
        try currentFacts(kind.type, naming: key)
    }

    private func currentFacts<Value: StoredFact>(
        _ type: Value.Type, naming key: ChangeKey
    ) throws(AccessError) -> [Fact] {
        let (condition, arguments) = key.condition(on: Value.table)
        return try connection.rows("\(Value.table.select) \(condition)", arguments) { (row) throws(AccessError) in
            try Value(row: row).fact
        }
    }
}

extension FactKey {
    /// Tells one fact of a kind from another.
    var text: String { second.isEmpty ? first : first + "/" + second }
}

extension ChangeKey {
    /// A text that stands in the JSON of every fact under this key; nil if there is none.
    fileprivate var mentionedText: String? {
        switch rawValue.first {
        case "=": nil
        case "@": "\"\(rawValue.dropFirst())\""
        default:
            rawValue.hasPrefix("directory ")
                ? "\"\(rawValue.dropFirst(10))\""
                : rawValue.split(separator: "/", maxSplits: 1).first.map { "\"\($0)\"" }
        }
    }

    /// Which rows of a table have this key.
    fileprivate func condition(on table: FactTable) -> (String, [SQLValue]) {
        switch self {
        case .everything: return ("", [])
        case .systemAdministrators: return ("WHERE system_admin = 1", [])
        case .publicRepositories: return ("WHERE visibility = 'public'", [])
        default: break
        }
        if rawValue.first == "@" { return ("WHERE name = ?", [.text(String(rawValue.dropFirst()))]) }
        if let slash = rawValue.firstIndex(of: "/") {
            let name = String(rawValue[rawValue.index(after: slash)...])
            return ("WHERE namespace_id = ? AND name = ?", [.text(String(rawValue[..<slash])), .text(name)])
        }
        let columns = table.identities
        return (
            "WHERE " + columns.map { "\($0) = ?" }.joined(separator: " OR "),
            columns.map { _ in .text(rawValue) }
        )
    }
}
