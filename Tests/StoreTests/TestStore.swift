import AccessControl
import AccessModel
import Foundation
import PostgreSQLDriver
import SQLiteDriver
import Synchronization
import TestSupport

@testable import SQLStore

/// The engines under the store. What the port promises is tested over each of them.
enum Engine: String, CaseIterable, Sendable {
    case sqlite, postgresql
}

/// A store in a database of its own, which goes with it.
final class TestStore: Sendable {
    let store: any Store
    let clock = TestClock()
    let place: any TestDatabase

    /// - Parameter salts: those of each transaction.
    init(_ engine: Engine, salts: @escaping @Sendable () -> SaltSource = { SaltSource() }) async throws {
        (place, store) =
            switch engine {
            case .sqlite: try await TestFile.make(clock, salts)
            case .postgresql: try await TestServerDatabase.make(clock, salts)
            }
    }

    static let ignore: @Sendable (String) -> Void = { _ in }

    /// The same database, opened once more.
    func reopened(readOnly: Bool = false) async throws(AccessError) -> any Store {
        try await place.reopened(readOnly: readOnly)
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
        try await store.read { (reader) throws(AccessError) in
            try reader.changes(after: 0, limit: Int(Int32.max))
        }
    }

    func verify(head: String? = nil) async throws(AccessError) -> LogVerification {
        try await store.read { (reader) throws(AccessError) in try reader.verify(head: head, now: self.clock.now) }
    }

    /// Runs SQL behind the store's back.
    func tamper(_ script: String) async throws(AccessError) { try await place.tamper(script) }

    /// Every `before` and `after` of the log as they are stored, a line each.
    func rawLog() async throws(AccessError) -> String { try await place.rawLog() }

    deinit { place.giveBack() }
}

/// Where a test's store is.
protocol TestDatabase: Sendable {
    associatedtype Database: SQLDatabase
    var database: Database { get }
    func reopened(readOnly: Bool) async throws(AccessError) -> any Store
    /// Notes that the database is to be of no further use.
    func spoil()
    func giveBack()
}

extension TestDatabase {
    func tamper(_ script: String) async throws(AccessError) {
        spoil()
        try await database.writeAside(within: .seconds(5)) { (connection) throws(AccessError) in
            try connection.execute(script: script)
        }
    }

    func rawLog() async throws(AccessError) -> String {
        try await database.read { (connection) throws(AccessError) in
            var lines = ""
            try connection.query("SELECT before, after FROM changes ORDER BY revision", []) { row in
                for column in 0...1 { if let text = row.text(column) { lines += text + "\n" } }
            }
            return lines
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
