import AccessControl
import AccessModel
import Foundation
import PostgreSQLDriver
import SQLStore
import SQLiteDriver
import Synchronization
import TestSupport
import Testing

/// Servers, those that cannot be used, and what is said of them.
@Suite(.timeLimit(.minutes(2)))
struct ServerTests {
    private func open(_ url: String, allowsCleartext: Bool = false) async throws(AccessError) {
        _ = try await SQLStore(
            opening: try await PostgreSQLDatabase(
                url: url, allowsCleartext: allowsCleartext, failoverWait: .seconds(1), log: TestStore.ignore),
            createsSchema: true)
    }

    /// A script is written for both engines.
    @Test func `both engines have the same scripts, tables and columns`() async throws {
        #expect(SQLiteDatabase.migrations.map(\.name) == PostgreSQLDatabase.migrations.map(\.name))
        let server = try await TestServerDatabase.server.value
        try await server.makeDatabase("columns")
        try await open(server.url(database: "columns"))
        let present = try await server.run(
            """
            SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END,
                data_type, collation_name FROM information_schema.columns WHERE table_schema = 'public'
            """, in: "columns"
        ).split(separator: "\n").map { $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init) }
        // COPY sends each of them in one form, and text is compared bytewise.
        #expect(Set(present.map { $0[1...].joined(separator: " ") }) == ["bigint ", "bytea ", "text C"])
        let folder = try TemporaryFolder("columns")
        defer { folder.remove() }
        let file = try SQLiteDatabase(path: folder.path("columns.sqlite"), mode: .create, log: TestStore.ignore)
        _ = try await SQLStore(opening: file, createsSchema: true)
        let expected = try await file.read { (connection) throws(AccessError) in
            var columns: Set<String> = []
            try connection.query(
                """
                SELECT tables.name || '.' || columns.name || CASE WHEN columns."notnull" OR columns.pk > 0 THEN ' NOT NULL' ELSE '' END
                FROM sqlite_schema AS tables JOIN pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'
                """, []
            ) { row in if let name = row.text(0) { columns.insert(name) } }
            return columns
        }
        #expect(Set(present.map { $0[0] }).symmetricDifference(expected) == ["log_lock.one NOT NULL"])
    }

    @Test(arguments: ["9.6.24", "13.20 (Debian 13.20-1)"])
    func `an older server is refused by its version`(_ version: String) async throws {
        let proxy = try MessageProxy(before: try await TestServerDatabase.server.value.port, version: version)
        let url = try await TestServerDatabase.server.value.url(port: proxy.port)
        let error = await #expect(throws: AccessError.self) { try await open(url) }
        #expect(error?.code == .storageSchema)
        #expect("\(try #require(error))".contains("it is PostgreSQL \(version.prefix { $0 != "." })"))
    }

    @Test(arguments: ["LATIN1", "SQL_ASCII"])
    func `a database of another encoding is refused, and named`(_ encoding: String) async throws {
        let server = try await TestServerDatabase.server.value
        try await server.makeDatabase("other_\(encoding)", encoding: encoding)
        let error = await #expect(throws: AccessError.self) {
            try await open(server.url(database: "other_\(encoding.lowercased())"))
        }
        #expect(error?.code == .storageSchema)
        #expect("\(try #require(error))".contains(encoding))
    }

    @Test func `a role without rights is told which it lacks, and writes nothing`() async throws {
        let server = try await TestServerDatabase.server.value
        try await server.makeDatabase("rights")
        try await open(server.url(database: "rights"))
        try await server.run("CREATE ROLE nobody LOGIN; CREATE ROLE reader LOGIN", in: "rights")
        try await server.run(
            "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader", in: "rights")
        let none = await #expect(throws: AccessError.self) {
            try await open(server.url(database: "rights", role: "nobody"))
        }
        #expect("\(try #require(none))".contains("let it own the tables, or grant it"))
        let store = try await SQLStore(
            opening: try await PostgreSQLDatabase(
                url: server.url(database: "rights", role: "reader"), log: TestStore.ignore))
        #expect(try await store.read { (reader) throws(AccessError) in try reader.revision() } == 0)
        let some = await #expect(throws: AccessError.self) {
            try await store.write(as: .service) { (writer) throws(AccessError) in
                _ = try writer.record(.insert(.account(Samples.elton)), reason: nil, secret: nil)
            }
        }
        #expect("\(try #require(some))".contains("let it own the tables, or grant it"))
        #expect(try await server.run("SELECT count(*) FROM changes", in: "rights") == "0\n")
    }

    @Test func `a server that is not there, and one that is not let in to, are unreachable`() async throws {
        let port = try Loopback.freePort()
        for url in [
            "postgresql://portreeve@127.0.0.1:\(port)/portreeve",
            try await TestServerDatabase.server.value.url(database: "no_such_database"),
        ] {
            let error = await #expect(throws: AccessError.self) { try await open(url) }
            #expect(error?.code == .storageUnreachable)
        }
    }

    @Test(arguments: [
        ("postgresql://portreeve@db.example.com/portreeve", "sslmode=verify-full"),
        ("postgresql://portreeve@127.0.0.1,db.example.com/portreeve?sslmode=require", "sslmode=verify-full"),
        ("postgresql://portreeve:secret@127.0.0.1/portreeve", "put it into a file"),
        ("postgresql://portreeve@127.0.0.1/portreeve?colour=red", "colour"),
    ])
    func `a URL that would be dangerous, or is none, is refused before anybody is spoken to`(
        _ url: String, _ words: String
    ) async throws {
        let error = await #expect(throws: AccessError.self) { try await open(url) }
        #expect(error?.code == .storageSchema)
        #expect("\(try #require(error))".contains(words))
    }

    @Test func `of several servers the first that takes writes is used`() async throws {
        let (dead, server) = (try Loopback.freePort(), try await TestServerDatabase.server.value)
        try await server.makeDatabase("several")
        try await open("postgresql://portreeve@127.0.0.1:\(dead),127.0.0.1:\(server.port)/several")
        #expect(
            try await server.run("SELECT count(*) FROM schema_migrations", in: "several")
                == "\(PostgreSQLDatabase.migrations.count)\n")
    }

    /// The standby does not answer, and somebody ends the wait: PostgreSQL then says success with a warning, or closes the
    /// connection, and shows the change to everybody.
    @Test(arguments: [
        ("pg_cancel_backend", StorageError.unreplicated), ("pg_terminate_backend", StorageError.uncertain),
    ])
    func `a change that the standby did not confirm is not acknowledged`(
        _ end: String, _ failure: StorageError
    ) async throws {
        let server = try await PostgreSQLServer.start()
        let store = try await SQLStore(
            opening: try await PostgreSQLDatabase(
                url: server.url(), failoverWait: .milliseconds(100), log: TestStore.ignore), createsSchema: true)
        try await server.run("ALTER SYSTEM SET synchronous_standby_names = 'nobody'; SELECT pg_reload_conf()")
        try await poll(for: .seconds(30), "the server to read its settings") {
            try await server.run("SHOW synchronous_standby_names") == "nobody\n" ? () : nil
        }
        let outcome = Mutex<AccessError?>(nil)
        let write = Task {
            do throws(AccessError) {
                try await store.write(as: .service) { (writer) throws(AccessError) in
                    _ = try writer.record(.insert(.account(Samples.elton)), reason: nil, secret: nil)
                }
            } catch {
                outcome.withLock { $0 = error }
            }
        }
        // The look-up waits, too.
        try await poll(for: .seconds(60), "the write to be given up") {
            try await server.run("SELECT \(end)(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
            return outcome.withLock { $0 }
        }
        await write.value
        #expect(outcome.withLock { $0 } == .storage(failure))
        #expect(try await server.run("SELECT count(*) FROM changes") == "1\n", "it is there all the same")
        try await server.kill()
    }

    @Test func `indexes are checked where the extension is there`() async throws {
        let store = try await TestStore.filled(.postgresql)
        #expect(try await store.verify().notes.contains { $0.contains("amcheck") })
        try await store.tamper("CREATE EXTENSION amcheck")
        let verification = try await store.verify()
        #expect(verification.faults == [] && !verification.notes.contains { $0.contains("amcheck") })
    }
}
