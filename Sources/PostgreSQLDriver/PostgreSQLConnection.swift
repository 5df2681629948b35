public import AccessControl
public import SQLStore

/// One connection inside one transaction. Insertions wait in memory and go in lots: a few as statements of a pipeline,
/// many by COPY.
public final class PostgreSQLConnection: SQLConnection {
    private let session: Session
    private let isCancelled: @Sendable () -> Bool
    private let log: @Sendable (String) -> Void
    /// In the order in which their tables were first named.
    private var waiting: [WaitingRows] = []
    private var cursorCount = 0
    /// Whether the rows of a query are being visited.
    private var isVisited = false
    /// How long the next answer may take; it is longer for a statement that waits for others.
    private var limit: Duration
    /// The first failure of this transaction, which nothing that follows can mend.
    private(set) var failure: Failure?
    /// How many rows were changed, about.
    private(set) var rowCount = 0

    struct Failure {
        /// In our own words.
        let error: AccessError
        /// In the server's; nil if it was none of its.
        let server: ServerFailure?
    }

    /// Rows for one table.
    private struct WaitingRows {
        let insert: SQLInsert
        var rows: [[SQLValue]] = []
    }

    static let limit = Duration.seconds(5)
    /// A portion of a scan may take the sorting of a whole table.
    private static let scanLimit = Duration.seconds(600)
    /// So many rows of a table are sent by COPY.
    private static let many = 64
    /// So many rows of a table wait at the most.
    private static let most = 5_000
    /// So many statements are sent before their answers are taken.
    private static let pipeline = 256
    private static let portion = 2_000

    /// A statement at the beginning of a transaction.
    struct Opening: Sendable {
        let sql: String
        var expectation = Session.Expectation.anything

        /// Takes the lock of the log.
        static let lock = Opening(
            sql: "SELECT 1 FROM log_lock WHERE one = 1 FOR UPDATE", expectation: .oneRow(table: "log_lock"))
    }

    /// For what is not to be done in this transaction.
    let openAnother: () throws -> Session

    /// - Parameters:
    ///   - opening: the statements that begin the transaction. They are sent with the first of the body.
    ///   - patience: how long those may wait for others.
    init(
        _ session: Session, opening: [Opening], within patience: Duration, openAnother: @escaping () throws -> Session,
        isCancelled: @escaping @Sendable () -> Bool, log: @escaping @Sendable (String) -> Void
    ) throws(ServerFailure) {
        self.session = session
        self.openAnother = openAnother
        self.isCancelled = isCancelled
        self.log = log
        limit = Self.limit + patience
        for statement in opening { try session.sendOnce(statement.sql, expecting: statement.expectation) }
    }

    // MARK: Reading

    public func query(
        _ sql: String, _ arguments: [SQLValue], _ visit: (any SQLRow) throws(AccessError) -> Void
    ) throws(AccessError) {
        let result = try answer { () throws in
            try sendWaitingRows()
            try session.send(sql, arguments)
        }
        isVisited = true
        defer { isVisited = false }
        for index in 0..<(result?.rowCount ?? 0) { if let result { try visit(result.row(index)) } }
    }

    public func scan(
        _ sql: String, _ arguments: [SQLValue], _ visit: (any SQLRow) throws(AccessError) -> Void
    ) throws(AccessError) {
        cursorCount += 1
        let cursor = "scan\(cursorCount)"
        let fetch = "FETCH FORWARD \(Self.portion) FROM \(cursor)"
        var portion = try answer(within: Self.scanLimit) { () throws in
            try sendWaitingRows()
            try session.sendOnce("DECLARE \(cursor) NO SCROLL CURSOR FOR \(sql)", arguments)
            try session.sendOnce(fetch)
        }
        while let rows = portion, rows.rowCount > 0 {
            for index in 0..<rows.rowCount { try visit(rows.row(index)) }
            guard rows.rowCount == Self.portion else { break }
            portion = try answer(within: Self.scanLimit) { () throws in try session.sendOnce(fetch) }
        }
        try attempt { () throws in try session.sendOnce("CLOSE \(cursor)") }
    }

    public func tableNames() throws(AccessError) -> Set<String> {
        var names: Set<String> = []
        try query("SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = current_schema()", []) { row in
            if let name = row.text(0) { names.insert(name) }
        }
        return names
    }

