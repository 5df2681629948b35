import AccessModel
import Testing

struct FutureEntriesTests {
    @Test(arguments: Engine.allCases) func `entries that a fast clock dated are named, and nothing is wrong with them`(
        _ engine: Engine
    ) async throws {
        let store = try await TestStore(engine)
        try await store.insert(.account(Samples.elton))
        #expect(try await store.verify().notes.filter { $0.contains("dated") } == [])
        let start = store.clock.now
        store.clock.advance(by: .seconds(20 * 365 * 86_400))
        try await store.insert(.account(Samples.anna))
        store.clock.advance(by: .seconds(-20 * 365 * 86_400))
        try await store.insert(.account(Samples.nerdDinner))
        let found = try await store.verify()
        #expect(found.faults == [])
        #expect(found.notes.filter { $0.contains("dated") && $0.contains("from 2 to 3") }.count == 1, "\(found.notes)")
        #expect(store.clock.now == start)
    }
}
