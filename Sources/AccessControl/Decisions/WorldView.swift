public import AccessModel

/// Which state of the world a question is about.
public enum PointInTime: Hashable, Sendable {
    case now
    case revision(Revision)
    case time(Timestamp)

    /// What no change is numbered with.
    static let revisionLimit = Revision.max >> 8

    /// Parses a revision or an RFC 3339 time.
    public init?(_ text: String) {
        if let revision = Revision(text), (0..<Self.revisionLimit).contains(revision) {
            self = .revision(revision)
        } else if let time = Timestamp(text) {
            self = .time(time)
        } else {
            return nil
        }
    }
}

extension PointInTime {
    /// Refuses what has not been yet.
    func check(newest: Revision, now: Timestamp) throws(AccessError) {
        switch self {
        case .now: break
        case .revision(let revision):
            guard revision <= newest else { throw .revisionNotReached(asked: revision, current: newest) }
        case .time(let time):
            guard time <= now else {
                throw .invalid(field: "as_of", value: time.description, reason: "this is in the future")
            }
        }
    }
}

/// What a question is asked about: a graph, and the moment at which grants count or have ended. Whether somebody may
/// ask it is decided by the present, which is taken once with it.
public struct WorldView: Sendable {
    public let graph: AccessGraph
    public let time: Timestamp
    let present: AccessGraph
    let now: Timestamp
}

extension Decisions {
    /// The world at a point in time, as far as questions touch it.
    /// - Parameters:
    ///   - minimum: a revision the client has seen, from any process: waited for as long as the settings say.
    ///   - scopes: what is asked about the world. Of a past one only that is there.
    ///   - caller: who asks; of the past nobody may ask much at once.
    public func world(
        at point: PointInTime = .now, minimum: Revision? = nil, for scopes: [PastScope], as caller: Caller
    ) async throws(AccessError) -> WorldView {
        var graph = published.current
        if let minimum, minimum > graph.revision {
            guard minimum < PointInTime.revisionLimit else {
                throw .invalid(field: "min_revision", value: String(minimum), reason: "no revision is so high")
            }
            try await transactions.catchUp()
            _ = await published.reach(minimum, within: revisionWait)
            graph = published.current
            guard minimum <= graph.revision else {
                throw .revisionNotReached(asked: minimum, current: graph.revision)
            }
        }
        let (current, now) = (graph, clock.now)
        try point.check(newest: current.revision, now: now)
        if point == .now { return WorldView(graph: current, time: now, present: current, now: now) }
        return try await past.pass(caller.actor) { () async throws(AccessError) in
            try await store.read { (reader) throws(AccessError) in
                let (revision, time) = try reader.moment(of: point, upTo: current.revision, now: now)
                return WorldView(
                    graph: try current.past(at: revision, for: scopes, with: reader), time: time, present: current,
                    now: now)
            }
        }
    }
}

extension StoreReader {
    /// The newest change before a point in time, and the moment at which grants counted then: just before the next
    /// change, for a revision.
    func moment(
        of point: PointInTime, upTo newest: Revision, now: Timestamp
    ) throws(AccessError) -> (revision: Revision, time: Timestamp) {
        switch point {
        case .now: (newest, now)
        case .revision(let revision): (revision, try changes(after: revision, limit: 1).first?.time ?? now)
        case .time(let time): (min(try revision(at: time), newest), time)
        }
    }

    /// The two moments between which differences are asked for. A revision as the first one means the moment of that change.
    func moments(
        since: PointInTime, until: PointInTime, upTo newest: Revision, now: Timestamp
    ) throws(AccessError) -> (first: (revision: Revision, time: Timestamp), last: (revision: Revision, time: Timestamp))
    {
        var first = try moment(of: since, upTo: newest, now: now)
        if case .revision(let revision) = since, revision > 0 {
            first.time = try changes(after: revision - 1, limit: 1).first?.time ?? first.time
        }
        let last = try moment(of: until, upTo: newest, now: now)
        guard first.revision <= last.revision, first.time <= last.time else {
            throw .invalid(field: "until", value: "\(last.time)", reason: "it is before `since`")
        }
        return (first, last)
    }
}

extension AccessGraph {
    /// What of an earlier world some questions touch.
    func past(
        at earlier: Revision, for scopes: [PastScope], with reader: any StoreReader
    ) throws(AccessError) -> AccessGraph {
        if earlier == revision { return self }
        if scopes.contains(.everything) { return try rewound(to: earlier, with: reader) }
        var facts = try PastFacts(reader, at: earlier)
        for scope in scopes { try facts.gather(scope) }
        return try facts.graph()
    }
}
