import LDAPClient
import Synchronization

/// Servers that gave no answer a moment ago, or not all, and are asked after the others meanwhile.
final class SilentServers: Sendable {
    private let memory: Duration
    private let until = Mutex<[LDAPURL: ContinuousClock.Instant]>([:])

    init(for memory: Duration) { self.memory = memory }

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
