public import AccessModel

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

extension ContainerRegistry {
    /// Takes in what a registry tells. Telling it again changes nothing. Pulls of one repository by one account
    /// within a minute are one: a write for each would be too much. While a long write holds the database, events
    /// wait in memory: a registry that is told to repeat them tells nothing else meanwhile.
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
            try await note(fresh, within: .milliseconds(500))
        } catch {
            if error == .storage(.busy), waitingEvents.keep(fresh) { return }
            recentPulls.forget(fresh)
            throw error
        }
    }

    /// Takes in what waited for a long write to end.
    public func recordWaitingEvents() async throws(AccessError) {
        let events = waitingEvents.take()
        guard !events.isEmpty else { return }
        do throws(AccessError) {
            try await note(events, within: .seconds(5))
        } catch {
            waitingEvents.giveBack(events)
            throw error
        }
    }
}

extension ContainerRegistry {
    /// Notes what is about repositories that are there, beside other writes. Only what makes one takes its turn in the
    /// log.
    private func note(_ events: [RegistryEvent], within patience: Duration) async throws(AccessError) {
        let first = try await transactions.store.writeAside(within: patience) { (writer) throws(AccessError) in
            var first: [RegistryEvent] = []
            // What follows in the list is about what these make.
            var made: Set<RepositoryPath> = []
            for event in events {
                guard let namespace = try writer.account(named: event.repository.namespace)?.value else { continue }
                if let known = try writer.repository(named: event.repository.name, in: namespace.id)?.value {
                    try writer.note(event, of: known.id)
                } else if made.contains(event.repository) || event.makesRepository(in: namespace) {
                    made.insert(event.repository)
                    first.append(event)
                }
            }
            return first
        }
        guard !first.isEmpty else { return }
        _ = try await transactions.perform(MakePushedRepositories(events: first), as: .service, within: patience)
    }
}

/// A push makes the repository where its namespace has create-on-push on.
private struct MakePushedRepositories: Command {
    let events: [RegistryEvent]

    func perform(in context: WriteContext) throws(AccessError) {
        for event in events {
            guard let namespace = try context.row(ofAccount: event.repository.namespace)?.value else { continue }
            var id = try context.writer.repository(named: event.repository.name, in: namespace.id)?.value.id
            if id == nil, event.makesRepository(in: namespace) {
                id = try context.makeRepository(
                    event.repository.name, in: namespace, reason: "\(event.actor) pushed to it"
                ).repository.id
            }
            if let id { try context.writer.note(event, of: id) }
        }
    }
}

extension RegistryEvent {
    fileprivate func makesRepository(in namespace: Account) -> Bool {
        guard case .push = action else { return false }
        return namespace.createsRepositoriesOnPush && namespace.isActive
    }
}

extension NoteWriter {
    fileprivate func note(_ event: RegistryEvent, of repository: RepositoryID) throws(AccessError) {
        let mark = RepositoryUse.Mark(time: event.time, by: event.actor)
        switch event.action {
        case .push(let tag, let digest):
            try upsert(RepositoryUse(push: mark), of: repository)
            if let tag { try upsert(KnownTag(name: tag, digest: digest, push: mark), of: repository) }
        case .pull:
            try upsert(RepositoryUse(pull: mark), of: repository)
        case .delete(let tag, let digest):
            let end = Timestamp(microseconds: mark.time.microseconds + 1)
            if let tag {
                try delete(.tag(tag), of: repository, pushedBefore: end)
            } else if let digest {
                try delete(.digest(digest), of: repository, pushedBefore: end)
            }
        }
    }
}
