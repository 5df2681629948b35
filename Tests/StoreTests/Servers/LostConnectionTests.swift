import AccessControl
import AccessModel
import PostgreSQLDriver
import SQLStore
import TestSupport
import Testing

/// A server's connection that dies at each step of a write.
@Suite(.timeLimit(.minutes(3)))
struct LostConnectionTests {
    /// A store behind a proxy, in a database of its own.
    private struct Behind {
        let proxy: MessageProxy
        let store: SQLStore<PostgreSQLDatabase>
        /// The same database, past the proxy.
        let witness: SQLStore<PostgreSQLDatabase>

        init(_ name: String, failoverWait: Duration = .seconds(10)) async throws {
            let server = try await TestServerDatabase.server.value
            try await server.makeDatabase(name)
            let direct = try await PostgreSQLDatabase(url: server.url(database: name), log: TestStore.ignore)
            witness = try await SQLStore(opening: direct, createsSchema: true)
            proxy = try MessageProxy(before: server.port)
            store = try await SQLStore(
                opening: try await PostgreSQLDatabase(
                    url: server.url(database: name, port: proxy.port), failoverWait: failoverWait,
                    log: TestStore.ignore))
        }

        func changes() async throws -> [Change] {
            try await witness.read { (reader) throws(AccessError) in
                try reader.changes(after: 0, limit: 1_000).map(\.change)
            }
        }

        func faults() async throws -> [String] {
            try await witness.read { (reader) throws(AccessError) in
                try reader.verify(head: nil, now: Timestamp(seconds: 4_000_000_000)).faults
            }
        }
    }

    private static func changes(_ number: Int) -> [Change] {
        let account = Samples.user("user-\(number)", fullName: "User \(number)")
        var renamed = account
        renamed.fullName = "Renamed \(number)"
        return [Change.insert(.account(account)), Change.update(.account(account), to: .account(renamed))].compactMap(
            \.self)
    }

    private static func record(_ changes: [Change], in store: any Store) async throws {
        try await store.write(as: .service) { (writer) throws(AccessError) in
            for change in changes { try writer.record(change, reason: nil, secret: nil) }
        }
    }

    @Test(arguments: [false, true])
    func `a write whose connection is lost at any message is kept once, and acknowledged`(
        _ reachesServer: Bool
    ) async throws {
        let behind = try await Behind("lost_\(reachesServer)")
        try await Self.record(Self.changes(0), in: behind.store)
        // As many messages as a write has.
        behind.proxy.arm(.init(messages: .max, reachesServer: true))
        try await Self.record(Self.changes(1), in: behind.store)
        let count = behind.proxy.messageCount
        #expect(count > 10)
        var expected = Self.changes(0) + Self.changes(1)
        for messages in 1...count {
            let changes = Self.changes(messages + 1)
            behind.proxy.arm(.init(messages: messages, reachesServer: reachesServer))
            try await Self.record(changes, in: behind.store)
            expected += changes
            #expect(!behind.proxy.isArmed, "the connection was lost at message \(messages)")
            #expect(try await behind.changes() == expected, "after message \(messages)")
        }
        #expect(try await behind.faults() == [])
    }

    /// Where no server is left to ask, nothing is said that is not known.
    @Test func `a COMMIT without an answer is uncertain when nobody can be asked, and nothing else is`() async throws {
        let behind = try await Behind("unanswered", failoverWait: .seconds(1))
        behind.proxy.arm(.init(messages: .max, reachesServer: true))
        try await Self.record(Self.changes(0), in: behind.store)
        let count = behind.proxy.messageCount
        var outcomes: [AccessError] = []
        for (number, reachesServer) in [(1, false), (count - 1, false), (count, true)] {
            let other = try await Behind("unanswered_\(number)_\(reachesServer)", failoverWait: .seconds(1))
            other.proxy.arm(.init(messages: number, reachesServer: reachesServer, isFinal: true))
            let error = await #expect(throws: AccessError.self) {
                try await Self.record(Self.changes(1), in: other.store)
            }
            outcomes.append(try #require(error))
            let kept = try await other.changes().count
            #expect(kept == (reachesServer ? 2 : 0), "\(number) of \(count)")
        }
        #expect(outcomes.map(\.code) == [.storageUnreachable, .storageUncertain, .storageUncertain])
    }

    @Test func `a reading whose connection is lost says so, and the next one has another`() async throws {
        let behind = try await Behind("lost_reading")
        try await Self.record(Self.changes(0), in: behind.store)
        behind.proxy.arm(.init(marker: "READ ONLY", messages: 3, reachesServer: false))
        let error = await #expect(throws: AccessError.self) {
            try await behind.store.read { (reader) throws(AccessError) in try reader.revision() }
        }
        #expect(error?.code == .storageUnreachable)
        #expect(try await behind.store.read { (reader) throws(AccessError) in try reader.revision() } == 2)
    }
}
