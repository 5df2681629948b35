import Foundation
import Glibc
import Synchronization

/// Looks from outside for a process that is in the middle of a long write transaction, and kills it there.
///
/// It looks from a thread of its own, begun before the process is: the threads that tests share may all be
/// busy for longer than the transaction lasts.
package final class WriterKiller: Sendable {
    private let killed = Mutex<Int32?>(nil)

    /// - Parameter duration: how long a transaction has to be open, as none of a few rows is.
    package init(of database: String, after duration: Duration) {
        Thread.detachNewThread { [self] in
            var since: (writer: Int32, time: ContinuousClock.Instant)?
            let deadline = ContinuousClock.now + .seconds(120)
            while ContinuousClock.now < deadline {
                if let writer = Self.writer(of: database) {
                    let start = since?.writer == writer ? since?.time ?? .now : .now
                    since = (writer, start)
                    if .now - start >= duration {
                        Glibc.kill(writer, SIGKILL)
                        killed.withLock { $0 = writer }
                        return
                    }
                } else {
                    since = nil
                }
                usleep(1_000)
            }
        }
    }

    /// Waits until it has killed.
    package func wait() async throws {
        try await poll(for: .seconds(120), "a long write transaction") { self.killed.withLock { $0 } == nil ? nil : () }
    }

    /// The process that holds the lock on byte 120 of the shared-memory file (SQLite file format,
    /// "The WAL-Index File Format", WAL_WRITE_LOCK).
    private static func writer(of database: String) -> Int32? {
        let descriptor = open(database + "-shm", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = 120
        lock.l_len = 1
        guard fcntl(descriptor, F_GETLK, &lock) == 0, lock.l_type != Int16(F_UNLCK) else { return nil }
        return lock.l_pid
    }
}
