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

/// Servers that gave no answer a moment ago, and are asked after the others meanwhile.
final class SilentServers: Sendable {
    private let memory = Duration.seconds(60)
    private let until = Mutex<[LDAPURL: ContinuousClock.Instant]>([:])

    func note(_ url: LDAPURL) { until.withLock { $0[url] = .now + memory } }

    /// The silent ones last; else in the order given.
    func last(_ endpoints: [LDAPEndpoint]) -> [LDAPEndpoint] {
        let now = ContinuousClock.now
        let silent = until.withLock { until in
            until = until.filter { $0.value > now }
            return Set(until.keys)
        }
        return endpoints.filter { !silent.contains($0.url) } + endpoints.filter { silent.contains($0.url) }
    }
}
