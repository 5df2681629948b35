public import AccessModel

extension Decisions {
    /// Who gained or lost something of the control plane between two moments.
    public struct ControlDifferences: Sendable {
        public let begin: WorldView
        public let end: WorldView
        /// Ordered by collection, resource and subject.
        public let differences: [ControlDifference]
    }

    /// Who gained or lost an operation in a collection, above it or below it, between two moments. A revision as the first one means
    /// the moment of that change.
    public func controlDifferences(
        _ operation: ControlOperation, in path: CollectionPath, since: PointInTime, until: PointInTime,
        as caller: Caller
    ) async throws(AccessError) -> ControlDifferences {
        let (current, now) = (published.current, clock.now)
        try WorldView(graph: current, time: now, present: current, now: now).requireToAskWho(path, as: caller)
        for point in [since, until] { try point.check(newest: current.revision, now: now) }
        return try await past.pass(caller.actor) { () async throws(AccessError) in
            try await withCancellationFlag { (isAbandoned) async throws(AccessError) in
                try await store.read { (reader) throws(AccessError) in
                    let (first, last) = try reader.moments(since: since, until: until, upTo: current.revision, now: now)
                    let old = try current.past(at: first.revision, for: [.everything], with: reader)
                    let new = try current.past(at: last.revision, for: [.everything], with: reader)
                    var changes: [Change] = []
                    try reader.forEachDecidingChange(after: first.revision, upTo: last.revision) { changes.append($0) }
                    let all = AccessGraph.controlDifferences(
                        from: (old, first.time), to: (new, last.time), changes, unless: isAbandoned)
                    guard let all else {
                        if isAbandoned() { throw .storage(.abandoned) }
                        throw .invalid(
                            field: "since", value: nil, reason: "there is too much to compare: choose a later moment")
                    }
                    let begin = WorldView(graph: old, time: first.time, present: current, now: now)
                    let end = WorldView(graph: new, time: last.time, present: current, now: now)
                    guard begin.isSame(path, for: caller), end.isSame(path, for: caller) else {
                        throw .forbidden("\(path) was another collection then")
                    }
                    let told = all.compactMap { difference in
                        difference.told { place in
                            // A path that is no more was theirs who give roles above it.
                            let near = sequence(first: place, next: \.parent).first(where: current.hasCollection(at:))
                            return begin.mayAskWho(near ?? .root, caller) && end.mayAskWho(near ?? .root, caller)
                        }
                    }
                    return ControlDifferences(
                        begin: begin, end: end,
                        differences: told.filter { $0.gains(operation) != nil && $0.concerns(path) })
                }
            }
        }
    }
}

extension ControlDifference {
    /// Whether it tells of a collection or of what is below it: what is given above reaches down to it, and a resource is in one of
    /// two.
    fileprivate func concerns(_ path: CollectionPath) -> Bool {
        guard let collection else { return path.isAtOrBelow(.privates) }
        return [collection, formerCollection].compactMap(\.self).contains { $0.isAtOrBelow(path) }
            || resource == nil && path.isAtOrBelow(collection)
    }
}
