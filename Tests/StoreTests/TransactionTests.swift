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

    @Test(arguments: Engine.allCases, [0, 1, 63, 64, 65, 700])
    func `what a queued row breaks is thrown by the time that all is settled, and nothing is kept`(
        _ engine: Engine, _ others: Int
    ) async throws {
        let store = try await TestStore(engine)
        try await store.insert(.account(Samples.anna))
        let error = await #expect(throws: AccessError.self) {
            try await store.store.write(as: .service) { (writer) throws(AccessError) in
                try writer.record(.insert(.account(Samples.anna)), reason: nil, secret: nil)
                for number in 0..<others {
                    try writer.record(.insert(.account(Samples.user("user-\(number)"))), reason: nil, secret: nil)
                }
                try writer.settle()
                Issue.record("the second of one identity was taken")
            }
        }
        #expect(error?.code == .storageConstraint)
        #expect(try await store.changes().count == 1)
        try await store.insert(.account(Samples.elton))
        #expect(try await store.verify().faults == [])
    }

    @Test(arguments: Engine.allCases) func `a long transaction reads what it wrote, in any order of writes`(
        _ engine: Engine
    ) async throws {
        let store = try await TestStore(engine)
        try await store.store.write(as: .service) { (writer) throws(AccessError) in
            for number in 0..<1_000 {
                let account = Samples.user("user-\(number)", fullName: "User \(number)")
                var renamed = account
                renamed.fullName = "Renamed \(number)"
                try writer.record(.insert(.account(account)), reason: nil, secret: nil)
                guard let change = Change.update(.account(account), to: .account(renamed)) else { continue }
                if number.isMultiple(of: 3) { try writer.record(change, reason: nil, secret: nil) }
                if number.isMultiple(of: 5) {
                    try writer.record(
                        .delete(.account(number.isMultiple(of: 3) ? renamed : account)), reason: nil, secret: nil)
                }
                if number.isMultiple(of: 100) {
                    let count = try writer.accounts(.user, .all).count
                    #expect(count == (0...number).count { !$0.isMultiple(of: 5) })
                }
            }
        }
        #expect(try await store.facts().count == 800)
        #expect(try await store.verify().faults == [])
    }
}
