public import AccessControl

/// What a driver gives to `SQLStore`: transactions on one database. The driver knows nothing of
/// facts, and the store nothing of the engine. Failures are `AccessError.storage`; the engine's
/// own words stay with the driver.
public protocol SQLDatabase: Sendable {
    associatedtype Connection: SQLConnection

    /// The scripts of the schema in the engine's words, in order.
    static var migrations: [Migration] { get }

    /// Runs `body` in a transaction that sees one state of the database. Runs beside writes.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (Connection) throws(AccessError) -> Result
    ) async throws(AccessError) -> Result

    /// Runs `body` in a transaction that holds the lock of the log from its beginning: it sees all that was committed
    /// before, and no other one comes between. It is durable when the call returns, and undone when `body` throws or
    /// the task is cancelled before the end of `body`; later it may be kept, whole. `body` may run more than once, each time as if it had not run before.
    /// - Parameters:
    ///   - patience: how long to wait for other writes of this process, and of others where the engine can say so.
    ///   - body: gives the result, and what tells afterwards that the transaction was committed; nil if nothing does.
    /// - Throws: `.storage(.uncertain)` where that cannot be found out.
    func write<Result: Sendable>(
        within patience: Duration, _ body: @escaping @Sendable (Connection) throws(AccessError) -> (Result, SQLWitness?)
    ) async throws(AccessError) -> Result

    /// As `write`, without the lock of the log, where an engine lets writes run side by side: `body` changes rows that
    /// are in no log, each by one statement that is right whatever others do.
    func writeAside<Result: Sendable>(
        within patience: Duration, _ body: @escaping @Sendable (Connection) throws(AccessError) -> Result
    ) async throws(AccessError) -> Result

    /// Runs `body`, which applies scripts, in a transaction of its own.
    func migrate<Result: Sendable>(
        _ body: @escaping @Sendable (Connection) throws(AccessError) -> Result
    ) async throws(AccessError) -> Result

    /// Writes a consistent copy into a new file.
    func backup(to path: String) async throws(AccessError)

    /// - Throws: `.storage(.replaced)` when what is open is not what is there under its name.
    func checkIdentity() throws(AccessError)

    /// Ends all connections. Nothing may be asked afterwards.
    func close()
}

/// Runs statements inside one transaction. Not for use after its end, nor on another thread. Parameters are `?`.
///
/// Statements are prepared once a text and connection, so texts should be few.
public protocol SQLConnection: AnyObject {
    /// Visits the rows of a query, which are few enough to be in memory together. A row is valid during its visit only,
    /// and no other statement runs meanwhile.
    func query(
        _ sql: String, _ arguments: [SQLValue], _ visit: (any SQLRow) throws(AccessError) -> Void
    ) throws(AccessError)

    /// Visits the rows of a query, however many there are. Other statements that read may run meanwhile.
    func scan(
        _ sql: String, _ arguments: [SQLValue], _ visit: (any SQLRow) throws(AccessError) -> Void
    ) throws(AccessError)

    /// - Returns: the number of rows inserted, updated or deleted.
    @discardableResult
    func execute(_ sql: String, _ arguments: [SQLValue]) throws(AccessError) -> Int

    /// Inserts a row: before the next statement that is not queued, and before the transaction ends. Rows of different
    /// tables may be inserted in another order than they were queued in. An error is thrown by that statement, by a later
    /// `enqueue`, or at the end.
    /// - Parameter values: one for each of `insert.columns`.
    func enqueue(_ insert: SQLInsert, _ values: [SQLValue]) throws(AccessError)

    /// Runs a statement as late as `enqueue(_:_:)` does, behind what was queued for its table.
    /// - Parameter table: the one table that the statement is about, of which exactly one row must be there to be changed;
    ///   nil for a statement about any tables and any number of rows, which runs behind all that was queued.
    func enqueue(_ sql: String, _ arguments: [SQLValue], oneRowOf table: String?) throws(AccessError)

