import AccessModel

extension AccessGraph {
    /// A graph of every row.
    static func read(from reader: any StoreReader) throws(AccessError) -> AccessGraph {
        var graph = AccessGraph(revision: try reader.revision())
        try reader.forEachDecidingFact { (fact) throws(AccessError) in
            do throws(GraphError) {
                try graph.insert(fact)
            } catch {
                throw .storage(.damaged("\(error); `portreeve verify` tells more"))
            }
        }
        return graph
    }

    /// This graph with everything that the store has and it has not, and what that was.
    func caughtUp(with reader: any StoreReader) throws(AccessError) -> (graph: AccessGraph, missed: [Change]) {
        guard try reader.revision() > revision else { return (self, []) }
        let missing = try missingChanges(from: reader)
        return (try applyingOrReading(missing, from: reader), missing.map(\.change))
    }

    func missingChanges(from reader: any StoreReader) throws(AccessError) -> [LoggedChange] {
        try reader.changes(after: revision, limit: Int(Int32.max))
    }

    /// Patches; a log that does not fit means that the graph is wrong, and is answered by
    /// reading the rows anew.
    func applyingOrReading(_ changes: [LoggedChange], from reader: any StoreReader) throws(AccessError) -> AccessGraph {
        guard let last = changes.last else { return self }
        do throws(GraphError) {
            return try applying(changes.lazy.map(\.change), revision: last.revision)
        } catch {
            return try .read(from: reader)
        }
    }

    /// This graph as it was at an earlier revision, by undoing the newer changes. For what is about everything:
    /// it takes as long as there are changes. The others ask `PastFacts`.
    func rewound(to earlier: Revision, with reader: any StoreReader) throws(AccessError) -> AccessGraph {
        var graph = self
        try reader.forEachDecidingChange(after: earlier, upTo: revision) { (change) throws(AccessError) in
            do throws(GraphError) {
                try graph.patch(change.undone, revision: earlier)
            } catch {
                throw .storage(.damaged("the change log cannot be undone to revision \(earlier): \(error)"))
            }
        }
        return graph.numbered(earlier)
    }
}
