import AccessModel
import Dispatch
import Synchronization

extension AccessGraph {
    /// A graph of every row. Rows are read here, while another thread takes in the ones before, as the two take about
    /// as long.
    static func read(from reader: any StoreReader) throws(AccessError) -> AccessGraph {
        let loading = GraphLoading(AccessGraph(revision: try reader.revision()))
        var block: [Fact] = []
        try reader.forEachDecidingFact { (fact) throws(AccessError) in
            block.append(fact)
            guard block.count == GraphLoading.blockSize else { return }
            loading.insert(block)
            block.removeAll(keepingCapacity: true)
        }
        loading.insert(block)
        do throws(GraphError) {
            return try loading.finish()
        } catch {
            throw .storage(.damaged("\(error); `portreeve verify` shows more"))
        }
    }

    /// This graph with everything that the store has and it has not, and whose credentials that touched. A log that
    /// does not fit means that the graph is wrong, and is answered by reading the rows anew.
    func caughtUp(
        with reader: any StoreReader
    ) throws(AccessError) -> (graph: AccessGraph, touched: TouchedCredentials) {
        var touched = TouchedCredentials()
        guard try reader.revision() > revision else { return (self, touched) }
        var (graph, fits) = (self, true)
        try reader.forEachChange(after: revision) { (revision, change) throws(AccessError) in
            touched.note(change)
            guard fits else { return }
            do throws(GraphError) { try graph.patch(change, revision: revision) } catch { fits = false }
        }
        return (fits ? graph : try .read(from: reader), touched)
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

/// A graph into which another thread inserts blocks of facts, in their order.
private final class GraphLoading: Sendable {
    static let blockSize = 1_000

    private let state: Mutex<(graph: AccessGraph, failure: GraphError?)>
    private let queue = DispatchQueue(label: "portreeve.graph-loading")
    /// So many blocks may wait; then the reader does.
    private let room = DispatchSemaphore(value: 4)

    init(_ graph: AccessGraph) { state = Mutex((graph, nil)) }

    func insert(_ facts: [Fact]) {
        room.wait()
        queue.async { [self] in
            state.withLock { state in
                guard state.failure == nil else { return }
                do throws(GraphError) {
                    for fact in facts { try state.graph.insert(fact) }
                } catch {
                    state.failure = error
                }
            }
            room.signal()
        }
    }

    /// Waits for all blocks. To be called once, after the last.
    func finish() throws(GraphError) -> AccessGraph {
        queue.sync {}
        let (graph, failure) = state.withLock { state in (state.graph, state.failure) }
        if let failure { throw failure }
        return graph
    }
}
