import AccessModel

// A name may have been another's in the past: whoever has it now does not inherit what was known of that one.

extension WorldView {
    /// Whether `caller` is told of others on a repository: they manage access there today, or may ask everything,
    /// and it is the repository that the world knew by that name.
    func shows(_ path: RepositoryPath, to caller: Caller) -> Bool {
        present.mayAskWho(caller.actor, on: path, at: now) && isSame(path, for: caller)
    }

    /// Whether a repository of a past world is the one of that name today, or none is: whoever manages the
    /// later one does not inherit what was known about the earlier.
    func isSame(_ path: RepositoryPath, for caller: Caller) -> Bool {
        guard isPast(for: caller) else { return true }
        let (old, new) = (graph.accountID(named: path.namespace), present.accountID(named: path.namespace))
        guard old == nil || new == nil || old == new else { return false }
        if let new, present.allows(caller.actor, .manageNamespace(new), at: now) { return true }
        let past = graph.repositoryID(at: path)
        return past == nil || past == present.repositoryID(at: path)
    }

    /// Refuses a question about a past in which an account or service account of that name was another one.
    func requireSameNames(
        _ subject: Principal?, _ namespace: AccountName?, as caller: Caller
    ) throws(AccessError) {
        guard isPast(for: caller) else { return }
        var names: [AccountName] = []
        switch subject {
        case .user(let name)?: names.append(name)
        case .serviceAccount(let owner, _)?: names.append(owner)
        case .anonymous?, nil: break
        }
        if let namespace { names.append(namespace) }
        for name in names {
            let (old, new) = (graph.accountID(named: name), present.accountID(named: name))
            // Of a name that nobody has any more, nobody inherits anything.
            guard old == nil || new == nil || old == new else {
                throw .forbidden("\(name) was another account then: only administrators may ask about that")
            }
        }
        if case .serviceAccount? = subject, let subject, let old = graph.identity(ofServiceAccount: subject),
            let new = present.identity(ofServiceAccount: subject), old != new
        {
            throw .forbidden("\(subject) was another account then: only administrators may ask about that")
        }
    }

    /// The same for a repository.
    func requireSame(_ path: RepositoryPath, as caller: Caller) throws(AccessError) {
        guard isSame(path, for: caller) else {
            throw .forbidden(
                "\(path) was another repository then: only who manages \(path.namespace) may ask about that")
        }
    }

    /// Whether names may have been others' for what `caller` may ask.
    private func isPast(for caller: Caller) -> Bool {
        graph.revision != present.revision && !present.allows(caller.actor, .askAnyDecision, at: now)
    }
}
