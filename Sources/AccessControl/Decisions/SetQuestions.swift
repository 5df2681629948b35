public import AccessModel

// Who may, and what may.

extension Decisions {
    /// Everybody who may do `action` with `repository`, ordered by kind and name.
    public func whoMay(
        _ action: Action, _ repository: RepositoryPath, in world: WorldView, as caller: Caller
    ) throws(AccessError) -> [Holder] {
        guard world.present.mayAskWho(caller.actor, on: repository, at: world.now) else {
            throw .forbidden("only those who manage access to \(repository) may ask who may use it")
        }
        try world.requireSameNames(nil, repository.namespace, as: caller)
        try world.requireSame(repository, as: caller)
        return world.graph.whoMay(action, repository, at: world.time)
    }

    /// Every repository where `subject` may do `action`, ordered by path. A caller who manages
    /// only some repositories is told of those.
    public func whatMay(
        _ subject: Principal, _ action: Action, in world: WorldView, as caller: Caller
    ) throws(AccessError) -> [Holding] {
        let (present, now) = (world.present, world.now)
        let mayAskAll = present.mayAskEverything(caller.actor, about: subject, at: now) || subject == .anonymous
        guard mayAskAll || present.managesSomething(caller.actor, at: now) else {
            throw .forbidden("you may ask about yourself, and about others only where you manage access")
        }
        try world.requireSameNames(subject, nil, as: caller)
        let holdings = world.graph.whatMay(subject, action, at: world.time)
        return mayAskAll
            ? holdings
            : holdings.filter { world.shows($0.repository, to: caller) }
    }

    /// Every repository where a team gives its members `action`, ordered by path: of those where the
    /// caller manages access.
    public func whatMay(
        team: TeamName, of organization: AccountName, _ action: Action, in world: WorldView, as caller: Caller
    ) throws(AccessError) -> [Holding] {
        try requireToManageSomething(caller)
        try world.requireSameNames(nil, organization, as: caller)
        return world.graph.whatMay(team: team, of: organization, action, at: world.time)
            .filter { world.shows($0.repository, to: caller) }
    }

    /// Everybody who may do `action` on each repository of a pattern where the caller manages access:
    /// see `AccessGraph.whoMay(_:on:after:limit:at:where:)`.
    public func whoMay(
        _ action: Action, on pattern: RepositoryPattern, after path: RepositoryPath?, limit: Int, at point: PointInTime,
        as caller: Caller
    ) async throws(AccessError) -> [(repository: RepositoryPath, holder: Holder)] {
        try requireToManageSomething(caller)
        let (graph, now) = (published.current, clock.now)
        guard graph.mayAskWho(caller.actor, on: pattern, at: now), point != .now || graph.knows(pattern, at: now) else {
            throw pattern.notFound
        }
        let namespaces: [AccountName?] = try await namespacesToAsk(pattern, at: point, as: caller)
        var found: [(repository: RepositoryPath, holder: Holder)] = []
        for namespace in namespaces where found.count < limit {
            if let path, let namespace, RepositoryPath.precedes(namespace, path.namespace) { continue }
            let part =
                namespace == pattern.namespace ? pattern : namespace.map(RepositoryPattern.init(allOf:)) ?? pattern
            let scope = part.path.map { PastScope.holders($0, everybody: false) } ?? namespace.map(PastScope.namespace)
            let world = try await world(at: point, for: [scope ?? .everything], as: caller)
            found += world.graph.whoMay(action, on: part, after: path, limit: limit - found.count, at: world.time) {
                path in
                world.shows(path, to: caller)
            }
        }
        return found
    }

    /// The namespaces that are asked one after the other, in the order of their repositories, until there are enough
    /// answers. nil is all at once, as the present can be asked.
    private func namespacesToAsk(
        _ pattern: RepositoryPattern, at point: PointInTime, as caller: Caller
    ) async throws(AccessError) -> [AccountName?] {
        if let namespace = pattern.namespace { return [namespace] }
        guard point != .now else { return [nil] }
        let (graph, now) = (published.current, clock.now)
        guard graph.allows(caller.actor, .askAnyDecision, at: now) else {
            return graph.namespaces(managedBy: caller.actor, at: now)
        }
        return try await past.pass(caller.actor) { () async throws(AccessError) in
            try await store.read { (reader) throws(AccessError) in
                let (revision, _) = try reader.moment(of: point, upTo: graph.revision, now: now)
                return try reader.namespaces(at: revision).sorted(by: RepositoryPath.precedes)
            }
        }
    }

    /// The actions that `subject` may do with `repository`, in the order of the matrix.
    public func whichActions(
        _ subject: Principal, on repository: RepositoryPath, in world: WorldView, as caller: Caller
    ) throws(AccessError) -> [Action] {
        var allowed: [Action] = []
        for action in Action.allCases {
            let question = AccessQuestion(subject: subject, action: action, repository: repository)
            if try evaluate(question, in: world, as: caller).isAllowed { allowed.append(action) }
        }
        return allowed
    }

    /// The reason that gives somebody what they may, for one who was told that they may: nil if they may not.
    public func reason(of question: AccessQuestion, in world: WorldView) -> Reason? {
        world.graph.explain(question.subject, question.action, question.repository, at: world.time).reasons.first
    }

    func requireToManageSomething(_ caller: Caller) throws(AccessError) {
        let (graph, time) = (published.current, clock.now)
        guard graph.managesSomething(caller.actor, at: time) || graph.allows(caller.actor, .askAnyDecision, at: time)
        else { throw .forbidden("only those who manage access somewhere may ask who has it") }
    }
}
