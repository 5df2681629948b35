import AccessModel

// A name may have been another's in the past: whoever has it now does not inherit what was known of that one.

extension Decisions {
    /// Whether `caller` is told of others on a repository: they manage access there today, or may ask everything,
    /// and it is the repository that the world knew by that name.
    func mayBeTold(of path: RepositoryPath, in world: WorldView, _ caller: Caller) -> Bool {
        published.current.mayAskWho(caller.actor, on: path, at: clock.now) && isSame(path, in: world, for: caller)
    }

    /// Whether a repository of a past world is the one of that name today, or none is: whoever manages the
    /// later one does not inherit what was known about the earlier.
    func isSame(_ path: RepositoryPath, in world: WorldView, for caller: Caller) -> Bool {
        let graph = published.current
        guard world.graph.revision != graph.revision, !graph.allows(caller.actor, .askAnyDecision, at: clock.now) else {
            return true
        }
        let (place, now) = (world.graph.accountID(named: path.namespace), graph.accountID(named: path.namespace))
        guard place == nil || now == nil || place == now else { return false }
        if let now, graph.allows(caller.actor, .manageNamespace(now), at: clock.now) { return true }
        let past = world.graph.repositoryID(at: path)
        return past == nil || past == graph.repositoryID(at: path)
    }

    /// Refuses a question about a past in which an account or service account of that name was another one.
    func requireSameNames(
        in world: WorldView, _ subject: Principal?, _ namespace: AccountName?, as caller: Caller
    ) throws(AccessError) {
        let graph = published.current
        guard world.graph.revision != graph.revision,
            !graph.allows(caller.actor, .askAnyDecision, at: clock.now)
        else { return }
        var names: [AccountName] = []
        switch subject {
        case .user(let name)?: names.append(name)
        case .serviceAccount(let owner, _)?: names.append(owner)
        case .anonymous?, nil: break
        }
        if let namespace { names.append(namespace) }
        for name in names {
            let (past, now) = (world.graph.accountID(named: name), graph.accountID(named: name))
            // Of a name that nobody has any more, nobody inherits anything.
            guard past == nil || now == nil || past == now else {
                throw .forbidden("\(name) was another account then: only administrators may ask about that")
            }
        }
        if case .serviceAccount? = subject, let subject, let past = world.graph.identity(ofServiceAccount: subject),
            let now = graph.identity(ofServiceAccount: subject), past != now
        {
            throw .forbidden("\(subject) was another account then: only administrators may ask about that")
        }
    }

    /// The same for a repository.
    func requireSame(_ path: RepositoryPath, in world: WorldView, as caller: Caller) throws(AccessError) {
        guard isSame(path, in: world, for: caller) else {
            throw .forbidden(
                "\(path) was another repository then: only who manages \(path.namespace) may ask about that")
        }
    }

}
