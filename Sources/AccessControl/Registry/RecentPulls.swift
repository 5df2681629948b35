import AccessModel
import Synchronization

/// Pulls that were noted not long ago.
final class RecentPulls: Sendable {
    private struct Key: Hashable {
        let repository: RepositoryPath
        let actor: String

        init(_ event: RegistryEvent) { (repository, actor) = (event.repository, event.actor) }
    }

    private let noted = Mutex<[Key: Timestamp]>([:])

    func isNew(_ event: RegistryEvent) -> Bool {
        noted.withLock { noted in
            let key = Key(event)
            if let last = noted[key], event.time < last + .seconds(60) { return false }
            if noted.count >= 100_000 { noted.removeAll() }
            noted[key] = event.time
            return true
        }
    }

    func forget(_ events: [RegistryEvent]) {
        noted.withLock { noted in
            for event in events { noted[Key(event)] = nil }
        }
    }
}
