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
    /// Whether the rows of a query are being visited.
    private var isVisited = false
    private let worker: StatementWorker
    /// What was queued and not yet begun.
    private var waiting: [StatementWorker.Item] = []
    /// Those of queued statements, which have to stay until the transaction ends.
    private var queued: [String: Statement] = [:]

    /// So many statements are begun at once on another thread; fewer are run on this one, as there is nothing else to do
    /// meanwhile.
    private static let lot = 64

    /// - Parameter isCancelled: whether nobody waits for the outcome any more; asked before each statement.
    init(
        _ database: GRDB.Database, isCancelled: @escaping @Sendable () -> Bool,
        log: @escaping @Sendable (String) -> Void
    ) {
        self.database = database
        self.isCancelled = isCancelled
        self.log = log
        worker = StatementWorker(database.sqliteConnection, isCancelled: isCancelled)
    }

    public func query(
        _ sql: String, _ arguments: [SQLValue], _ visit: (any SQLRow) throws(AccessError) -> Void
    ) throws(AccessError) {
        try translated {
            let statement = try prepared(sql)
            isVisited = true
            defer { isVisited = false }
            try worker.run(statement.sqliteStatement, arguments) { try visit($0) }
        }
    }

    public func scan(
        _ sql: String, _ arguments: [SQLValue], _ visit: (any SQLRow) throws(AccessError) -> Void
    ) throws(AccessError) {
        try translated {
            try takeQueued()
            // One that is cached is not there for another scan with the same text.
            let statement = try database.makeStatement(sql: sql)
            try worker.run(statement.sqliteStatement, arguments) { try visit($0) }
        }
    }

    public func execute(_ sql: String, _ arguments: [SQLValue]) throws(AccessError) -> Int {
        try translated { try worker.run(try prepared(sql).sqliteStatement, arguments) { _ in } }
    }

    public func enqueue(_ insert: SQLInsert, _ values: [SQLValue]) throws(AccessError) {
        try enqueue(insert.sql, values, oneRowOf: nil)
    }

    public func enqueue(_ sql: String, _ arguments: [SQLValue], oneRowOf table: String?) throws(AccessError) {
        try translated {
            try refuseNesting()
            let statement: Statement
            if let known = queued[sql] {
                statement = known
            } else {
                // Preparing reads the schema, which the worker may be using.
                try worker.wait()
                statement = try database.cachedStatement(sql: sql)
                queued[sql] = statement
            }
            waiting.append(
                .init(statement: Int(bitPattern: statement.sqliteStatement), arguments: arguments, table: table))
            guard waiting.count >= Self.lot else { return }
            let lot = waiting
            waiting = []
            waiting.reserveCapacity(Self.lot)
            try worker.begin(lot)
        }
    }

    public func runQueued() throws(AccessError) { try translated { try takeQueued() } }

    /// Runs `body`, and then everything that it queued. Nothing of it is under way any more when this ends, however that
    /// is.
    func finishing<Result>(_ body: (SQLiteConnection) throws(AccessError) -> Result) throws(AccessError) -> Result {
        do throws(AccessError) {
            let result = try body(self)
            try runQueued()
            return result
        } catch {
            worker.end()
            throw error
        }
    }

    private func takeQueued() throws {
        try refuseNesting()
        guard !queued.isEmpty else { return }
        try worker.wait()
        let rest = waiting
        waiting = []
        try worker.run(rest)
    }

    private func prepared(_ sql: String) throws -> Statement {
        try takeQueued()
        return try database.cachedStatement(sql: sql)
    }

    /// Other engines take the whole result of a query before they run another statement: what would be wrong there is
    /// wrong here, too.
    private func refuseNesting() throws {
        if isVisited { throw AccessError.storage(.failed("a statement was run while a query's rows were visited")) }
    }

    public func execute(script: String) throws(AccessError) {
        try translated {
            try takeQueued()
            try database.execute(sql: script)
        }
    }

    public func tableNames() throws(AccessError) -> Set<String> {
        try translated {
            try String.fetchSet(
                database, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'"
            )
        }
    }

    public static let textPosition = "instr"

    public func integrity(limit: Int) throws(AccessError) -> SQLIntegrity {
        try translated {
            let damage = try String.fetchAll(database, sql: "PRAGMA integrity_check(\(limit))").filter { $0 != "ok" }
            var faults = damage.map { "the file is damaged: \($0)" }
            faults += try schemaFaults()
            let references = try Row.fetchCursor(database, sql: "PRAGMA foreign_key_check")
            while faults.count < limit, let row = try references.next() {
                let (table, other): (String?, String?) = (row[0], row[2])
                faults.append("a row of \(table ?? "a table") names one of \(other ?? "another") that is not there")
            }
            return SQLIntegrity(faults: faults)
        }
    }

    private func schemaFaults() throws -> [String] {
        let expected = try DatabaseQueue().write { blank in
            for script in SQLiteDatabase.migrations { try blank.execute(sql: script.sql) }
            return try Self.schema(of: blank)
        }
        let present = try Self.schema(of: database)
        return SQLIntegrity.faults(expected: expected, present: present)
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
