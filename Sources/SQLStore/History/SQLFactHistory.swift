import AccessControl
import AccessModel

/// Facts as they were at a revision: today's rows, each taken back to what the first entry behind that moment began
/// from.
struct SQLFactHistory: FactHistory {
    let reading: any SQLReading
    let revision: Revision
    /// The newest entry that `change_keys` holds.
    let indexed: Revision
    /// The newest entry there is.
    let end: Revision

    func facts(_ kind: Fact.Kind, naming key: ChangeKey) throws(AccessError) -> [Fact] {
        var facts: [String: Fact] = [:]
        try forEachRow(kind, naming: key) { facts[$0.key.text] = $0 }
        try forEachSince(kind, naming: key) { (fact, before) throws(AccessError) in
            facts[fact] = try before()
        }
        return Array(facts.values)
    }

    func forEachOlder(
        _ kind: Fact.Kind, naming key: ChangeKey, _ visit: (Fact) throws(AccessError) -> Void
    ) throws(AccessError) {
        try forEachSince(kind, naming: key) { (_, before) throws(AccessError) in
            if let fact = try before() { try visit(fact) }
        }
    }

    /// Visits each fact that was changed since, with what it was: nil where it was not there, or not under the key.
    private func forEachSince(
        _ kind: Fact.Kind, naming key: ChangeKey,
        _ visit: (String, () throws(AccessError) -> Fact?) throws(AccessError) -> Void
    ) throws(AccessError) {
        guard revision < end else { return }
        var settled: Set<String> = []
        if revision < indexed {
            var changed: [(fact: String, isNew: Bool, revision: Revision)] = []
            try reading.connection.query(Self.since, [.text(key.rawValue), .text(kind.rawValue), .integer(revision)]) {
                (row) throws(AccessError) in
                let fact = try row.requiredText(0)
                guard settled.insert(fact).inserted else { return }
                changed.append((fact, try row.flag(1), try row.requiredInteger(2)))
            }
            for (fact, isNew, revision) in changed {
                try visit(fact) { () throws(AccessError) in
                    guard !isNew, let before = try reading.entry(revision)?.change().before,
                        before.keys.contains(key)
                    else { return nil }
                    return before
                }
            }
        }
        guard indexed < end else { return }
        try reading.forEachEntry(after: max(indexed, revision), kind, naming: key) { (entry) throws(AccessError) in
            let change = try entry.change()
            guard let fact = change.fact?.key.text, change.keys.contains(key), settled.insert(fact).inserted else {
                return
            }
            try visit(fact) { () throws(AccessError) in
                change.before.flatMap { $0.keys.contains(key) ? $0 : nil }
            }
        }
    }

    private static let since = """
        SELECT fact, is_new, revision FROM change_keys WHERE key = ? AND kind = ? AND revision > ? ORDER BY revision
        """

    private func forEachRow(
        _ kind: Fact.Kind, naming key: ChangeKey, _ visit: (Fact) throws(AccessError) -> Void
    ) throws(AccessError) {
        // Of accounts, which are most of what is brought back, only what decides.
        guard kind == .account else { return try forEachRow(kind.type, naming: key, visit) }
        let (condition, arguments) = key.condition(on: Account.table)
        try reading.connection.query("\(Account.decidingSelect) \(condition)", arguments) {
            (row) throws(AccessError) in try visit(.account(Account(decidingRow: row)))
        }
    }

    private func forEachRow<Value: StoredFact>(
        _ type: Value.Type, naming key: ChangeKey, _ visit: (Fact) throws(AccessError) -> Void
    ) throws(AccessError) {
        let (condition, arguments) = key.condition(on: Value.table)
        try reading.connection.query("\(Value.table.select) \(condition)", arguments) { (row) throws(AccessError) in
            try visit(Value(row: row).fact)
        }
    }
}
