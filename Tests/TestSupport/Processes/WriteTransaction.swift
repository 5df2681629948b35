import Glibc

/// Looks into a SQLite file in WAL mode from outside, without opening it.
package enum WriteTransaction {
    /// Whether some process is in the middle of a write transaction: it holds the lock on byte 120 of the
    /// shared-memory file (SQLite file format, "The WAL-Index File Format", WAL_WRITE_LOCK).
    package static func isOpen(on database: String) -> Bool {
        let descriptor = open(database + "-shm", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = 120
        lock.l_len = 1
        return fcntl(descriptor, F_GETLK, &lock) == 0 && lock.l_type != Int16(F_UNLCK)
    }

    /// Waits until one transaction has been open for so long, as none of a few rows is.
    package static func waitForLong(on database: String, _ duration: Duration = .milliseconds(40)) async throws {
        var since: ContinuousClock.Instant?
        try await poll(for: .seconds(60), "a long write transaction") {
            guard isOpen(on: database) else {
                since = nil
                return nil as Void?
            }
            let start = since ?? .now
            since = start
            return .now - start >= duration ? () : nil
        }
    }
}
