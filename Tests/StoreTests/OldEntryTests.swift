import AccessModel
import Foundation
import SQLiteDriver
import Testing

@testable import AccessControl
@testable import SQLStore

/// Logs from before a member of a fact: absent means the default.
@Suite struct OldEntryTests {
    /// The members that a version to come could have added, each with what it says where it is absent.
    private static let defaults = [
        #""active":true"#, #""create_on_push":false"#, #""decision_reader":false"#, #""full_name":"""#,
        #""system_admin":false"#, #""description":"""#, #""visibility":"private""#, #""role":"member""#,
    ]

    private static func stripped(_ json: String) -> String {
        var json = json
        for member in defaults {
            json = json.replacing(",\(member)", with: "").replacing("{\(member),", with: "{")
        }
        return json
    }

    /// The schemas of those that are out, up to the one before this version's.
    private static let old = 4..<SQLiteDatabase.migrations.count

    @Test func `there is a database of every old schema`() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures").path
        let files = Set(try FileManager.default.contentsOfDirectory(atPath: folder)).filter { $0.hasSuffix(".sql") }
        for schema in Self.old {
            #expect(files.contains("schema-\(schema).sql"), "dump a database of the version before the last script")
        }
        #expect(Self.old.count == files.count)
    }

    @Test(arguments: old)
    func `a log whose entries lack what is the default says the same`(_ schema: Int) async throws {
        let store = try await TestStore(.sqlite)
        let path = try await store.oldDatabase(schema: schema)
        _ = try await migrateStore(path: path, log: TestStore.ignore)
        let whole = try await said(by: path)
        try await strip(path)
        let stripped = try await said(by: path)
        #expect(stripped.faults == [], "verification finds nothing wrong")
        #expect(whole.faults == [] && whole.changes.count > 5)
        #expect(stripped.changes == whole.changes)
        #expect(stripped.past == whole.past)
        #expect(stripped.export == whole.export && whole.export.split(separator: "\n").count >= 5)
    }

    /// An entry is hashed as it is written: the same fact gives the same bytes in every version. The entries are those of
    /// a database that the program of schema 8 made: a kind, a tab and the JSON.
    @Test func `what an earlier version wrote is written the same`() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/entries-8.txt")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        var kinds: Set<Fact.Kind> = []
        for line in lines {
            let parts = line.split(separator: "\t", maxSplits: 1).map(String.init)
            let kind = try #require(Fact.Kind(rawValue: parts[0]))
            let fact = try Fact(kind: kind, json: parts[1])
            #expect(try fact.stored.json(Self.digests(of: fact)) == parts[1])
            kinds.insert(kind)
        }
        // Those that there were with the eighth script; a new kind has no entry from before it.
        let old: [Fact.Kind] = [
            .account, .organizationMember, .team, .teamMember, .serviceAccount, .repository, .grant, .retiredName,
            .password, .accessToken, .directory,
        ]
        #expect(lines.count > 30 && kinds == Set(old))
    }

    /// Of an account that was read from the log: what it has for its personal texts.
    private static func digests(of fact: Fact) -> PersonalDigests {
        guard case .account(let account) = fact else { return .none }
        func kept(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }
        return PersonalDigests(
            fullName: kept(account.fullName), email: kept(account.email), dn: kept(account.directory?.dn),
            principalName: kept(account.directory?.principalName))
    }

    private struct Said {
        var faults: [String]
        var changes: [Change]
        /// What each account had as of each revision.
        var past: [Set<Fact>]
        var export: String
    }

    private func said(by path: String) async throws -> Said {
        let opened = try await openStore(path: path, log: TestStore.ignore)
        return try await opened.read { (reader) throws(AccessError) in
            let proof = try reader.verify(head: nil, now: Timestamp(seconds: 2_000_000_000))
            let changes = try reader.changes(after: 0, limit: 1_000)
            let accounts = try reader.accounts(.user, .all) + reader.accounts(.organization, .all)
            var past: [Set<Fact>] = []
            for entry in changes {
                let history = try reader.history(at: entry.revision)
                var facts: Set<Fact> = []
                for account in accounts.map(\.value.id) {
                    for kind in [Fact.Kind.account, .team, .teamMember, .organizationMember, .repository, .grant] {
                        facts.formUnion(try history.facts(kind, naming: .identity(account)))
                    }
                }
                past.append(facts)
            }
            var facts: [Fact] = []
            try reader.forEachFact { facts.append($0) }
            do {
                let graph = try AccessGraph(facts: facts, revision: try reader.revision())
                let context = ReadContext(
                    reader: reader, graph: graph, caller: .service, now: Timestamp(seconds: 2_000_000_000))
                let lines = try ExportLines().answer(in: context)
                return Said(
                    faults: proof.faults, changes: changes.map(\.change), past: past,
                    export: String(decoding: lines, as: UTF8.self))
            } catch let error as AccessError {
                throw error
            } catch {
                throw .storage(.damaged("\(error)"))
            }
        }
    }

    /// Takes the defaults out of all entries, and chains them anew, as a version would have that did not know the members.
    private func strip(_ path: String) async throws {
        let database = try SQLiteDatabase(path: path, mode: .readWrite, log: TestStore.ignore)
        let count = try await database.writeAside(within: .seconds(5)) { (connection) throws(AccessError) in
            var count = 0
            let entries = try connection.rows("SELECT \(LogEntry.columns) FROM changes ORDER BY revision", []) {
                (row) throws(AccessError) in try LogEntry(row: row)
            }
            var hash = LogEntry.origin
            for var entry in entries {
                let before = (entry.before, entry.after)
                entry.before = entry.before.map(Self.stripped)
                entry.after = entry.after.map(Self.stripped)
                if before != (entry.before, entry.after) { count += 1 }
                hash = entry.hash(after: hash)
                try connection.execute(
                    "UPDATE changes SET before = ?, after = ?, hash = ? WHERE revision = ?",
                    [SQLValue(entry.before), SQLValue(entry.after), .text(hash), .integer(entry.revision)])
            }
            return count
        }
        #expect(count >= 5, "something was taken out")
    }
}

extension TestStore {
    /// A database that the last version before a script made, from its dump under `Fixtures`.
    func oldDatabase(schema: Int) async throws -> String {
        let path = folder.appending(path: "old.sqlite").path
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/schema-\(schema).sql")
        let script = try String(contentsOf: file, encoding: .utf8)
            .replacingOccurrences(of: "BEGIN TRANSACTION;", with: "").replacingOccurrences(of: "COMMIT;", with: "")
        let database = try SQLiteDatabase(path: path, mode: .create, log: TestStore.ignore)
        try await database.writeAside(within: .seconds(5)) { (connection) throws(AccessError) in
            try connection.execute(script: script)
        }
        return path
    }
}
