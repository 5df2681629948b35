public import AccessModel

/// A manifest was pushed, as a registry's notification tells. Makes the repository, private,
/// where its namespace has create-on-push on; telling it again changes nothing.
public struct RecordPush: Command {
    public var repository: RepositoryPath
    /// The user or service account in the token that pushed.
    public var pusher: String

    public init(repository: RepositoryPath, pusher: String) {
        self.repository = repository
        self.pusher = pusher
    }

    public func perform(in context: WriteContext) throws(AccessError) {
        try context.require(.administer, to: "tell what a registry did")
        guard let namespace = try context.writer.account(named: repository.namespace)?.value,
            namespace.createsRepositoriesOnPush,
            try context.writer.repository(named: repository.name, in: namespace.id) == nil
        else { return }
        let made = Repository(id: context.newIdentifier(), namespace: namespace.id, name: repository.name)
        try context.insert(.repository(made), reason: "\(pusher) pushed to it")
    }
}
