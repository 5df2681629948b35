import AccessModel
import Testing

struct FutureEntriesTests {
    @Test func `entries that a fast clock dated are named, and nothing is wrong with them`() async throws {
        let store = try await TestStore()
        try await store.insert(.account(Samples.elton))
        #expect(try await store.verify().notes == [])
        let start = store.clock.now
        store.clock.advance(by: .seconds(20 * 365 * 86_400))
        try await store.insert(.account(Samples.anna))
        store.clock.advance(by: .seconds(-20 * 365 * 86_400))
        try await store.insert(.account(Samples.nerdDinner))
        let found = try await store.verify()
        #expect(found.faults == [])
        #expect(found.notes.count == 1 && found.notes[0].contains("from 2 to 3"), "\(found.notes)")
        #expect(store.clock.now == start)
    }
}
