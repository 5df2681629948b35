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
        let old = begin
        let differences = AccessGraph.differences(
            from: (old.graph, old.time), to: (end.graph, end.time), after: changes.map(\.change), action, on: pattern
        ) { path in
            mayBeTold(of: path, in: old, caller) && mayBeTold(of: path, in: end, caller)
        }
        return AccessDifferences(begin: begin, end: end, differences: differences)
    }
}
