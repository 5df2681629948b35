// Who may ask what about whom: everybody about themselves, managers about what they manage,
// system administrators and decision readers about everything.

extension AccessGraph {
    /// Whether `actor` may ask whether `subject` may do something with `path`.
    public func mayAsk(_ actor: Actor, about subject: Principal, on path: RepositoryPath, at now: Timestamp) -> Bool {
        self.principal(of: actor) == subject || subject == .anonymous || mayAskWho(actor, on: path, at: now)
    }

    /// Whether `actor` may ask who may do something with `path`.
    public func mayAskWho(_ actor: Actor, on path: RepositoryPath, at now: Timestamp) -> Bool {
        allows(actor, .askAnyDecision, at: now) || managesAccess(actor, to: path, at: now)
    }

    /// Whether `actor` manages access to `path`, and so is told who gave it and what is missing: a decision
    /// reader may ask everything, and needs none of that.
    public func managesAccess(_ actor: Actor, to path: RepositoryPath, at now: Timestamp) -> Bool {
        if allows(actor, .administer, at: now) { return true }
        if let repository = index(at: path),
            allows(actor, .manageRepository(registry.repositories.ids[repository]), at: now)
        {
            return true
        }
        guard let namespace = accountID(named: path.namespace) else { return false }
        return allows(actor, .manageNamespace(namespace), at: now)
    }

    /// Whether `actor` is asking about itself, or may ask everything.
    public func mayAskEverything(_ actor: Actor, about subject: Principal, at now: Timestamp) -> Bool {
        principal(of: actor) == subject || allows(actor, .askAnyDecision, at: now)
    }
}

extension AccessGraph {
    /// What `actor` may do with a repository; nil for nothing.
    public func level(of actor: Actor, on id: RepositoryID, at now: Timestamp) -> AccessLevel? {
        guard let repository = registry.repositories.find(id) else { return nil }
        if actor.isTrusted { return .admin }
        return principals.index(of: actor).flatMap { level(of: $0, on: repository, at: now) }
    }

    /// The repositories `actor` may view, ordered by path; of one namespace, or of all.
    public func viewableRepositories(for actor: Actor, in namespace: AccountName?, at now: Timestamp)
        -> [RepositoryPath]
    {
        guard let namespace else {
            if actor.isTrusted { return allRepositories.map(path).sorted() }
            guard let principal = principal(of: actor) else { return [] }
            return whatMay(principal, .view, at: now).map(\.repository)
        }
        guard let index = principals.accounts.find(namespace) else { return [] }
        return registry.namespaces[index].repositories
            .filter { level(of: actor, on: registry.repositories.ids[$0], at: now) != nil }
            .map(path).sorted()
    }
}

extension AccessGraph {
    /// Whether `actor` has the level admin anywhere.
    public func managesSomething(_ actor: Actor, at now: Timestamp) -> Bool {
        if actor.isTrusted { return true }
        guard let principal = principals.index(of: actor) else { return false }
        return mayAnything(principal, .manageAccess, at: now)
    }
}
