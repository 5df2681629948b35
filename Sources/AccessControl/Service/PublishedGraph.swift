public import AccessModel
import Synchronization

/// The graph that readers see. They take it once a request and see one revision throughout.
public final class PublishedGraph: Sendable {
    private let graph: Mutex<AccessGraph>

    public init(_ graph: AccessGraph) { self.graph = Mutex(graph) }

    public var current: AccessGraph { graph.withLock { $0 } }

    /// Publishes a graph unless a newer one is there already.
    func publish(_ next: AccessGraph) {
        graph.withLock { if next.revision > $0.revision { $0 = next } }
    }
}
