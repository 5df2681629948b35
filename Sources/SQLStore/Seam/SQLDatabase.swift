public import AccessControl

/// What a driver gives to `SQLStore`: transactions on one database. The driver knows nothing of
/// facts, and the store nothing of the engine. Failures are `AccessError.storage`; the engine's
/// own words stay with the driver.
public protocol SQLDatabase: Sendable {
    associatedtype Connection: SQLConnection

    /// Runs `body` in a transaction that sees one state of the database. Runs beside writes.
    func read<Result: Sendable>(
        _ body: @Sendable (Connection) throws(AccessError) -> Result
    ) async throws(AccessError) -> Result

    /// Runs `body` in a transaction that holds the lock for writing from its beginning. It is
    /// durable when the call returns, and undone when `body` throws or the task is cancelled.
    /// - Parameter patience: how long to wait for other writes.
    func write<Result: Sendable>(
        within patience: Duration, _ body: @Sendable (Connection) throws(AccessError) -> Result
    ) async throws(AccessError) -> Result

    /// Writes a consistent copy into a new file.
    func backup(to path: String) async throws(AccessError)

    /// - Throws: `.storage(.replaced)` when what is open is not what is there under its name.
    func checkFile() throws(AccessError)
}

/// Runs statements inside one transaction. Not for use after its end, nor on another thread.
public protocol SQLConnection {
    /// Visits the rows of a query one at a time; a row is valid during its visit only.
    /// Statements are prepared once a text and connection, so texts should be few.
    func query(
        _ sql: String, _ arguments: [SQLValue], _ visit: (any SQLRow) throws(AccessError) -> Void
    ) throws(AccessError)

    /// - Returns: the number of rows inserted, updated or deleted.
    @discardableResult
    func execute(_ sql: String, _ arguments: [SQLValue]) throws(AccessError) -> Int

    /// Runs several statements without arguments.
    func execute(script: String) throws(AccessError)

    /// The names of all tables but the engine's own.
    func tableNames() throws(AccessError) -> Set<String>

    /// What the engine finds wrong with its file and with references between rows, and what of its schema is not as
    /// scripts make it, in words: a trigger of somebody else's could undo what it did before anybody looks.
    func integrityFaults(limit: Int, schemaOf scripts: [String]) throws(AccessError) -> [String]
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

    func first<Value>(
        _ sql: String, _ arguments: [SQLValue] = [], _ map: (any SQLRow) throws(AccessError) -> Value
    ) throws(AccessError) -> Value? {
        var value: Value?
        try query(sql, arguments) { (row) throws(AccessError) in value = try map(row) }
        return value
    }
}
