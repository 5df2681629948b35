public import AccessModel

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
}

extension AccessService {
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
