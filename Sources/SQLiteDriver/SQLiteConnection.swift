public import AccessControl
import GRDB
import GRDBSQLite
public import SQLStore

/// One connection inside one transaction.
///
/// GRDB prepares and caches the statements; binding and stepping go to SQLite directly, as
/// boxing the arguments for GRDB takes longer than SQLite takes to run them.
public final class SQLiteConnection: SQLConnection {
    private let database: GRDB.Database
    private let isCancelled: @Sendable () -> Bool
    private let log: @Sendable (String) -> Void
    /// Queries whose rows are being visited; their prepared statements are in use.
    private var visited: [String] = []

    /// - Parameter isCancelled: whether nobody waits for the outcome any more; asked before each statement.
    init(
        _ database: GRDB.Database, isCancelled: @escaping @Sendable () -> Bool,
        log: @escaping @Sendable (String) -> Void
    ) {
        self.database = database
        self.isCancelled = isCancelled
        self.log = log
    }

    public func query(
        _ sql: String, _ arguments: [SQLValue], _ visit: (any SQLRow) throws(AccessError) -> Void
    ) throws(AccessError) {
        try translated {
            let isVisited = visited.contains(sql)
            let statement = isVisited ? try database.makeStatement(sql: sql) : try database.cachedStatement(sql: sql)
            visited.append(sql)
            defer { visited.removeLast() }
            try run(statement, arguments) { try visit($0) }
        }
    }

    public func execute(_ sql: String, _ arguments: [SQLValue]) throws(AccessError) -> Int {
        try translated {
            try run(try database.cachedStatement(sql: sql), arguments) { _ in }
            return database.changesCount
        }
    }

    public func execute(script: String) throws(AccessError) {
        try translated { try database.execute(sql: script) }
    }

    public func tableNames() throws(AccessError) -> Set<String> {
        try translated {
            try String.fetchSet(
                database, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'"
            )
        }
    }

    public func integrityFaults(limit: Int, schemaOf scripts: [String]) throws(AccessError) -> [String] {
        try translated {
            let damage = try String.fetchAll(database, sql: "PRAGMA integrity_check(\(limit))").filter { $0 != "ok" }
            var faults = damage.map { "the file is damaged: \($0)" }
            faults += try schemaFaults(scripts)
            let references = try Row.fetchCursor(database, sql: "PRAGMA foreign_key_check")
            while faults.count < limit, let row = try references.next() {
                let (table, other): (String?, String?) = (row[0], row[2])
                faults.append("a row of \(table ?? "a table") names one of \(other ?? "another") that is not there")
            }
            return faults
        }
    }

    private func schemaFaults(_ scripts: [String]) throws -> [String] {
        let expected = try DatabaseQueue().write { blank in
            for script in scripts { try blank.execute(sql: script) }
            return try Self.schema(of: blank)
        }
        let present = try Self.schema(of: database)
        return Set(expected.keys).union(present.keys).sorted().compactMap { name in
            switch (expected[name], present[name]) {
            case (nil, _): "the schema has the \(name), which no script of Portreeve makes"
            case (_, nil): "the schema lacks the \(name)"
            case (let expected, let present): expected == present ? nil : "the \(name) is not as its script makes it"
            }
        }
    }

    /// The statement of each object by its type and name, however it is spaced.
    private static func schema(of database: Database) throws -> [String: String] {
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT type || ' ' || name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'")
        return Dictionary(
            uniqueKeysWithValues: rows.map { row -> (String, String) in
                let statement: String? = row[1]
                return (row[0], (statement ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " "))
            })
    }

    private func run(
        _ prepared: Statement, _ arguments: [SQLValue], _ visit: (SQLiteRow) throws -> Void
    ) throws {
        if isCancelled() { throw CancellationError() }
        // A full disk may have ended the transaction, and a statement would then stand alone.
        guard database.isInsideTransaction else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
        let statement = prepared.sqliteStatement
        sqlite3_reset(statement)
        defer { sqlite3_reset(statement) }
        for (index, argument) in arguments.enumerated() {
            try check(argument.bind(to: statement, at: CInt(index + 1)), SQLITE_OK)
        }
        while true {
            let code = sqlite3_step(statement)
            guard code == SQLITE_ROW else { return try check(code, SQLITE_DONE) }
            try visit(SQLiteRow(statement: statement))
        }
    }

    private func check(_ code: CInt, _ expected: CInt) throws {
        guard code != expected else { return }
        throw DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(database.sqliteConnection)),
            message: String(cString: sqlite3_errmsg(database.sqliteConnection)))
    }

    private func translated<Value>(_ body: () throws -> Value) throws(AccessError) -> Value {
        do {
            return try body()
        } catch let error as AccessError {
            throw error
        } catch is CancellationError {
            throw .storage(.abandoned)
        } catch let error as DatabaseError where isCancelled() && error.resultCode == .SQLITE_INTERRUPT {
            throw .storage(.abandoned)
        } catch {
            log("\(error)")
            throw .storage(StorageError(error))
        }
    }
}