    public static let textPosition = "strpos"

    // MARK: Writing

    public func execute(_ sql: String, _ arguments: [SQLValue]) throws(AccessError) -> Int {
        try answer { () throws in
            try sendWaitingRows()
            try session.send(sql, arguments)
        }?.changedRows ?? 0
    }

    public func enqueue(_ insert: SQLInsert, _ values: [SQLValue]) throws(AccessError) {
        if isCancelled() { throw .storage(.abandoned) }
        let place: Int
        rowCount += 1
        if let known = waiting.firstIndex(where: { $0.insert == insert }) {
            place = known
        } else {
            place = waiting.count
            waiting.append(WaitingRows(insert: insert))
        }
        waiting[place].rows.append(values)
        guard waiting[place].rows.count >= Self.most else { return }
        try attempt { () throws in try sendRows(at: place) }
    }

    public func enqueue(_ sql: String, _ arguments: [SQLValue], oneRowOf table: String?) throws(AccessError) {
        try attempt { () throws in
            // What it changes may have been inserted just now; rows of other tables go on waiting.
            if let table {
                for place in waiting.indices where waiting[place].insert.table == table { try sendRows(at: place) }
            } else {
                try sendWaitingRows()
            }
            rowCount += 1
            try session.send(sql, arguments, expecting: table.map { .oneRow(table: $0) } ?? .anything)
            if session.pendingCount >= Self.pipeline { try synchronize() }
        }
    }

    public func runQueued() throws(AccessError) {
        try attempt { () throws in
            try sendWaitingRows()
            try synchronize()
        }
    }

    public func execute(script: String) throws(AccessError) {
        try attempt { () throws in
            try sendWaitingRows()
            try synchronize()
            try session.run(script: script, within: .seconds(600))
        }
    }

    /// Sends everything that waits, and waits for what may still forbid COMMIT.
    func prepareToCommit() throws {
        try sendWaitingRows()
        if session.expectsRows { try synchronize() }
    }

    private func sendWaitingRows() throws {
        for place in waiting.indices { try sendRows(at: place) }
    }

    private func sendRows(at place: Int) throws {
        guard !waiting[place].rows.isEmpty else { return }
        let (insert, rows) = (waiting[place].insert, waiting[place].rows)
        waiting[place].rows.removeAll(keepingCapacity: true)
        if rows.count >= Self.many {
            try synchronize()
            try session.copy(rows, by: insert, within: Self.limit)
        } else {
            for row in rows {
                try session.send(insert.sql, row)
                if session.pendingCount >= Self.pipeline { try synchronize() }
            }
        }
    }

    // MARK: Answers

    @discardableResult
    private func synchronize() throws -> StatementResult? {
        defer { limit = Self.limit }
        return try session.synchronize(within: limit)
    }

    private func answer(
        within most: Duration = .zero, _ send: () throws -> Void
    ) throws(AccessError) -> StatementResult? {
        var result: StatementResult?
        try attempt { () throws in
            try send()
            limit = max(limit, most)
            result = try synchronize()
        }
        return result
    }

    /// Runs `body`, and says in our own words why it failed. After a failure nothing is run any more: the server has undone
    /// everything, or would keep what is wrong.
    func attempt(_ body: () throws -> Void) throws(AccessError) {
        if let failure { throw failure.error }
        if isCancelled() { throw .storage(.abandoned) }
        // As SQLite's driver: a row is there during its visit, and the rows of a query are visited at once.
        if isVisited { throw .storage(.failed("a statement was run while a query's rows were visited")) }
        do {
            try body()
        } catch let error as AccessError {
            throw note(error)
        } catch let missing as MissingRow {
            throw note(.storage(.missingRow(in: missing.table)))
        } catch let error as ServerFailure {
            log(error.description)
            if error.isAboutStatement { session.abandon() }
            throw note(.storage(StorageError(error)), error)
        } catch {
            throw note(.storage(.failed("\(error)")))
        }
    }

    private func note(_ error: AccessError, _ server: ServerFailure? = nil) -> AccessError {
        failure = Failure(error: error, server: server)
        return error
    }
}
