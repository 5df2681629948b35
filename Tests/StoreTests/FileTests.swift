import AccessControl
import AccessModel
import Foundation
import SQLStore
import SQLiteDriver
import Testing

/// What a store does with its file, and what it does when the file does not let it.
@Suite struct FileTests {
    @Test func `a store opened for reading reads, and refuses to write`() async throws {
        let (store, count) = (try await TestStore.filled(.sqlite), Samples.facts.count)
        let readOnly = try await store.reopened(readOnly: true)
        #expect(try await readOnly.read { (reader) throws(AccessError) in try reader.revision() } == Int64(count))
        await #expect(throws: AccessError.storage(.readOnly)) {
            try await readOnly.write(as: .service) { (writer) throws(AccessError) in
                try writer.record(.delete(.accessToken(Samples.token)), reason: nil, secret: nil)
            }
        }
        #expect(try await store.changes().count == count)
    }

    @Test func `a full disk is told, and leaves nothing half done`() async throws {
        let store = try await TestStore(.sqlite)
        let database = try SQLiteDatabase(path: store.path, mode: .readWrite, pageLimit: 120, log: TestStore.ignore)
        let full = try await SQLStore(opening: database)
        let insert: @Sendable (Range<Int>) async throws -> Void = { numbers in
            try await full.write(as: .service) { (writer) throws(AccessError) in
                for number in numbers {
                    let account = Samples.user("user-\(number)", fullName: Samples.awkward)
                    try writer.record(.insert(.account(account)), reason: nil, secret: nil)
                }
            }
        }
        try await insert(0..<10)
        await #expect(throws: AccessError.storage(.diskFull)) { try await insert(10..<5_000) }
        #expect(try await store.changes().count == 10)
        #expect(try await store.facts().count == 10)
        try await insert(10..<12)
        #expect(try await store.verify().faults == [])
        #expect(try await store.changes().count == 12)
    }

    @Test func `a file that is no database is called that`() async throws {
        let store = try await TestStore(.sqlite)
        let path = store.folder.appending(path: "text.sqlite").path
        try Data(String(repeating: "no database\n", count: 500).utf8).write(to: URL(filePath: path))
        let error = await #expect(throws: AccessError.self) {
            try await openStore(path: path, createsFile: true, log: TestStore.ignore)
        }
        #expect(error?.code == .storageDamaged)
        #expect("\(try #require(error))".contains(path))
    }

    @Test func `an acknowledged change is flushed, and references are checked`() async throws {
        let store = try await TestStore(.sqlite)
        let database = try SQLiteDatabase(path: store.path, mode: .readWrite, log: TestStore.ignore)
        let settings = try await database.writeAside(within: .seconds(5)) { (connection) throws(AccessError) in
            var values: [Int64?] = []
            for setting in ["synchronous", "foreign_keys", "trusted_schema", "busy_timeout"] {
                try connection.query("PRAGMA \(setting)", []) { values.append($0.integer(0)) }
            }
            return values
        }
        #expect(settings == [2, 1, 0, 5_000])
    }

    @Test func `a backup is a whole store of its own, and never replaces a file`() async throws {
        let store = try await TestStore.filled(.sqlite)
        let path = store.folder.appending(path: "backup.sqlite").path
        try await store.store.backup(to: path)
        let copy = try await openStore(path: path, log: TestStore.ignore)
        let verification = try await copy.read { (reader) throws(AccessError) in
            try reader.verify(head: nil, now: store.clock.now)
        }
        #expect(verification == (try await store.verify()))
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let error = await #expect(throws: AccessError.self) { try await store.store.backup(to: path) }
        #expect(error?.code == .fileExists)
    }

}
