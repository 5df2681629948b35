import AccessControl
import AccessModel
import Foundation
import PostgreSQLDriver
import SQLStore
import TestSupport
import Testing

/// Servers that cannot be used, and what is said of them.
@Suite(.timeLimit(.minutes(2)))
struct ServerTests {
    private func open(_ url: String, allowsCleartext: Bool = false) async throws(AccessError) {
        _ = try await SQLStore(
            opening: try await PostgreSQLDatabase(
                url: url, allowsCleartext: allowsCleartext, failoverWait: .seconds(1), log: TestStore.ignore),
            createsSchema: true)
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
        #expect(try await server.run("SELECT count(*) FROM schema_migrations", in: "several") == "8\n")
    }

    /// The standby does not answer, and somebody cancels the wait: PostgreSQL then says success, with a warning.
    @Test func `a change that the standby did not confirm is not acknowledged`() async throws {
        let server = try await PostgreSQLServer.start()
        let store = try await SQLStore(
            opening: try await PostgreSQLDatabase(url: server.url(), log: TestStore.ignore), createsSchema: true)
        try await server.run("ALTER SYSTEM SET synchronous_standby_names = 'nobody'; SELECT pg_reload_conf()")
        let write = Task {
            try await store.write(as: .service) { (writer) throws(AccessError) in
                _ = try writer.record(.insert(.account(Samples.elton)), reason: nil, secret: nil)
            }
        }
        try await poll(for: .seconds(30), "COMMIT to wait for the standby") {
            let cancelled = try await server.run(
                "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
            return cancelled.hasPrefix("t") ? () : nil
        }
        await #expect(throws: AccessError.storage(.unreplicated)) { try await write.value }
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
