public import AccessModel

/// "May `subject` do `action` with `repository`?"
public struct AccessQuestion: Hashable, Sendable {
    public var subject: Principal
    public var action: Action
    public var repository: RepositoryPath

    public init(subject: Principal, action: Action, repository: RepositoryPath) {
        self.subject = subject
        self.action = action
        self.repository = repository
    }
}

/// Which state of the world a question is about.
public enum PointInTime: Hashable, Sendable {
    case now
    case revision(Revision)
    case time(Timestamp)

    /// Parses a revision or an RFC 3339 time.
    public init?(_ text: String) {
        if let revision = Revision(text), revision >= 0 {
            self = .revision(revision)
        } else if let time = Timestamp(text) {
            self = .time(time)
        } else {
            return nil
        }
    }
}

/// A graph and the moment at which grants count or have ended.
public struct WorldView: Sendable {
    public let graph: AccessGraph
    public let time: Timestamp

    public init(graph: AccessGraph, time: Timestamp) {
        self.graph = graph
        self.time = time
    }
}

extension AccessService {
    /// Decides, for a caller who may ask it.
    /// - Parameters:
    ///   - explains: whether to collect reasons. They name teams and grants only to whoever
    ///     manages access there, and to people about themselves.
    public func evaluate(
        _ question: AccessQuestion, explains: Bool = false, in world: WorldView, as caller: Caller
    ) throws(AccessError) -> Decision {
        let (graph, time) = (published.current, clock.now)
        guard graph.mayAsk(caller.actor, about: question.subject, on: question.repository, at: time) else {
            throw .forbidden("you may ask about yourself, and about others only where you manage access")
        }
        try requireSameNames(in: world, question.subject, question.repository.namespace, as: caller)
        if question.subject != graph.principal(of: caller.actor) {
            try requireSame(question.repository, in: world, as: caller)
        }
        return explains
            ? world.graph.explain(question.subject, question.action, question.repository, at: world.time)
            : world.graph.check(question.subject, question.action, question.repository, at: world.time)
    }

    /// Everybody who may do `action` with `repository`, ordered by kind and name.
    public func whoMay(
        _ action: Action, _ repository: RepositoryPath, in world: WorldView, as caller: Caller
    ) throws(AccessError) -> [Holder] {
        guard published.current.mayAskWho(caller.actor, on: repository, at: clock.now) else {
            throw .forbidden("only those who manage access to \(repository) may ask who may use it")
        }
        try requireSameNames(in: world, nil, repository.namespace, as: caller)
        try requireSame(repository, in: world, as: caller)
        return world.graph.whoMay(action, repository, at: world.time)
    }

    /// Every repository where `subject` may do `action`, ordered by path. A caller who manages
    /// only some repositories is told of those.
    public func whatMay(
        _ subject: Principal, _ action: Action, in world: WorldView, as caller: Caller
    ) throws(AccessError) -> [Holding] {
        let (graph, time) = (published.current, clock.now)
        let mayAskAll = graph.mayAskEverything(caller.actor, about: subject, at: time) || subject == .anonymous
        guard mayAskAll || graph.managesSomething(caller.actor, at: time) else {
            throw .forbidden("you may ask about yourself, and about others only where you manage access")
        }
        try requireSameNames(in: world, subject, nil, as: caller)
        let holdings = world.graph.whatMay(subject, action, at: world.time)
        return mayAskAll
            ? holdings
            : holdings.filter {
                graph.mayAskWho(caller.actor, on: $0.repository, at: time)
                    && isSame($0.repository, in: world, for: caller)
            }
    }

    /// Every repository where a team gives its members `action`, ordered by path: of those where the
    /// caller manages access.
    public func whatMay(
        team: TeamName, of organization: AccountName, _ action: Action, in world: WorldView, as caller: Caller
    ) throws(AccessError) -> [Holding] {
        try requireToManageSomething(caller)
        let (graph, time) = (published.current, clock.now)
        try requireSameNames(in: world, nil, organization, as: caller)
        return world.graph.whatMay(team: team, of: organization, action, at: world.time).filter {
            graph.mayAskWho(caller.actor, on: $0.repository, at: time) && isSame($0.repository, in: world, for: caller)
        }
    }

