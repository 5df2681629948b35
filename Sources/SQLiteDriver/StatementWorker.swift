import AccessControl
import Dispatch
import GRDB
import GRDBSQLite
import SQLStore
import Synchronization

/// Runs the queued statements of one transaction, many of them on a thread of its own: making the next ones takes about
/// as long as running the last. While it runs, nobody else may use the connection.
final class StatementWorker: Sendable {
    /// A statement with its arguments.
    struct Item: Sendable {
        /// The address of the prepared statement, which somebody else keeps until the transaction ends.
        let statement: Int
        let arguments: [SQLValue]
        /// Where exactly one row is to be changed, the table it is in.
        let table: String?
    }

    /// The address of the engine's connection.
    private let connection: Int
    private let isCancelled: @Sendable () -> Bool
    private let queue = DispatchQueue(label: "portreeve.sqlite-statements")
    private let failure = Mutex<(any Error)?>(nil)
    /// So many lots may wait; then the one who makes them does.
    private let room = DispatchSemaphore(value: 4)

    init(_ connection: OpaquePointer?, isCancelled: @escaping @Sendable () -> Bool) {
        self.connection = Int(bitPattern: connection)
        self.isCancelled = isCancelled
    }

    /// Begins to run a lot.
    /// - Throws: what a lot before it failed with. Nothing is run after a failure.
    func begin(_ items: [Item]) throws {
        try throwFailure()
        room.wait()
        queue.async { [self] in
            defer { room.signal() }
            guard failure.withLock({ $0 == nil }) else { return }
            do { try run(items) } catch { failure.withLock { $0 = error } }
        }
    }

    /// Waits for all lots that were begun.
    func wait() throws {
        queue.sync {}
        try throwFailure()
    }

    /// Drops the lots that wait, and returns when none is under way.
    func end() {
        failure.withLock { if $0 == nil { $0 = CancellationError() } }
        queue.sync {}
    }

    private func throwFailure() throws { if let failure = failure.withLock({ $0 }) { throw failure } }

    /// Runs a lot on this thread.
    func run(_ items: [Item]) throws {
        for item in items {
            let changed = try run(OpaquePointer(bitPattern: item.statement), item.arguments) { _ in }
            if let table = item.table, changed != 1 { throw AccessError.storage(.missingRow(in: table)) }
        }
    }

    /// Runs one statement on this thread.
    /// - Returns: how many rows it changed, if it is one that changes rows.
    @discardableResult
    func run(
        _ statement: OpaquePointer?, _ arguments: [SQLValue], _ visit: (SQLiteRow) throws -> Void
    ) throws -> Int {
        let connection = OpaquePointer(bitPattern: connection)
        if isCancelled() { throw CancellationError() }
        // A full disk may have ended the transaction, and a statement would then stand alone.
        guard let statement, sqlite3_get_autocommit(connection) == 0 else {
            throw DatabaseError(resultCode: .SQLITE_ABORT)
        }
        sqlite3_reset(statement)
        defer { sqlite3_reset(statement) }
        for (index, argument) in arguments.enumerated() {
            try check(argument.bind(to: statement, at: CInt(index + 1)), SQLITE_OK, connection)
        }
        while true {
            let code = sqlite3_step(statement)
            guard code == SQLITE_ROW else {
                try check(code, SQLITE_DONE, connection)
                return Int(sqlite3_changes(connection))
            }
            try visit(SQLiteRow(statement: statement))
        }
    }

    private func check(_ code: CInt, _ expected: CInt, _ connection: OpaquePointer?) throws {
        guard code != expected else { return }
        throw DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
            message: String(cString: sqlite3_errmsg(connection)))
    }
}
