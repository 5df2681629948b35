public import AccessModel
import Synchronization

/// What a registry told that somebody did.
public struct RegistryEvent: Hashable, Sendable {
    public enum Action: Hashable, Sendable {
        /// A manifest, with the tag if it was pushed under one.
        case push(tag: String?, digest: String)
        case pull
        /// What had this digest, or only the tag.
        case delete(tag: String?, digest: String?)
    }

    public var action: Action
    public var repository: RepositoryPath
    /// The subject of the token that it was done with.
    public var actor: String
    public var time: Timestamp

    public init(action: Action, repository: RepositoryPath, actor: String, time: Timestamp) {
        self.action = action
        self.repository = repository
        self.actor = actor
        self.time = time
    }
}

/// When a repository was pushed to and pulled from last, and by whom.
public struct RepositoryUse: Hashable, Sendable {
    public struct Mark: Hashable, Sendable {
        public let time: Timestamp
        public let by: String

        public init(time: Timestamp, by: String) {
            self.time = time
            self.by = by
        }
    }

    public var push: Mark?
    public var pull: Mark?

    public init(push: Mark? = nil, pull: Mark? = nil) {
        self.push = push
        self.pull = pull
    }
}

/// A tag that a registry told of.
public struct KnownTag: Hashable, Sendable {
    public let name: String
    /// Of the manifest.
    public let digest: String
    public let push: RepositoryUse.Mark

    public init(name: String, digest: String, push: RepositoryUse.Mark) {
        self.name = name
        self.digest = digest
        self.push = push
    }
}

/// Which tags to forget.
public enum TagSelection: Hashable, Sendable {
    case tag(String)
    /// Every one on it.
    case digest(String)
}

extension AccessService {
    /// Takes in what a registry tells. Telling it again changes nothing. Pulls of one repository by one account
    /// within a minute are one: a write for each would be too much.
    public func record(_ events: [RegistryEvent]) async throws(AccessError) {
        let now = clock.now
        let told = events.map { event in
            var event = event
            // A registry's clock may be fast.
            event.time = min(event.time, now)
            return event
        }
        let fresh = told.filter { $0.action != .pull || recentPulls.isNew($0) }
        guard !fresh.isEmpty else { return }
        do throws(AccessError) {
            _ = try await perform(RecordRegistryEvents(events: fresh), as: .service)
        } catch {
            recentPulls.forget(fresh)
            throw error
        }
    }
}

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

private struct RecordRegistryEvents: Command {
    let events: [RegistryEvent]

    func perform(in context: WriteContext) throws(AccessError) {
        for event in events {
            guard let namespace = try context.row(ofAccount: event.repository.namespace)?.value,
                let repository = try repository(of: event, in: namespace, context)
            else { continue }
            let mark = RepositoryUse.Mark(time: event.time, by: event.actor)
            switch event.action {
            case .push(let tag, let digest):
                try context.writer.note(RepositoryUse(push: mark), of: repository)
                if let tag {
                    try context.writer.keep(KnownTag(name: tag, digest: digest, push: mark), of: repository)
                }
            case .pull:
                try context.writer.note(RepositoryUse(pull: mark), of: repository)
            case .delete(let tag, let digest):
                let end = Timestamp(microseconds: mark.time.microseconds + 1)
                if let tag {
                    try context.writer.forget(.tag(tag), of: repository, pushedBefore: end)
                } else if let digest {
                    try context.writer.forget(.digest(digest), of: repository, pushedBefore: end)
                }
            }
        }
    }

    /// A push makes the repository where its namespace has create-on-push on.
    private func repository(
        of event: RegistryEvent, in namespace: Account, _ context: WriteContext
    ) throws(AccessError) -> RepositoryID? {
        if let known = try context.writer.repository(named: event.repository.name, in: namespace.id) {
            return known.value.id
        }
        guard case .push = event.action, namespace.createsRepositoriesOnPush, namespace.isActive else { return nil }
        return try context.makeRepository(
            event.repository.name, in: namespace, reason: "\(event.actor) pushed to it"
        ).repository.id
    }
}