    /// Waits until everything that was queued is done.
    func runQueued() throws(AccessError)

    /// Runs several statements without arguments.
    func execute(script: String) throws(AccessError)

    /// The names of all tables but the engine's own.
    func tableNames() throws(AccessError) -> Set<String>

    /// The function of two texts that gives the place of the second in the first, from 1, and 0 if it is not there.
    static var textPosition: String { get }

    /// What the engine finds wrong with its storage and with references between rows, and what of its schema is not as
    /// the driver's scripts make it: a trigger of somebody else's could undo what it did before anybody looks.
    /// - Parameter limit: how many faults to look for at the most.
    func integrity(limit: Int) throws(AccessError) -> SQLIntegrity
}

/// A query that gives a row if a transaction was committed, and none if it was not.
public struct SQLWitness: Hashable, Sendable {
    public let sql: String
    public let arguments: [SQLValue]
}

/// What an engine says of itself, in words.
public struct SQLIntegrity: Hashable, Sendable {
    public var faults: [String]
    /// What is worth knowing, and wrong in nothing.
    public var notes: [String]

    public init(faults: [String] = [], notes: [String] = []) {
        self.faults = faults
        self.notes = notes
    }

    /// What a schema has otherwise than the scripts make it, in words.
    /// - Parameters:
    ///   - expected: the definition of each object by its kind and name, as in `table accounts`.
    ///   - present: the same of the database.
    package static func faults(expected: [String: String], present: [String: String]) -> [String] {
        Set(expected.keys).union(present.keys).sorted().compactMap { name in
            switch (expected[name], present[name]) {
            case (nil, _): "the schema has the \(name), which no script of Portreeve makes"
            case (_, nil): "the schema lacks the \(name)"
            case (let expected, let present): expected == present ? nil : "the \(name) is not as its script makes it"
            }
        }
    }
}

/// An insertion of one row, apart from its values.
public struct SQLInsert: Hashable, Sendable {
    public let table: String
    public let columns: [String]
    /// The statement, with a parameter for each column.
    public let sql: String

    public init(into table: String, _ columns: [String]) {
        self.table = table
        self.columns = columns
        let parameters = columns.map { _ in "?" }.joined(separator: ", ")
        sql = "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(parameters))"
    }
}

extension StorageError {
    /// A row to be changed was not there, or more than it.
    public static func missingRow(in table: String) -> StorageError {
        .failed("the row to change in \(table) is not there: it changed meanwhile")
    }
}

extension SQLConnection {
    /// The rows of a query, or of one that gives at most one.
    func rows<Value>(
        _ sql: String, _ arguments: [SQLValue] = [], _ map: (any SQLRow) throws(AccessError) -> Value
    ) throws(AccessError) -> [Value] {
        var values: [Value] = []
        try query(sql, arguments) { (row) throws(AccessError) in values.append(try map(row)) }
        return values
    }

    /// Visits the rows of a selection whose `column` is one of `keys`, some keys at a time.
    func query(
        _ selection: String, where column: String, in keys: [String], _ visit: (any SQLRow) throws(AccessError) -> Void
    ) throws(AccessError) {
        let lot = 64
        let sql = "\(selection) WHERE \(column) IN (\(Array(repeating: "?", count: lot).joined(separator: ", ")))"
        var rest = keys[...]
        while let last = rest.last {
            let some = rest.prefix(lot)
            rest = rest.dropFirst(lot)
            // One text for all: what is missing in the last lot is filled with its last key.
            let arguments = some + Array(repeating: last, count: lot - some.count)
            try query(sql, arguments.map(SQLValue.text), visit)
        }
    }

    func first<Value>(
        _ sql: String, _ arguments: [SQLValue] = [], _ map: (any SQLRow) throws(AccessError) -> Value
    ) throws(AccessError) -> Value? {
        var value: Value?
        try query(sql, arguments) { (row) throws(AccessError) in value = try map(row) }
        return value
    }
}
