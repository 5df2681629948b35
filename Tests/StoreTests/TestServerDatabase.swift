import AccessControl
import PostgreSQLDriver
import Synchronization
import TestSupport

@testable import SQLStore

/// A database of the server that the tests share. One that a test leaves as its scripts make it is emptied and used
/// again, as making one takes longer than most tests.
final class TestServerDatabase: TestDatabase {
    let database: PostgreSQLDatabase
    private let name: String
    private let isSpoilt = Atomic(false)

    static let server = Task { try await PostgreSQLServer.start() }
    private static let count = Atomic(0)
    private static let idle = Mutex<[(name: String, database: PostgreSQLDatabase)]>([])

    static func make(
        _ clock: TestClock, _ salts: @escaping @Sendable () -> SaltSource
    ) async throws -> (TestServerDatabase, SQLStore<PostgreSQLDatabase>) {
        if let (name, database) = idle.withLock({ $0.popLast() }) {
            try await database.writeAside(within: .seconds(5)) { (connection) throws(AccessError) in
                let tables = try connection.tableNames().subtracting(["schema_migrations", "log_lock"])
                try connection.execute(script: tables.sorted().map { "DELETE FROM \($0);" }.joined(separator: "\n"))
            }
            let store = try await SQLStore(
                opening: database, createsSchema: false, clock: clock.wallClock, salts: salts)
            return (TestServerDatabase(name, database), store)
        }
        let name = "store_\(count.add(1, ordering: .relaxed).newValue)"
        let server = try await server.value
        try await server.makeDatabase(name)
        let database = try await PostgreSQLDatabase(url: server.url(database: name), log: TestStore.ignore)
        let store = try await SQLStore(opening: database, createsSchema: true, clock: clock.wallClock, salts: salts)
        return (TestServerDatabase(name, database), store)
    }

    private init(_ name: String, _ database: PostgreSQLDatabase) { (self.name, self.database) = (name, database) }

    func reopened(readOnly: Bool) async throws(AccessError) -> any Store {
        let url: String
        do { url = try await Self.server.value.url(database: name) } catch {
            throw .storage(.failed("\(error)"))
        }
        return try await SQLStore(opening: try await PostgreSQLDatabase(url: url, log: TestStore.ignore))
    }

    func spoil() { isSpoilt.store(true, ordering: .relaxed) }

    func giveBack() {
        guard !isSpoilt.load(ordering: .relaxed) else { return }
        Self.idle.withLock { $0.append((name, database)) }
    }
}
