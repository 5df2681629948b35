import Foundation

/// Held by the process that serves a database, so that a second one is refused. The kernel
/// lets go of it when the process ends, however it ends.
final class DatabaseLock: Sendable {
    private let descriptor: Int32

    init(database: String) throws(ServerError) {
        let path = database + ".lock"
        descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .cannotStart(
                "the file \(path) cannot be made (\(String(cString: strerror(errno)))): check its folder")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .cannotStart(
                "another `portreeve serve` serves \(database) already: stop that one, or name another --database")
        }
    }

    deinit { close(descriptor) }
}
