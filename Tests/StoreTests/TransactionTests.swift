import AccessControl
import AccessModel
import Foundation
import Testing

/// What a transaction is, beside others of this process and of other ones.
@Suite struct TransactionTests {
    @Test(arguments: Engine.allCases)
    func `two openings of one database see each other's writes and continue one chain`(_ engine: Engine) async throws {
        let first = try await TestStore(engine)
        let second = try await first.reopened()
        try await first.insert(.account(Samples.elton))
        try await second.write(as: .service) { (writer) throws(AccessError) in
            #expect(try writer.revision() == 1)
            try writer.record(.insert(.account(Samples.anna)), reason: nil, secret: nil)
        }
        try await first.insert(.account(Samples.nerdDinner))
        #expect(try await second.read { (reader) throws(AccessError) in try reader.revision() } == 3)
        #expect(try await first.verify().faults == [])
    }

    @Test(arguments: Engine.allCases) func `writers of two openings wait for each other`(_ engine: Engine) async throws
    {
        let first = try await TestStore(engine)
        let second = try await first.reopened()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                let store = number.isMultiple(of: 2) ? first.store : second
                group.addTask {
                    try await store.write(as: .service) { (writer) throws(AccessError) in
                        let account = Samples.user("user-\(number)")
                        try writer.record(.insert(.account(account)), reason: nil, secret: nil)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await first.changes().map(\.revision) == Array(1...40))
        #expect(try await first.verify().faults == [])
    }

    @Test(arguments: Engine.allCases) func `a reading sees one revision throughout`(_ engine: Engine) async throws {
        let store = try await TestStore(engine)
        let other = try await store.reopened()
        try await store.insert(.account(Samples.elton))
        let revisions = try await store.store.read { (reader) throws(AccessError) in
            let before = try reader.revision()
            let written = DispatchSemaphore(value: 0)
            Task {
                _ = try? await other.write(as: .service) { (writer) throws(AccessError) in
                    try writer.record(.insert(.account(Samples.anna)), reason: nil, secret: nil)
                }
                written.signal()
            }
            written.wait()
            return [before, try reader.revision()]
        }
        #expect(revisions == [1, 1])
        #expect(try await store.changes().count == 2)
    }

    @Test(arguments: Engine.allCases) func `a cancelled write is kept whole or not at all`(_ engine: Engine)
        async throws
    {
        let store = try await TestStore(engine)
        let task = Task {
            try await store.record((0..<2_000).map { .insert(.account(Samples.user("user-\($0)"))) })
        }
        task.cancel()
        _ = await task.result
        let count = try await store.changes().count
        #expect(count == 0 || count == 2_000)
        try await store.insert(.account(Samples.elton))
        #expect(try await store.verify().faults == [])
    }
}
