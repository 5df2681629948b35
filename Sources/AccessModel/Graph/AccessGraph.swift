/// Every account, team, repository and grant at one revision, in memory, immutable, ready to
/// answer. Dense indices inside; copies share what they do not change.
///
/// Build one by applying facts in the order of `Fact.Kind.allCases`, keep it current by
/// applying the change log: both are the same operation.
public struct AccessGraph: Sendable {
    /// The number of the newest change taken into account.
    public internal(set) var revision: Revision

    var accounts = ChunkedArray<AccountNode>()
    var teams = ChunkedArray<TeamNode>()
    var serviceAccounts = ChunkedArray<ServiceAccountNode>()
    var repositories = ChunkedArray<RepositoryNode>()

    var accountsByID = HashIndex()
    var teamsByID = HashIndex()
    var serviceAccountsByID = HashIndex()
    var repositoriesByID = HashIndex()
    var accountsByName = HashIndex()
    /// By name under their owner.
    var serviceAccountsByName = HashIndex()
    /// By name in their namespace.
    var repositoriesByName = HashIndex()

    /// Users who are system administrators, active or not.
    var administrators: [Int32] = []
    var publicRepositories: [Int32] = []
    /// The same in all graphs that were made from one by changes: in those the same stands at the same index.
    let lineage = UInt64.random(in: .min ... .max)
    /// Only of a graph that gives long answers.
    var ranks: NameRanks?

    public init(revision: Revision = 0) { self.revision = revision }

    /// A graph of these facts, given in the order of `Fact.Kind.allCases`.
    public init(facts: some Sequence<Fact>, revision: Revision) throws(GraphError) {
        self.init(revision: revision)
        for fact in facts { try insert(fact) }
    }

    /// This graph after `changes`, the last of which has the number `revision`.
    public func applying(_ changes: some Sequence<Change>, revision: Revision) throws(GraphError) -> AccessGraph {
        var next = self
        for change in changes { try next.apply(change) }
        next.revision = revision
        return next
    }

    /// This graph, said to be of another revision: nothing that it holds changed in between.
    public func numbered(_ revision: Revision) -> AccessGraph {
        var graph = self
        graph.revision = revision
        return graph
    }

    /// Applies one change in place; `revision` is its number.
    public mutating func patch(_ change: Change, revision: Revision) throws(GraphError) {
        try apply(change)
        self.revision = revision
    }

    mutating func apply(_ change: Change) throws(GraphError) {
        switch (change.before, change.after) {
        case (let before?, nil): try remove(before)
        case (nil, let after?): try insert(after)
        case (let before?, let after?): try replace(before, with: after)
        case (nil, nil): break
        }
    }
}

/// A change that does not fit the graph: it names something that is not there. The graph has
/// to be built anew from the rows.
public enum GraphError: Error, Hashable, Sendable, CustomStringConvertible {
    case dangling(FactKey)

    public var description: String {
        switch self {
        case .dangling(let key): "the \(key.kind.rawValue) \(key.first) \(key.second) names something unknown"
        }
    }
}
