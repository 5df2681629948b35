import AccessControl
import AccessModel
import Foundation
import SQLStore
import SQLiteDriver
import Testing

@Suite struct SchemaTests {
    @Test func `a new file is made for its owner only`() async throws {
        let store = try await TestStore()
        for suffix in ["", "-wal"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: store.path + suffix)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func `a file that is not there is only made when asked for`() async throws {
        let store = try await TestStore()
        let path = store.folder.appending(path: "none.sqlite").path
        let error = await #expect(throws: AccessError.self) { try await openStore(path: path, log: TestStore.ignore) }
        #expect("\(try #require(error))".contains(path))
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `a folder that is not there is named`() async throws {
        let path = "/nowhere/portreeve.sqlite"
        let error = await #expect(throws: AccessError.self) {
            try await openStore(path: path, createsFile: true, log: TestStore.ignore)
        }
        #expect("\(try #require(error))".contains(path))
    }

    @Test func `migrating tells what it would do, does it once, and then nothing`() async throws {
        let store = try await TestStore()
        let path = store.folder.appending(path: "new.sqlite").path
        let all = ["0001_initial", "0002_directories", "0003_settlements", "0004_registry", "0005_change_keys"]
        #expect(try await migrateStore(path: path, dryRun: true, log: TestStore.ignore) == all)
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(try await migrateStore(path: path, log: TestStore.ignore) == all)
        #expect(try await migrateStore(path: path, log: TestStore.ignore) == [])
        #expect(try await migrateStore(path: path, dryRun: true, log: TestStore.ignore) == [])
        _ = try await openStore(path: path, log: TestStore.ignore)
    }

    @Test(arguments: [
        ("INSERT INTO schema_migrations VALUES (1000, '1000_next', 'x', 1)", "newer Portreeve (script 1000_next)"),
        (
            "UPDATE schema_migrations SET checksum = 'x' WHERE number = 1",
            "script 0001_initial of the database is not the one"
        ),
        ("DROP TABLE schema_migrations", "not made by Portreeve"),
        ("DELETE FROM schema_migrations", "run `portreeve migrate`"),
    ])
    func `a schema that is not ours is refused with what to do`(_ script: String, _ words: String) async throws {
        let store = try await TestStore()
        try await store.tamper(script)
        let error = await #expect(throws: AccessError.self) { _ = try await store.reopened() }
        #expect(error?.code == "storage-schema")
        #expect("\(try #require(error))".contains(words))
    }

    @Test func `a failing script leaves nothing`() async throws {
        let store = try await TestStore()
        let path = store.folder.appending(path: "failing.sqlite").path
        let database = try SQLiteDatabase(path: path, mode: .create, log: TestStore.ignore)
        let schema = Schema(
            database,
            migrations: [.init(number: 1, name: "0001_bad", sql: "CREATE TABLE a (b TEXT) STRICT; CREATE NONSENSE;")])
        await #expect(throws: AccessError.self) { try await schema.migrate(at: store.clock.now) }
        #expect(try await schema.state() == .empty)
    }
}
