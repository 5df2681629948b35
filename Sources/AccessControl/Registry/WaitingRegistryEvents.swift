import Synchronization

/// What registries told while a long write held the database. A crash loses it, as it loses uses of tokens: the
/// registry's catalogue brings tags back.
final class WaitingRegistryEvents: Sendable {
    private static let limit = 10_000
    private let events = Mutex<[RegistryEvent]>([])

    /// - Returns: false where there is no room: the registry is to tell it again.
    func keep(_ new: [RegistryEvent]) -> Bool {
        events.withLock { events in
            guard events.count + new.count <= Self.limit else { return false }
            events += new
            return true
        }
    }

    func take() -> [RegistryEvent] {
        events.withLock { events in
            defer { events = [] }
            return events
        }
    }

    /// Those that could not be kept, in front of what came since.
    func giveBack(_ old: [RegistryEvent]) { events.withLock { $0 = old + $0 } }
}
