import AccessControl
import AccessModel
import Foundation
import SQLStore
import SQLiteDriver
import Synchronization
import TestSupport
import Testing

/// Writes that wait for another one, and those that are given up.
@Suite(.timeLimit(.minutes(2)))
struct TurnQueueTests {
    /// A write that lasts until it is let go.
    private final class LongWrite: Sendable {
        private let hasBegun = Mutex(false)
        private let mayEnd = DispatchSemaphore(value: 0)

        func hold(_ store: TestStore) -> Task<Void, any Error> {
            Task {
                try await store.store.write(as: .service) { (writer) throws(AccessError) in
                    try writer.record(.insert(.account(Samples.elton)), reason: nil, secret: nil)
                    self.hasBegun.withLock { $0 = true }
                    // On a thread of the database's.
                    self.mayEnd.wait()
                }
            }
        }

        func waitForBegin() async throws {
            try await poll(for: .seconds(60), "the long write to begin") { hasBegun.withLock { $0 } ? () : nil }
        }

        func end() { mayEnd.signal() }
    }

    private func insert(_ account: Account, _ store: TestStore, within patience: Duration) async throws {
        try await store.store.write(as: .service, within: patience) { (writer) throws(AccessError) in
            _ = try writer.record(.insert(.account(account)), reason: nil, secret: nil)
        }
    }

    @Test(arguments: Engine.allCases) func `nobody waits longer for another write than they are willing to`(
        _ engine: Engine
    ) async throws {
        let store = try await TestStore(engine)
        let long = LongWrite()
        let holding = long.hold(store)
        try await long.waitForBegin()
        let begin = ContinuousClock.now
        await #expect(throws: AccessError.storage(.busy)) {
            try await insert(Samples.anna, store, within: .milliseconds(200))
        }
        #expect(ContinuousClock.now - begin < .seconds(5))
        // Readings, and so decisions and logins, do not wait at all.
        #expect(try await store.store.read { (reader) throws(AccessError) in try reader.revision() } == 0)
        long.end()
        try await holding.value
        try await insert(Samples.anna, store, within: .milliseconds(200))
        #expect(try await store.changes().count == 2)
    }

    @Test(arguments: Engine.allCases)
    func `whoever waits has their turn in the order of coming, and who gives up has none`(_ engine: Engine) async throws
    {
        let store = try await TestStore(engine)
        let long = LongWrite()
        let holding = long.hold(store)
        try await long.waitForBegin()
        let waiting = (0..<20).map { number in
            Task { try await insert(Samples.user("user-\(number)"), store, within: .seconds(60)) }
        }
        for number in stride(from: 0, to: 20, by: 2) { waiting[number].cancel() }
        for number in stride(from: 0, to: 20, by: 2) {
            await #expect(throws: AccessError.self) { try await waiting[number].value }
        }
        long.end()
        try await holding.value
        for number in stride(from: 1, to: 20, by: 2) { try await waiting[number].value }
        #expect(try await store.changes().count == 11)
        #expect(try await store.verify().faults == [])
    }

    @Test(arguments: Engine.allCases) func `a write whose task is cancelled is taken back at its next statement`(
        _ engine: Engine
    ) async throws {
        let store = try await TestStore(engine)
        let written = Mutex(0)
        let task = Task {
            try await store.store.write(as: .service) { (writer) throws(AccessError) in
                // Far more than there is time for.
                for number in 0..<1_000_000 {
                    try writer.record(.insert(.account(Samples.user("user-\(number)"))), reason: nil, secret: nil)
                    written.withLock { $0 = number }
                }
            }
        }
        try await poll(for: .seconds(60), "a part to be written") { written.withLock { $0 } < 100 ? nil : () }
        task.cancel()
        let begin = ContinuousClock.now
        await #expect(throws: AccessError.storage(.abandoned)) { try await task.value }
        #expect(ContinuousClock.now - begin < .seconds(5))
        #expect(written.withLock { $0 } < 999_999)
        #expect(try await store.changes() == [])
        try await insert(Samples.anna, store, within: .seconds(5))
        #expect(try await store.verify().faults == [])
    }
}
