public import AccessControl
public import AccessModel
import Crypto

/// Brings a database's schema up to date: each script once, in order, all of them in one
/// transaction.
public struct Schema<Database: SQLDatabase>: Sendable {
    public enum State: Hashable, Sendable {
        /// There is no table.
        case empty
        case current
        /// The scripts that are to be applied, by name.
        case behind([String])
    }

    private let database: Database
    private let migrations: [Migration]

    public init(_ database: Database, migrations: [Migration] = Database.migrations) {
        self.database = database
        self.migrations = migrations
    }

    /// - Throws: `StorageError.unknownSchema` for a database of a newer version, with changed
    ///   scripts, or not made by Portreeve.
    public func state() async throws(AccessError) -> State {
        try await database.read { (connection) throws(AccessError) in
            if try connection.tableNames().isEmpty { return .empty }
            let pending = try pending(in: connection)
            return pending.isEmpty ? .current : .behind(pending.map(\.name))
        }
    }

    /// The names of the scripts that `migrate` would apply.
    public func pendingNames() async throws(AccessError) -> [String] {
        try await database.read { (connection) throws(AccessError) in try pending(in: connection).map(\.name) }
    }

    /// Applies what is missing, and returns the names. Nothing of it is kept if a script fails.
    @discardableResult
    public func migrate(at now: Timestamp) async throws(AccessError) -> [String] {
        try await database.migrate { (connection) throws(AccessError) in
            let pending = try pending(in: connection)
            for migration in pending {
                try connection.execute(script: migration.sql)
                try connection.execute(
                    "INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES (?, ?, ?, ?)",
                    [
                        .integer(migration.number), .text(migration.name), .text(migration.checksum),
                        .integer(now.microseconds),
                    ])
            }
            return pending.map(\.name)
        }
    }

    private func pending(in connection: Database.Connection) throws(AccessError) -> [Migration] {
        let tables = try connection.tableNames()
        if tables.isEmpty { return migrations }
        guard tables.contains("schema_migrations") else {
            throw .storage(
                .unknownSchema("the database holds tables, but was not made by Portreeve: name another or a new one"))
        }
        var missing = migrations
        try connection.query("SELECT number, name, checksum FROM schema_migrations ORDER BY number", []) {
            (row) throws(AccessError) in
            let (number, name) = (try row.requiredInteger(0), try row.requiredText(1))
            guard let known = migrations.first(where: { $0.number == number }) else {
                throw .storage(
                    .unknownSchema("the database was made by a newer Portreeve (script \(name)): run that version"))
            }
            guard known.name == name, known.checksum == (try row.requiredText(2)) else {
                throw .storage(
                    .unknownSchema(
                        "script \(name) of the database is not the one of this version:"
                            + " run the version that made the database, or restore a backup"))
            }
            missing.removeAll { $0.number == number }
        }
        return missing
    }
}

extension Migration {
    /// SHA-256 of the script in hexadecimal.
    var checksum: String { Hexadecimal.text(SHA256.hash(data: Array(sql.utf8))) }
}
