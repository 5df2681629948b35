import Glibc
import Synchronization

/// Removes folders when the test process ends, those of tests that failed and of fixtures that tests share.
enum RemovalAtExit {
    private static let folders = Mutex<[TemporaryFolder]?>(nil)

    static func add(_ folder: TemporaryFolder) {
        let isFirst = folders.withLock { folders in
            defer { folders = (folders ?? []) + [folder] }
            return folders == nil
        }
        if isFirst { atexit { RemovalAtExit.removeAll() } }
    }

    private static func removeAll() {
        folders.withLock { folders in
            folders?.forEach { $0.remove() }
            folders = []
        }
    }
}
