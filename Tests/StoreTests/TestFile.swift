import AccessControl
import Foundation
import SQLiteDriver

@testable import SQLStore

/// A SQLite file in a folder of its own.
struct TestFile: TestDatabase {
    let folder: URL
    let database: SQLiteDatabase

    var path: String { folder.appending(path: "portreeve.sqlite").path }

    static func make(
        _ clock: TestClock, _ salts: @escaping @Sendable () -> SaltSource
    ) async throws -> (TestFile, SQLStore<SQLiteDatabase>) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appending(path: "portreeve.sqlite").path
        let database = try SQLiteDatabase(path: path, mode: .create, log: TestStore.ignore)
        let store = try await SQLStore(opening: database, createsSchema: true, clock: clock.wallClock, salts: salts)
        return (TestFile(folder: folder, database: database), store)
    }

    func reopened(readOnly: Bool) async throws(AccessError) -> any Store {
        try await openStore(path: path, readOnly: readOnly, log: TestStore.ignore)
    }

    func spoil() {}

    func giveBack() { try? FileManager.default.removeItem(at: folder) }
}

extension TestStore {
    /// - Precondition: the engine is SQLite.
    private var file: TestFile {
        guard let file = place as? TestFile else { preconditionFailure("a server's database is no file") }
        return file
    }

    var path: String { file.path }
    var folder: URL { file.folder }
}
