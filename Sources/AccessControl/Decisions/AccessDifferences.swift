public import AccessModel

extension AccessService {
    /// Who gained or lost something between two moments.
    public struct AccessDifferences: Sendable {
        public let begin: WorldView
        public let end: WorldView
        /// Ordered by repository and principal.
        public let differences: [AccessDifference]
    }

    /// Who gained or lost `action` on repositories between two moments: of those where the caller
    /// manages access today. A revision as the first one means the moment of that change.
    public func accessDifferences(
        _ action: Action, on pattern: RepositoryPattern, since: PointInTime, until: PointInTime, as caller: Caller
    ) async throws(AccessError) -> AccessDifferences {
        try requireToManageSomething(caller)
        var (begin, end) = try await worlds(pattern.namespace, from: since, to: until, as: caller)
        if case .revision(let revision) = since, revision > 0 {
            let made = try await store.read { (reader) throws(AccessError) in
                try reader.changes(after: revision - 1, limit: 1).first?.time
            }
            begin = WorldView(graph: begin.graph, time: made ?? begin.time)
        }
        guard begin.graph.revision <= end.graph.revision, begin.time <= end.time else {
            throw .invalid(field: "until", value: "\(end.time)", reason: "it is before `since`")
        }
        let (old, new) = (begin, end)
        let paths = try await candidates(pattern, from: old, to: new, as: caller).filter { path in
            pattern.matches(path) && mayBeTold(of: path, in: old, caller) && mayBeTold(of: path, in: new, caller)
        }
        let differences = AccessGraph.differences(
            from: (old.graph, old.time), to: (new.graph, new.time), action, on: paths)
        return AccessDifferences(begin: old, end: new, differences: differences)
    }

    /// The worlds at two moments: what of them concerns a namespace, or all.
    private func worlds(
        _ namespace: AccountName?, from begin: PointInTime, to end: PointInTime, as caller: Caller
    ) async throws(AccessError) -> (WorldView, WorldView) {
        guard let namespace else {
            return (
                try await world(at: begin, for: [.everything], as: caller),
                try await world(at: end, for: [.everything], as: caller)
            )
        }
        let (newest, now) = (published.current.revision, clock.now)
        for point in [begin, end] { try point.check(newest: newest, now: now) }
        return try await past.pass(caller.actor) { () async throws(AccessError) in
            try await store.read { (reader) throws(AccessError) in
                let (first, last) = (
                    try reader.moment(of: begin, upTo: newest, now: now),
                    try reader.moment(of: end, upTo: newest, now: now)
                )
                var (old, new) = (PastFacts(reader, at: first.revision), PastFacts(reader, at: last.revision))
                try old.gather(.namespace(namespace))
                try new.gather(.namespace(namespace))
                try old.gatherPrincipals(of: new)
                try new.gatherPrincipals(of: old)
                return (
                    WorldView(graph: try old.graph(), time: first.time),
                    WorldView(graph: try new.graph(), time: last.time)
                )
            }
        }
    }

    /// The repositories that may have another answer: all of a namespace, or those that a change touched.
    private func candidates(
        _ pattern: RepositoryPattern, from old: WorldView, to new: WorldView, as caller: Caller
    ) async throws(AccessError) -> Set<RepositoryPath> {
        guard pattern.namespace == nil else {
            return Set(old.graph.paths(matching: pattern)).union(new.graph.paths(matching: pattern))
        }
        let ends = old.graph.repositoriesWithEnds(from: old.time, to: new.time)
            .union(new.graph.repositoriesWithEnds(from: old.time, to: new.time))
        let touched = try await past.pass(caller.actor) { () async throws(AccessError) in
            try await store.read { (reader) throws(AccessError) in
                var before = TouchedRepositories(in: old.graph)
                var after = TouchedRepositories(in: new.graph)
                try reader.forEachDecidingChange(after: old.graph.revision, upTo: new.graph.revision) { change in
                    before.add(change)
                    after.add(change)
                }
                return before.paths.union(after.paths)
            }
        }
        return touched.union(ends)
    }
}
