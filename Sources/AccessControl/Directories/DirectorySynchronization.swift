public import AccessModel
import Logging
import Synchronization

/// Keeps people, teams and memberships in step with directories.
public struct DirectorySynchronization: Sendable {
    let transactions: Transactions
    let store: any Store
    let published: PublishedGraph
    let clock: WallClock
    let directories: DirectoryConnections
    let requests: SyncRequests
    /// How long one synchronisation may ask its directory.
    let timeForDirectory: Duration
    let mirrors = DirectoryMirrors()
    let running = RunningSyncs()
    let processIdentity: String
    let logger: Logger

    init(
        _ transactions: Transactions, directories: DirectoryConnections, requests: SyncRequests,
        timeForDirectory: Duration, logger: Logger
    ) {
        self.transactions = transactions
        (store, published, clock) = (transactions.store, transactions.published, transactions.clock)
        (self.directories, self.requests) = (directories, requests)
        (self.timeForDirectory, self.logger) = (timeForDirectory, logger)
        processIdentity = Self.makeProcessIdentity(at: clock.now)
    }
}

/// Directories to be synchronised as soon as may be, outside of any timetable.
final class SyncRequests: Sendable {
    private let directories = Mutex<Set<String>>([])

    func add(_ directory: String) { directories.withLock { _ = $0.insert(directory) } }

    /// Each once.
    func take() -> Set<String> {
        directories.withLock { directories in
            defer { directories = [] }
            return directories
        }
    }
}
