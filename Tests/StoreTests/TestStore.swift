import AccessControl
import AccessModel
import Foundation
import SQLStore
import SQLiteDriver
import Synchronization

/// A store in a file of its own, in a folder that goes with it.
final class TestStore: Sendable {
    let folder: URL
    let store: SQLStore<SQLiteDatabase>
    let clock = TestClock()

    var path: String { folder.appending(path: "portreeve.sqlite").path }

    init() async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "portreeve.sqlite").path
        store = try await openStore(path: file, createsFile: true, clock: clock.wallClock, log: Self.ignore)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    static let ignore: @Sendable (String) -> Void = { _ in }

    /// The same file, opened once more.
    func reopened(readOnly: Bool = false) async throws(AccessError) -> SQLStore<SQLiteDatabase> {
        try await openStore(path: path, readOnly: readOnly, log: Self.ignore)
    }

    /// Records changes in one transaction, and returns the number of the last.
    @discardableResult
    func record(_ changes: [Change], secret: [UInt8]? = nil, as actor: Actor = .service) async throws(AccessError)
        -> Revision
    {
        try await store.write(as: actor) { (writer) throws(AccessError) in
            for change in changes { try writer.record(change, reason: nil, secret: secret) }
            return try writer.revision()
        }
    }

    @discardableResult
    func insert(_ facts: Fact..., secret: [UInt8]? = nil) async throws(AccessError) -> Revision {
        try await record(facts.map(Change.insert), secret: secret)
    }

    func facts() async throws(AccessError) -> [Fact] {
        try await store.read { (reader) throws(AccessError) in
            var facts: [Fact] = []
            try reader.forEachFact { facts.append($0) }
            return facts
        }
    }

    func changes() async throws(AccessError) -> [LoggedChange] {
        try await store.read { (reader) throws(AccessError) in try reader.changes(after: 0, limit: Int(Int32.max)) }
    }

    func verify(head: String? = nil) async throws(AccessError) -> LogVerification {
        try await store.read { (reader) throws(AccessError) in try reader.verify(head: head, now: self.clock.now) }
    }

    /// Runs SQL behind the store's back.
    func tamper(_ script: String) async throws(AccessError) {
        let database = try SQLiteDatabase(path: path, mode: .readWrite, log: Self.ignore)
        try await database.writeAside(within: .seconds(5)) { (connection) throws(AccessError) in
            try connection.execute(script: script)
        }
    }
}

/// A clock that moves when told.
final class TestClock: Sendable {
    private let time = Mutex(Timestamp(seconds: 1_772_366_400))

    var wallClock: WallClock { WallClock { self.now } }
    var now: Timestamp { time.withLock { $0 } }
    func advance(by duration: Duration) { time.withLock { $0 = $0 + duration } }
}

extension TestStore {
    /// Every `before` and `after` of the log as they are stored, a line each.
    func rawLog() async throws -> String {
        let database = try SQLiteDatabase(path: path, mode: .readOnly, log: Self.ignore)
        return try await database.read { (connection) throws(AccessError) in
            var lines = ""
            try connection.query("SELECT before, after FROM changes ORDER BY revision", []) {
                (row) throws(AccessError) in
                for column in 0...1 { if let text = row.text(column) { lines += text + "\n" } }
            }
            return lines
        }
    }
}
