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

    func history(at revision: Revision) throws(AccessError) -> any FactHistory {
        SQLFactHistory(
            reading: self, revision: revision, indexed: try changeKeysEnd(), end: try logEnd().revision)
    }

    func namespaces(at revision: Revision) throws(AccessError) -> [AccountName] {
        // Those of today that are no newer, and of each whether it was changed since.
        let rows = try connection.rows(
            """
            SELECT id, name, id IN (
                SELECT fact FROM change_keys WHERE key = '=all' AND kind = 'account' AND is_new = 0 AND revision > ?)
            FROM accounts WHERE id IN (
                SELECT namespace_id FROM repositories WHERE id NOT IN (
                    SELECT fact FROM change_keys
                        WHERE key = '=all' AND kind = 'repository' AND is_new = 1 AND revision > ?))
            """, [.integer(revision), .integer(revision)]
        ) { (row) throws(AccessError) in
            (
                id: AccountID(rawValue: try row.requiredText(0)),
                name: AccountName(trusted: try row.requiredText(1)), isChanged: try row.flag(2)
            )
        }
        var names = Set(rows.lazy.filter { !$0.isChanged }.map(\.name))
        var changed = Set(rows.lazy.filter(\.isChanged).map(\.id))
        // What was renamed in the log's end stands under a name of today.
        let present = Dictionary(rows.map { ($0.id.rawValue, $0.name) }, uniquingKeysWith: { $1 })
        try forEachEntry(after: max(try changeKeysEnd(), revision), .account, naming: .everything) {
            (entry) throws(AccessError) in
            guard let id = try entry.change().fact?.key.first else { return }
            if let name = present[id] { names.remove(name) }
            changed.insert(AccountID(rawValue: id))
        }
        let history = try history(at: revision)
        try history.forEachOlder(.repository, naming: .everything) { fact in
            if let owner = fact.owned?.owner { changed.insert(owner) }
        }
        for id in changed {
            for case .account(let account) in try history.facts(.account, naming: .identity(id)) {
                names.insert(account.name)
            }
        }
        return names.sorted()
    }

    func changes(
        about subject: ChangeSubject, _ selection: ChangeSelection, limit: Int
    ) throws(AccessError) -> [LoggedChange] {
        let indexed = try changeKeysEnd()
        if selection.order == .newest {
            let newest = try changes(about: subject, selection, behind: indexed, limit: .max).reversed().prefix(limit)
            return try newest + changes(about: subject, selection, upTo: indexed, limit: limit - newest.count)
        }
        let oldest = try changes(about: subject, selection, upTo: indexed, limit: limit)
        return try oldest
            + changes(about: subject, selection, behind: indexed, limit: limit - oldest.count)
    }

    /// Those that `change_keys` holds.
    private func changes(
        about subject: ChangeSubject, _ selection: ChangeSelection, upTo indexed: Revision, limit: Int
    ) throws(AccessError) -> [LoggedChange] {
        guard limit > 0, selection.after < indexed else { return [] }
        let (condition, arguments) = selection.condition
        return try changes(
            """
            FROM change_keys JOIN changes ON changes.revision = change_keys.revision
                WHERE change_keys.key = ? AND change_keys.kind = 'about' AND change_keys.revision > ? AND \(condition)
                ORDER BY change_keys.revision \(selection.direction) LIMIT ?
            """,
            [.text(subject.id), .integer(selection.after)] + arguments + [.integer(Int64(limit))])
    }

    /// Those behind that, oldest first.
    private func changes(
        about subject: ChangeSubject, _ selection: ChangeSelection, behind indexed: Revision, limit: Int
    ) throws(AccessError) -> [LoggedChange] {
        var (found, owners, last): ([LoggedChange], ChangeOwners, Revision) = ([], ChangeOwners(), indexed)
        while found.count < limit {
            let batch = try changes(after: last, limit: 1_000)
            guard let end = batch.last else { break }
            for entry in batch {
                let subjects = try owners.subjects(of: entry.change) { (kind, id) throws(AccessError) in
                    try owner(kind, id, upTo: entry.revision)
                }
                if subjects.contains(subject), selection.contains(entry) { found.append(entry) }
            }
            last = end.revision
        }
        return Array(found.prefix(limit))
    }

    func lastChange(of fact: FactKey, upTo revision: Revision) throws(AccessError) -> LoggedChange? {
        // The row says which entry made it, which is mostly the one.
        let parts = fact.parts
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
        let kinds = Fact.Kind.allCases.filter(\.decides).map { "'\($0.rawValue)'" }.joined(separator: ", ")
        try connection.scan(
            """
            SELECT \(LogEntry.columns) FROM changes WHERE revision > ? AND revision <= ? AND kind IN (\(kinds))
                ORDER BY revision DESC
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

    func entry(_ revision: Revision) throws(AccessError) -> LogEntry? {
        try connection.first(
            "SELECT \(LogEntry.columns) FROM changes WHERE revision = ?", [.integer(revision)]
        ) { (row) throws(AccessError) in try LogEntry(row: row) }
    }

    /// Visits the entries of a kind that may name a key, oldest first: what a text merely mentions comes too.
    func forEachEntry(
        after revision: Revision, _ kind: Fact.Kind, naming key: ChangeKey,
        _ visit: (LogEntry) throws(AccessError) -> Void
    ) throws(AccessError) {
        let (mentioned, position) = (key.mentionedText, type(of: connection).textPosition)
        let condition = mentioned == nil ? "" : " AND (\(position)(before, ?) > 0 OR \(position)(after, ?) > 0)"
        try connection.scan(
            "SELECT \(LogEntry.columns) FROM changes WHERE revision > ? AND kind = ?\(condition) ORDER BY revision",
            [.integer(revision), .text(kind.rawValue)] + (mentioned.map { [.text($0), .text($0)] } ?? [])
        ) { (row) throws(AccessError) in try visit(try LogEntry(row: row)) }
    }
}

extension FactKey {
    /// Tells one fact of a kind from another.
    var text: String { parts.joined(separator: "/") }
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
    func condition(on table: FactTable) -> (String, [SQLValue]) {
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
