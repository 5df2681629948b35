import AccessControl
import AccessModel
import Foundation
import SQLiteDriver
import Testing

@testable import SQLStore

@Suite struct SchemaTests {
    /// The names of the scripts behind a schema.
    private static func scripts(after schema: Int) -> [String] {
        SQLiteDatabase.migrations.map(\.name).filter { (Int($0.prefix(4)) ?? 0) > schema }
    }

    @Test func `a new file is made for its owner only`() async throws {
        let store = try await TestStore(.sqlite)
        for suffix in ["", "-wal"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: store.path + suffix)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func `a file that is not there is only made when asked for`() async throws {
        let store = try await TestStore(.sqlite)
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
        let store = try await TestStore(.sqlite)
        let path = store.folder.appending(path: "new.sqlite").path
        let all = Self.scripts(after: 0)
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
        let store = try await TestStore(.sqlite)
        try await store.tamper(script)
        let error = await #expect(throws: AccessError.self) { _ = try await store.reopened() }
        #expect(error?.code == .storageSchema)
        #expect("\(try #require(error))".contains(words))
    }

    @Test func `a failing script leaves nothing`() async throws {
        let store = try await TestStore(.sqlite)
        let path = store.folder.appending(path: "failing.sqlite").path
        let database = try SQLiteDatabase(path: path, mode: .create, log: TestStore.ignore)
        let schema = Schema(
            database,
            migrations: [.init(number: 1, name: "0001_bad", sql: "CREATE TABLE a (b TEXT) STRICT; CREATE NONSENSE;")])
        await #expect(throws: AccessError.self) { try await schema.migrate(at: store.clock.now) }
        #expect(try await schema.state() == .empty)
    }

    @Test func `a database of the schema before keeps all that it holds, and its past can be asked`() async throws {
        let store = try await TestStore(.sqlite)
        let path = try await store.oldDatabase(schema: 4)
        #expect(
            try await migrateStore(path: path, log: TestStore.ignore)
                == Self.scripts(after: 4))
        let opened = try await openStore(path: path, log: TestStore.ignore)
        for isNoted in [false, true] {
            if isNoted {
                let hasMore = try await opened.write(as: .service) { (writer) throws(AccessError) in
                    try writer.fillChangeKeys(limit: 1_000)
                }
                #expect(!hasMore)
            }
            try await opened.read { (reader) throws(AccessError) in
                let proof = try reader.verify(head: nil, now: Timestamp(seconds: 2_000_000_000))
                #expect(proof.faults == [] && proof.changes == 14)
                guard let anna = try reader.account(named: AccountName(trusted: "anna"))?.value.id else {
                    Issue.record("the accounts are gone")
                    return
                }
                // She was in a team until revision 13, and has had a grant since 14.
                for (revision, memberships, grants) in [(11, 1, 0), (12, 1, 0), (13, 0, 0), (14, 0, 1)] {
                    let history = try reader.history(at: Revision(revision))
                    #expect(try history.facts(.teamMember, naming: .identity(anna)).count == memberships)
                    #expect(try history.facts(.grant, naming: .identity(anna)).count == grants)
                }
                #expect(
                    try reader.changes(about: .account(anna), ChangeSelection(), limit: 10).map(\.revision).suffix(2)
                        == [13, 14])
            }
        }
    }

    @Test func `nothing rests of who was gone before that was kept`() async throws {
        let store = try await TestStore(.sqlite)
        let path = try await store.oldDatabase(schema: 6)
        #expect(
            try await migrateStore(path: path, log: TestStore.ignore) == Self.scripts(after: 6))
        let opened = try await openStore(path: path, log: TestStore.ignore)
        let now = Timestamp(seconds: 2_000_000_000)
        try await opened.read { (reader) throws(AccessError) in
            let proof = try reader.verify(head: nil, now: now)
            #expect(proof.faults == [] && proof.changes == 19)
            let anna = try reader.account(named: AccountName(trusted: "anna"))?.value.directory
            #expect(anna?.goneSince != nil && anna?.isResting == false)
            #expect(try reader.hasResting(of: "corp", goneBy: now) == false)
        }
    }

    @Test(
        arguments: [
            ([], ""), ([7], "7"), ([3, 1, 2], "1-3"), ([1, 2, 3, 5, 9, 8], "1-3,5,8-9"), ([4, 4, 5], "4-5"),
        ] as [([Int64], String)])
    func `lists of notes are ranges`(ids: [Int64], text: String) {
        #expect(SyncNoteList(ids).text == text)
        #expect(SyncNoteList(text) == SyncNoteList(ids))
        let next = ids.map { $0 + 1 }
        let both = SyncNoteList(uniting: [SyncNoteList(ids), SyncNoteList(next)])
        #expect(both == SyncNoteList(ids + next))
    }

    @Test(arguments: ["x", "1-", "-1", "3-1", "1-2-3", "1,,x"])
    func `what is no list of notes is none`(text: String) { #expect(SyncNoteList(text) == nil) }

    @Test func `runs from before notes had rows of their own keep theirs, and new ones share one`() async throws {
        let store = try await TestStore(.sqlite)
        let path = try await store.oldDatabase(schema: 7)
        #expect(try await migrateStore(path: path, log: TestStore.ignore) == Self.scripts(after: 7))
        let opened = try await openStore(path: path, log: TestStore.ignore)
        func notes() async throws -> [[SyncNote.Kind]] {
            try await opened.read { (reader) throws(AccessError) in
                try reader.syncRuns(of: "corp", limit: 10).map { (run) throws(AccessError) in
                    try reader.syncRun(run.id)?.plan?.notes.map(\.kind) ?? []
                }
            }
        }
        #expect(try await notes() == Array(repeating: [.refusedPerson], count: 3))
        try await opened.write(as: .service) { (writer) throws(AccessError) in
            guard let last = try writer.lastGoodSyncRun(of: "corp"), var run = try writer.syncRun(last.id) else {
                throw .notFound(kind: "synchronisation", name: "corp")
            }
            let settlement = try writer.settlement(of: last.id)
            #expect(settlement?.notes == run.plan?.notes && settlement?.notes.count == 1)
            for number in 1...3 {
                run.id = "new-\(number)"
                run.settlement = settlement
                try writer.save(run)
                #expect(try writer.settlement(of: run.id) == settlement)
            }
        }
        #expect(try await notes() == Array(repeating: [.refusedPerson], count: 6))
        try await opened.write(as: .service) { (writer) throws(AccessError) in
            try writer.pruneSyncRuns(
                of: "corp", keeping: 1, since: Timestamp(seconds: 0), countedSince: Timestamp(seconds: 0))
        }
        #expect(try await notes().allSatisfy { $0 == [.refusedPerson] }, "what is left has its notes")
    }

    @Test func `secrets from before their digests were kept count as not covered, until they change`() async throws {
        let store = try await TestStore(.sqlite)
        let path = try await store.oldDatabase(schema: 5)
        #expect(
            try await migrateStore(path: path, log: TestStore.ignore) == Self.scripts(after: 5))
        let opened = try await openStore(path: path, log: TestStore.ignore)
        let now = Timestamp(seconds: 2_000_000_000)
        func proof() async throws -> LogVerification {
            try await opened.read { (reader) throws(AccessError) in try reader.verify(head: nil, now: now) }
        }
        // Three passwords, four tokens, and what a directory is asked with.
        let before = try await proof()
        #expect(before.faults == [] && before.changes == 16)
        #expect(
            before.notes.count == 1 && before.notes[0].hasPrefix("8 secrets of entries before this version are not"))

        try await opened.write(as: .service) { (writer) throws(AccessError) in
            guard let anna = try writer.account(named: AccountName(trusted: "anna"))?.value.id,
                let old = try writer.password(of: anna)?.password, let token = try writer.tokens(of: .user(anna)).first
            else { throw .notFound(kind: "user", name: "anna") }
            var new = old
            new.changedAt = now
            guard let change = Change.update(.password(old), to: .password(new)) else { return }
            try writer.record(change, reason: nil, secret: [1])
            try writer.record(.delete(.accessToken(token)), reason: nil, secret: nil)
        }
        let after = try await proof()
        #expect(after.faults == [])
        #expect(after.notes.count == 1 && after.notes[0].hasPrefix("6 secrets"))
    }
}
