public import AccessControl
import Foundation
import GRDB
public import SQLStore
import Synchronization

/// One SQLite file, used by any number of processes: one writer at a time, readers beside it.
/// Open it once a process.
public struct SQLiteDatabase: SQLDatabase {
    private let pool: DatabasePool
    private let writes = TurnQueue()
    private let file: FileIdentity
    private let log: @Sendable (String) -> Void

    /// How the file is opened.
    public enum Mode: Hashable, Sendable {
        case readOnly
        case readWrite
        /// Makes the file, for its owner only, if it is not there.
        case create
    }

    /// - Parameter log: told of every failure in the engine's own words, which no client sees.
    public init(path: String, mode: Mode, log: @escaping @Sendable (String) -> Void) throws(AccessError) {
        try self.init(path: path, mode: mode, pageLimit: nil, log: log)
    }

    /// - Parameter pageLimit: pages of 4 KiB that the file may grow to; for tests of a full disk.
    package init(
        path: String, mode: Mode, pageLimit: Int?, log: @escaping @Sendable (String) -> Void
    ) throws(AccessError) {
        if mode == .create { try DatabaseFile.makeIfMissing(path) } else { try DatabaseFile.check(path) }
        do {
            pool = try DatabasePool(path: path, configuration: Self.configuration(mode, pageLimit))
            // The pool makes it NORMAL, by which a power cut may take back what was acknowledged.
            if mode != .readOnly {
                try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            }
        } catch {
            log("opening \(path): \(error)")
            throw .storage(StorageError(opening: path, error))
        }
        file = FileIdentity(path: path)
        self.log = log
    }

    private static func configuration(_ mode: Mode, _ pageLimit: Int?) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = mode == .readOnly
        configuration.busyMode = .timeout(5)
        configuration.foreignKeysEnabled = true
        // Long readings are at most eight at once: the others are for logins, decisions and lists.
        configuration.maximumReaderCount = 16
        configuration.prepareDatabase { database in
            // Foreign SQL in the schema of a file that somebody else handed over stays harmless.
            try database.execute(sql: "PRAGMA trusted_schema = OFF")
            if !database.configuration.readonly {
                // A large import would otherwise write its pages twice, to make room in 2 MB.
                try database.execute(sql: "PRAGMA cache_size = -65536")
                if let pageLimit { try database.execute(sql: "PRAGMA max_page_count = \(pageLimit)") }
            }
        }
        return configuration
    }

    public func read<Result: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws(AccessError) -> Result
    ) async throws(AccessError) -> Result {
        do {
            return try await withCancellationFlag { isCancelled in
                try await pool.read { database in
                    try body(SQLiteConnection(database, isCancelled: isCancelled, log: log))
                }
            }
        } catch {
            throw translated(error)
        }
    }

    // A file that answers has decided, and one that does not is not asked again.
    public func write<Result: Sendable>(
        within patience: Duration,
        _ body: @escaping @Sendable (SQLiteConnection) throws(AccessError) -> (Result, SQLWitness?)
    ) async throws(AccessError) -> Result {
        try await writeAside(within: patience) { (connection) throws(AccessError) in try body(connection).0 }
    }

    // SQLite has one writer at a time.
    public func writeAside<Result: Sendable>(
        within patience: Duration, _ body: @escaping @Sendable (SQLiteConnection) throws(AccessError) -> Result
    ) async throws(AccessError) -> Result {
        do {
            return try await writes.take(within: patience) {
                try await withCancellationFlag { isCancelled in
                    try await pool.writeWithoutTransaction { database in
                        try transaction(database, isCancelled, body)
                    }
                }
            }
        } catch {
            throw translated(error)
        }
    }

    private func transaction<Result>(
        _ database: Database, _ isCancelled: @escaping @Sendable () -> Bool,
        _ body: (SQLiteConnection) throws(AccessError) -> Result
    ) throws -> Result {
        try file.check()
        var result: Result?
        do {
            try database.inTransaction(.immediate) {
                let connection = SQLiteConnection(database, isCancelled: isCancelled, log: log)
                result = try connection.finishing(body)
                return .commit
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_IOERR {
            log("\(error)")
            throw AccessError.storage(.uncertain)
        }
        file.learnLog()
        // What was written to a file that was taken away meanwhile is not acknowledged.
        try file.check()
        guard let result else { throw AccessError.storage(.failed("a transaction ended without a result")) }
        return result
    }

    public func migrate<Result: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws(AccessError) -> Result
    ) async throws(AccessError) -> Result {
        try await writeAside(within: .seconds(5), body)
    }

    public func checkIdentity() throws(AccessError) { try file.check() }

    /// Moves what is in the log of writes into the file before, so that this alone has everything: a pool closes its
    /// readers last, which cannot.
    public func close() {
        do {
            _ = try pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            // Another process has it open, and does so at its own end.
        } catch {
            log("closing: \(error)")
        }
        do { try pool.close() } catch { log("closing: \(error)") }
    }

    public func backup(to path: String) async throws(AccessError) {
        try DatabaseFile.makeNew(path)
        do {
            try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
                DispatchQueue.global().async { done.resume(with: Result { try copy(to: path) }) }
            }
        } catch {
            let failure = translated(error)
            DatabaseFile.remove(path)
            throw failure
        }
    }

    private func copy(to path: String) throws {
        var configuration = Configuration()
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        let copy = try DatabaseQueue(path: path, configuration: configuration)
        try pool.backup(to: copy)
        try copy.close()
    }

    private func translated(_ error: any Error) -> AccessError {
        switch error {
        case let error as AccessError:
            return error
        case is CancellationError:
            return .storage(.abandoned)
        default:
            log("\(error)")
            return .storage(StorageError(error))
        }
    }
}
