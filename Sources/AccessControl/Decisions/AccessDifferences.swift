public import AccessModel

extension Decisions {
    /// Who gained or lost something between two moments.
    public struct AccessDifferences: Sendable {
        public let begin: WorldView
        public let end: WorldView
        /// Ordered by repository and principal.
        public let differences: [AccessDifference]
    }

    /// Differences in one answer: beyond that nobody reads them, and a large team on a large namespace gives millions.
    private static let differenceLimit = 100_000

    /// Who gained or lost `action` on repositories between two moments: of those where the caller
    /// manages access today. A revision as the first one means the moment of that change.
    public func accessDifferences(
        _ action: Action, on pattern: RepositoryPattern, since: PointInTime, until: PointInTime, as caller: Caller
    ) async throws(AccessError) -> AccessDifferences {
        try requireToManageSomething(caller)
        let (current, now) = (published.current, clock.now)
        guard current.mayAskWho(caller.actor, on: pattern, at: now) else { throw pattern.notFound }
        for point in [since, until] { try point.check(newest: current.revision, now: now) }
        // All of it on the reader's thread: it may take a while.
        return try await past.pass(caller.actor) { () async throws(AccessError) in
            try await store.read { (reader) throws(AccessError) in
                let (old, new, touched) = try current.worlds(of: pattern, since, until, at: now, with: reader)
                guard old.graph.knows(pattern, at: old.time) || new.graph.knows(pattern, at: new.time) else {
                    throw pattern.notFound
                }
                let ends = [old, new].map { $0.graph.repositoriesWithEnds(from: old.time, to: new.time) }
                let paths = touched.union(ends[0]).union(ends[1]).filter { path in
                    pattern.matches(path) && old.shows(path, to: caller)
                        && new.shows(path, to: caller)
                }
                let differences = AccessGraph.differences(
                    from: (old.graph, old.time), to: (new.graph, new.time), action, on: paths,
                    atMost: Self.differenceLimit)
                guard let differences else {
                    throw .invalid(
                        field: "since", value: nil,
                        reason: "more than \(Self.differenceLimit) differences: choose a later moment, or fewer "
                            + "repositories")
                }
                return AccessDifferences(begin: old, end: new, differences: differences)
            }
        }
    }
}

extension AccessGraph {
    /// The worlds at two moments, what of them concerns a namespace or all; and the repositories that a change in
    /// between touched.
    fileprivate func worlds(
        of pattern: RepositoryPattern, _ since: PointInTime, _ until: PointInTime, at now: Timestamp,
        with reader: any StoreReader
    ) throws(AccessError) -> (WorldView, WorldView, Set<RepositoryPath>) {
        let (first, last) = try reader.moments(since: since, until: until, upTo: revision, now: now)
        let (old, new): (AccessGraph, AccessGraph)
        var (before, after): (TouchedRepositories, TouchedRepositories)
        if let namespace = pattern.namespace {
            var (oldFacts, newFacts) = (
                try PastFacts(reader, at: first.revision), try PastFacts(reader, at: last.revision)
            )
            try oldFacts.gather(.namespace(namespace))
            try newFacts.gather(.namespace(namespace))
            try oldFacts.gatherPrincipals(of: newFacts)
            try newFacts.gatherPrincipals(of: oldFacts)
            old = try oldFacts.graph()
            new = try newFacts.graph(from: old, of: oldFacts)
            (before, after) = (
                TouchedRepositories(in: old, at: first.time), TouchedRepositories(in: new, at: last.time)
            )
            for change in newFacts.changes(since: oldFacts) {
                before.add(change)
                after.add(change)
            }
        } else {
            old = try past(at: first.revision, for: [.everything], with: reader)
            new = try past(at: last.revision, for: [.everything], with: reader)
            (before, after) = (
                TouchedRepositories(in: old, at: first.time), TouchedRepositories(in: new, at: last.time)
            )
            try reader.forEachDecidingChange(after: first.revision, upTo: last.revision) { change in
                before.add(change)
                after.add(change)
            }
        }
        return (
            WorldView(graph: old, time: first.time, present: self, now: now),
            WorldView(graph: new, time: last.time, present: self, now: now),
            before.paths.union(after.paths)
        )
    }
}
