public import AccessControl
import Foundation
public import SQLStore

/// Opens the store in a SQLite file.
/// - Parameters:
///   - createsFile: whether a missing or empty file is made and given its schema.
///   - log: told of failures in the engine's own words, which no client sees.
/// - Throws: `StorageError.unknownSchema` with what to do for a file of another version.
public func openStore(
    path: String, readOnly: Bool = false, createsFile: Bool = false, clock: WallClock = .system,
    log: @escaping @Sendable (String) -> Void
) async throws(AccessError) -> SQLStore<SQLiteDatabase> {
    let database = try SQLiteDatabase(
        path: path, mode: readOnly ? .readOnly : createsFile ? .create : .readWrite, log: log)
    return try await SQLStore(opening: database, createsSchema: createsFile && !readOnly, clock: clock)
}

/// Applies the scripts that a SQLite file has not seen, all or none; makes the file if it is
/// missing.
/// - Parameter dryRun: only tell which, and leave the file as it is.
/// - Returns: the names of the scripts, in order.
public func migrateStore(
    path: String, dryRun: Bool = false, clock: WallClock = .system, log: @escaping @Sendable (String) -> Void
) async throws(AccessError) -> [String] {
    if dryRun, !FileManager.default.fileExists(atPath: path) { return SQLStore<SQLiteDatabase>.schemaNames }
    let schema = Schema(try SQLiteDatabase(path: path, mode: dryRun ? .readWrite : .create, log: log))
    return dryRun ? try await schema.pendingNames() : try await schema.migrate(at: clock.now)
}
