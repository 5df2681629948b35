public import AccessControl
public import SQLStore

/// A database of one or more PostgreSQL servers, of which one takes writes, used by any number of processes.
///
/// Writes of the log follow each other through one row, `log_lock`, which a transaction holds from its first statement
/// to its end. It is locked and never updated: a row that is updated would leave a version behind for each write as
/// long as anybody reads.
public struct PostgreSQLDatabase: SQLDatabase {
    private let servers: Servers
    private let writer: Lane
    private let aside: Lane
    private let readers: LanePool
    private let writeTurns = TurnQueue()
    private let asideTurns = TurnQueue()
    private let readTurns = TurnQueue(atOnce: readerCount)
    private let failoverWait: Duration
    private let log: @Sendable (String) -> Void

    private static let readerCount = 8

    /// - Parameters:
    ///   - url: a connection URI (PostgreSQL, "Connection URIs"), which may name several servers.
    ///   - password: of the role; nil where the server asks for none.
    ///   - allowsCleartext: whether a server beyond this machine may be spoken to without `sslmode=verify-full`.
    ///   - failoverWait: how long a write waits for a server that takes it.
    ///   - log: receives every failure in the server's own words, which no client sees.
    /// - Throws: `StorageError.unknownSchema` for a server of another kind, version or encoding.
    public init(
        url: String, password: String? = nil, allowsCleartext: Bool = false, failoverWait: Duration = .seconds(10),
        log: @escaping @Sendable (String) -> Void
    ) async throws(AccessError) {
        do {
            let servers = try Servers(url: url, password: password, allowsCleartext: allowsCleartext)
            self.servers = servers
            writer = Lane("writer", to: servers)
            aside = Lane("aside", to: servers)
            readers = LanePool((0..<Self.readerCount).map { Lane("reader-\($0)", to: servers) })
            self.failoverWait = failoverWait
            self.log = log
            try await writer.run { try $0.withSession { _ in } }
        } catch {
            throw Self.translated(error, log)
        }
    }

    // MARK: Reading

    public func read<Result: Sendable>(
        _ body: @escaping @Sendable (PostgreSQLConnection) throws(AccessError) -> Result
    ) async throws(AccessError) -> Result {
        do {
            return try await readTurns.take(within: .seconds(60)) {
                let lane = readers.take()
                defer { readers.giveBack(lane) }
                return try await withCancellationFlag { isCancelled in
                    try await lane.run { lane in try read(in: lane, isCancelled, body) }
                }
            }
        } catch {
            throw Self.translated(error, log)
        }
    }

    private func read<Result: Sendable>(
        in lane: Lane, _ isCancelled: @escaping @Sendable () -> Bool,
        _ body: (PostgreSQLConnection) throws(AccessError) -> Result
    ) throws -> Result {
        try lane.withSession { session in
            let connection = try PostgreSQLConnection(
                session, opening: [.init(sql: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")], within: .zero,
                openAnother: servers.connect, isCancelled: isCancelled, log: log)
            // Never left open, as an open one keeps old rows from being cleared away.
            defer { session.rollBack(isAwaited: false, within: PostgreSQLConnection.limit, log: log) }
            return try body(connection)
        }
    }

    // MARK: Writing

    public func write<Result: Sendable>(
        within patience: Duration,
        _ body: @escaping @Sendable (PostgreSQLConnection) throws(AccessError) -> (Result, SQLWitness?)
    ) async throws(AccessError) -> Result {
        try await write(within: patience, on: writer, writeTurns, opening: [.lock], body)
    }

    public func writeAside<Result: Sendable>(
        within patience: Duration, _ body: @escaping @Sendable (PostgreSQLConnection) throws(AccessError) -> Result
    ) async throws(AccessError) -> Result {
        try await write(within: patience, on: aside, asideTurns, opening: []) { (connection) throws(AccessError) in
            (try body(connection), nil)
        }
    }

    public func migrate<Result: Sendable>(
        _ body: @escaping @Sendable (PostgreSQLConnection) throws(AccessError) -> Result
    ) async throws(AccessError) -> Result {
        try await write(within: .seconds(5), on: writer, writeTurns, opening: []) { (connection) throws(AccessError) in
            // The first script makes the row. Of two that make the tables at once the engine refuses one.
            if try connection.tableNames().contains("log_lock") {
                try connection.query(PostgreSQLConnection.Opening.lock.sql, []) { _ in }
            }
            return (try body(connection), nil)
        }
    }

    private func write<Result: Sendable>(
        within patience: Duration, on lane: Lane, _ turns: TurnQueue, opening: [PostgreSQLConnection.Opening],
        _ body: @escaping @Sendable (PostgreSQLConnection) throws(AccessError) -> (Result, SQLWitness?)
    ) async throws(AccessError) -> Result {
        // The turn in this process and the one among all are waited for together.
        let end = Deadline(in: patience)
        do {
            return try await turns.take(within: patience) {
                try await withCancellationFlag { isCancelled in
                    try await lane.run { lane in
                        let transaction = WriteTransaction(
                            lane: lane, opening: opening, patience: end.left, failoverWait: failoverWait,
                            isCancelled: isCancelled, log: log)
                        return try transaction.run(body)
                    }
                }
            }
        } catch {
            throw Self.translated(error, log)
        }
    }

    // MARK: What SQLite has and a server has not

    public func backup(to path: String) async throws(AccessError) {
        throw .conflict(
            code: .wrongState,
            detail: "the database is a server's: back it up with the server's own tools, as pg_dump or a base backup")
    }

    /// A server is what its name says.
    public func checkIdentity() {}

    /// Connections end with their last use.
    public func close() {}

    private static func translated(_ error: any Error, _ log: (String) -> Void) -> AccessError {
        switch error {
        case let error as AccessError: return error
        case let failure as ServerFailure:
            log(failure.description)
            return .storage(StorageError(failure))
        default:
            log("\(error)")
            return .storage(.failed("see the log of the service"))
        }
    }
}
