import AccessControl
import AccessModel

/// Reads facts over a connection; a reader does, and a writer too. What it reads is told by
/// topic in the other files of this folder.
protocol SQLReading: StoreReader {
    var connection: any SQLConnection { get }
}

struct SQLReader: SQLReading {
    let connection: any SQLConnection
}

/// Writes what is in no log.
protocol SQLNoting: SQLReading, NoteWriter {}

struct SQLNoteWriter: SQLNoting {
    let connection: any SQLConnection
}

extension SQLReading {
    /// Facts of one kind. `clauses` follows the table's name: joins, a condition, an order.
    func all<Value: StoredFact>(
        _ clauses: String, _ arguments: SQLValue...
    ) throws(AccessError) -> [Stored<Value>] {
        try connection.rows("\(Value.table.select) \(clauses)", arguments) { (row) throws(AccessError) in
            try Value.stored(row)
        }
    }

    func one<Value: StoredFact>(
        _ clauses: String, _ arguments: SQLValue...
    ) throws(AccessError) -> Stored<Value>? {
        try connection.first("\(Value.table.select) \(clauses)", arguments) { (row) throws(AccessError) in
            try Value.stored(row)
        }
    }

    func count(_ sql: String, _ arguments: SQLValue...) throws(AccessError) -> Int { try count(sql, arguments) }

    func count(_ sql: String, _ arguments: [SQLValue]) throws(AccessError) -> Int {
        let count = try connection.first(sql, arguments) { (row) throws(AccessError) in try row.requiredInteger(0) }
        return Int(count ?? 0)
    }
}

extension Page {
    /// The first key of a page is greater than this; no name is as small as the empty text.
    var key: SQLValue { .text(after ?? "") }
    /// The first one where the newest come first is less than this; no identity is as large as the default.
    var keyOfNewest: SQLValue { .text(after ?? "~") }
    var size: SQLValue { .integer(Int64(limit)) }
}

extension SQLReading {
    func forEachFact(_ visit: (Fact) throws(AccessError) -> Void) throws(AccessError) {
        for kind in Fact.Kind.allCases { try forEach(kind.type, visit) }
    }

    func forEach<Value: StoredFact>(
        _ type: Value.Type, _ visit: (Fact) throws(AccessError) -> Void
    ) throws(AccessError) {
        try connection.scan(type.listing, []) { (row) throws(AccessError) in try visit(Value(row: row).fact) }
    }
}
