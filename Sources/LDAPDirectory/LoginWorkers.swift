import LDAPClient
import Synchronization

/// Threads for logins, a few for each directory, so that one that hangs holds up no other.
final class LoginWorkers: Sendable {
    private let limit = 32
    private let workers = Mutex<[[String]: LDAPWorker]>([:])

    func worker(for urls: [String]) -> LDAPWorker {
        workers.withLock { workers in
            if let worker = workers[urls] { return worker }
            // Left over from URLs that are no more. What is under way keeps its own.
            if workers.count >= limit { workers.removeAll() }
            let worker = LDAPWorker(threads: 4)
            workers[urls] = worker
            return worker
        }
    }
}