    /// Everybody who may do `action` on each repository of a pattern where the caller manages access:
    /// see `AccessGraph.whoMay(_:on:after:limit:at:where:)`.
    public func whoMay(
        _ action: Action, on pattern: RepositoryPattern, after path: RepositoryPath?, limit: Int, at point: PointInTime,
        as caller: Caller
    ) async throws(AccessError) -> [(repository: RepositoryPath, holder: Holder)] {
        try requireToManageSomething(caller)
        let world = try await world(at: point)
        return world.graph.whoMay(action, on: pattern, after: path, limit: limit, at: world.time) { path in
            published.current.mayAskWho(caller.actor, on: path, at: clock.now) && isSame(path, in: world, for: caller)
        }
    }

    /// Who gained or lost something between two moments.
    public struct AccessChanges: Sendable {
        public let begin: WorldView
        public let end: WorldView
        /// Ordered by repository and principal.
        public let differences: [AccessDifference]
    }

    /// Who gained or lost `action` on repositories between two moments: of those where the caller
    /// manages access today. A revision as the first one means the moment of that change.
    public func accessChanges(
        _ action: Action, on pattern: RepositoryPattern, since: PointInTime, until: PointInTime, as caller: Caller
    ) async throws(AccessError) -> AccessChanges {
        try requireToManageSomething(caller)
        var begin = try await world(at: since)
        let end = try await world(at: until)
        if case .revision(let revision) = since, revision > 0 {
            let made = try await store.read { (reader) throws(AccessError) in
                try reader.changes(after: revision - 1, limit: 1).first?.time
            }
            begin = WorldView(graph: begin.graph, time: made ?? begin.time)
        }
        guard begin.graph.revision <= end.graph.revision, begin.time <= end.time else {
            throw .invalid(field: "until", value: "\(end.time)", reason: "it is before `since`")
        }
        let (first, last) = (begin.graph.revision, end.graph.revision)
        let changes = try await store.read { (reader) throws(AccessError) in
            try reader.changes(after: first, limit: Int(last - first))
        }
        let (graph, time) = (published.current, clock.now)
        let old = begin
        let differences = AccessGraph.differences(
            from: (old.graph, old.time), to: (end.graph, end.time), after: changes.map(\.change), action, on: pattern
        ) { path in
            graph.mayAskWho(caller.actor, on: path, at: time) && isSame(path, in: old, for: caller)
                && isSame(path, in: end, for: caller)
        }
        return AccessChanges(begin: begin, end: end, differences: differences)
    }

    private func requireToManageSomething(_ caller: Caller) throws(AccessError) {
        let (graph, time) = (published.current, clock.now)
        guard graph.managesSomething(caller.actor, at: time) || graph.allows(caller.actor, .askAnyDecision, at: time)
        else { throw .forbidden("only those who manage access somewhere may ask who has it") }
    }

    /// Whether a repository of a past world is the one of that name today, or none is: whoever manages the
    /// later one does not inherit what was known about the earlier.
    private func isSame(_ path: RepositoryPath, in world: WorldView, for caller: Caller) -> Bool {
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

    /// A name may have been another's in the past: whoever has it now does not inherit what was
    /// known about that one.
    private func requireSameNames(
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
    private func requireSame(_ path: RepositoryPath, in world: WorldView, as caller: Caller) throws(AccessError) {
        guard isSame(path, in: world, for: caller) else {
            throw .forbidden(
                "\(path) was another repository then: only who manages \(path.namespace) may ask about that")
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

    /// The world at a point in time.
    /// - Parameter minimum: a revision the client has seen, from any process: waited for as long as
    ///   the settings say.
    public func world(
        at point: PointInTime = .now, minimum: Revision? = nil
    ) async throws(AccessError) -> WorldView {
        var graph = published.current
        if let minimum, minimum > graph.revision {
            try await catchUp()
            _ = await published.reach(minimum, within: settings.revisionWait)
            graph = published.current
            guard minimum <= graph.revision else {
                throw .revisionNotReached(asked: minimum, current: graph.revision)
            }
        }
        let current = graph
        switch point {
        case .now:
            return WorldView(graph: current, time: clock.now)
        case .revision(let revision):
            guard revision <= current.revision else {
                throw .revisionNotReached(asked: revision, current: current.revision)
            }
            let now = clock.now
            return try await store.read { (reader) throws(AccessError) in
                let next = try reader.changes(after: revision, limit: 1).first
                return WorldView(graph: try current.rewound(to: revision, with: reader), time: next?.time ?? now)
            }
        case .time(let time):
            guard time <= clock.now else {
                throw .invalid(field: "as_of", value: time.description, reason: "this is in the future")
            }
            return try await store.read { (reader) throws(AccessError) in
                let revision = min(try reader.revision(at: time), current.revision)
                return WorldView(graph: try current.rewound(to: revision, with: reader), time: time)
            }
        }
    }
}
