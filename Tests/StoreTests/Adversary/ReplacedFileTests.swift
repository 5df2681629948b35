import AccessControl
import AccessModel
import Foundation
import Testing

/// The database, or its write-ahead log, taken away or replaced while it is open.
@Suite(.timeLimit(.minutes(2)))
struct ReplacedFileTests {
    enum Trick: Sendable, CaseIterable {
        case deleteDatabase, deleteLog, replaceDatabase, replaceLog, moveDatabase
    }

    @Test(arguments: Trick.allCases)
    func `what would go to a file without a name is refused, and was never acknowledged`(trick: Trick) async throws {
        let store = try await TestStore(.sqlite)
        try await store.insert(.account(Samples.elton))
        try store.store.checkIdentity()
        let (path, log) = (store.path, store.path + "-wal")
        let files = FileManager.default
        switch trick {
        case .deleteDatabase: try files.removeItem(atPath: path)
        case .deleteLog: try files.removeItem(atPath: log)
        case .replaceDatabase: try Data("another".utf8).write(to: URL(filePath: path), options: .atomic)
        case .replaceLog: try Data("another".utf8).write(to: URL(filePath: log), options: .atomic)
        case .moveDatabase: try files.moveItem(atPath: path, toPath: path + ".away")
        }
        #expect(throws: AccessError.storage(.replaced)) { try store.store.checkIdentity() }
        await #expect(throws: AccessError.storage(.replaced)) { try await store.insert(.account(Samples.anna)) }
        // What was read before is still there to be read, so decisions go on.
        #expect(try await store.store.read { (reader) throws(AccessError) in try reader.revision() } == 1)
        guard trick == .moveDatabase else { return }
        try files.moveItem(atPath: path + ".away", toPath: path)
        try await store.insert(.account(Samples.anna))
        #expect(try await store.verify().faults == [])
    }

    @Test func `a file that goes while a write is under way is noticed before the write is acknowledged`() async throws
    {
        let store = try await TestStore(.sqlite)
        try await store.insert(.account(Samples.elton))
        let path = store.path
        await #expect(throws: AccessError.storage(.replaced)) {
            try await store.store.write(as: .service) { (writer) throws(AccessError) in
                _ = try writer.record(.insert(.account(Samples.anna)), reason: nil, secret: nil)
                unlink(path)
            }
        }
    }
}
