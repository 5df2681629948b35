import AccessControl
import Foundation
import Synchronization

/// Notices that the file of a database, or its write-ahead log, is no longer the one that is open: it was
/// deleted, or another one has its name. What is written then goes to a file that nobody will find again.
final class FileIdentity: Sendable {
    private struct Identity: Equatable {
        let device: UInt
        let inode: UInt
    }

    private let path: String
    private let database: Identity?
    /// nil before the first write of this opening, which makes it.
    private let log = Mutex<Identity?>(nil)

    init(path: String) {
        self.path = path
        database = Self.identity(of: path)
    }

    /// - Throws: `.storage(.replaced)`.
    func check() throws(AccessError) {
        guard let database else { return }
        let known = log.withLock { $0 }
        guard Self.identity(of: path) == database, known == nil || Self.identity(of: path + "-wal") == known else {
            throw .storage(.replaced)
        }
    }

    /// To be called when a write has made sure that there is a write-ahead log.
    func learnLog() {
        log.withLock { log in if log == nil { log = Self.identity(of: path + "-wal") } }
    }

    private static func identity(of path: String) -> Identity? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Identity(device: UInt(status.st_dev), inode: UInt(status.st_ino))
    }
}
