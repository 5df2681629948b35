public import AccessControl
public import AccessModel

/// The store of facts and of the change log over any SQL database with a driver.
public struct SQLStore<Database: SQLDatabase>: Store {
    /// The names of all scripts of the schema, in order.
    public static var schemaNames: [String] { Database.migrations.map(\.name) }

    private let database: Database
    private let clock: WallClock
    private let salts: @Sendable () -> SaltSource

    /// Opens a database whose schema is the newest one.
    /// - Parameters:
    ///   - createsSchema: whether an empty database is given its schema.
    ///   - clock: dates changes, one moment a transaction.
    /// - Throws: `StorageError.unknownSchema` with what to do when the schema is another one.
    public init(
        opening database: Database, createsSchema: Bool = false, clock: WallClock = .system
    ) async throws(AccessError) {
        try await self.init(opening: database, createsSchema: createsSchema, clock: clock) { SaltSource() }
    }

    /// - Parameter salts: what the salts of a transaction are made of, for tests.
    init(
        opening database: Database, createsSchema: Bool, clock: WallClock, salts: @escaping @Sendable () -> SaltSource
    ) async throws(AccessError) {
        let schema = Schema(database)
        switch try await schema.state() {
        case .current: break
        case .empty where createsSchema: try await schema.migrate(at: clock.now)
        case .empty:
            throw .storage(.unknownSchema("the database is empty: run `portreeve migrate` to prepare it"))
        case .behind(let pending):
            throw .storage(
                .unknownSchema(
                    "the database was made by an older Portreeve: make a backup and run `portreeve migrate`"
                        + " to apply \(pending.joined(separator: ", "))"))
        }
        self.database = database
        self.clock = clock
        self.salts = salts
    }

    public func read<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreReader) throws(AccessError) -> Result
    ) async throws(AccessError) -> Result {
        try await database.read { (connection) throws(AccessError) in try body(SQLReader(connection: connection)) }
    }

    public func write<Result: Sendable>(
        as actor: Actor, within patience: Duration,
        _ body: @escaping @Sendable (any StoreWriter) throws(AccessError) -> Result
    ) async throws(AccessError) -> Result {
        try await database.write(within: patience) { (connection) throws(AccessError) in
            let writer = try SQLWriter(connection: connection, actor: actor, now: clock.now, salts: salts())
            let result = try body(writer)
            if let failure = writer.failure { throw failure }
            return (result, writer.witness)
        }
    }

    public func writeAside<Result: Sendable>(
        within patience: Duration, _ body: @escaping @Sendable (any NoteWriter) throws(AccessError) -> Result
    ) async throws(AccessError) -> Result {
        try await database.writeAside(within: patience) { (connection) throws(AccessError) in
            try body(SQLNoteWriter(connection: connection))
        }
    }

    public func backup(to path: String) async throws(AccessError) { try await database.backup(to: path) }

    public func checkIdentity() throws(AccessError) { try database.checkIdentity() }

    public func close() { database.close() }
}
