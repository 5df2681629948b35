import Synchronization

/// What the service counts from its start on, for `/metrics`.
public final class Figures: Sendable {
    public enum Counter: String, Hashable, Sendable, CaseIterable {
        case requests = "portreeve_http_requests_total"
        case logins = "portreeve_logins_total"
        case decisions = "portreeve_decisions_total"
        case registryTokens = "portreeve_registry_tokens_total"
        case synchronizations = "portreeve_directory_sync_runs_total"

        public var help: String {
            switch self {
            case .requests: "Requests over HTTP."
            case .logins: "Passwords and tokens that were presented, by outcome."
            case .decisions: "Decisions that were asked for one by one or in batches."
            case .registryTokens: "Registry tokens that were issued, by whether all that was asked for was granted."
            case .synchronizations: "Synchronisations, by how they ended."
            }
        }

        /// Values that are there from the start, as 0: who watches a counter does not see the first event otherwise.
        fileprivate var initial: [[String]] {
            switch self {
            case .requests, .synchronizations: []
            case .logins:
                ["password", "token"].flatMap { kind in
                    ["accepted", "refused", "slowed", "unavailable", "failed"].map { [kind, $0] }
                }
            case .decisions: [["allowed"], ["denied"]]
            case .registryTokens: [["whole"], ["reduced"], ["empty"]]
            }
        }

        public var labels: [String] {
            switch self {
            case .requests: ["method", "route", "status"]
            case .logins: ["kind", "outcome"]
            case .decisions: ["outcome"]
            case .registryTokens: ["outcome"]
            case .synchronizations: ["directory", "state"]
            }
        }
    }

    public enum Histogram: String, Hashable, Sendable, CaseIterable {
        case requests = "portreeve_http_request_duration_seconds"
        case writeWait = "portreeve_store_write_wait_seconds"

        public var help: String {
            switch self {
            case .requests: "How long requests took to be answered, without the time that the answer took to be sent."
            case .writeWait: "How long a change waited for earlier ones to be written."
            }
        }

        public var labels: [String] {
            switch self {
            case .requests: ["route"]
            case .writeWait: []
            }
        }
    }

    /// How many were between one of `bounds` and the next, not cumulative; the last count is of those beyond.
    public struct Distribution: Hashable, Sendable {
        /// In seconds.
        public static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

        public private(set) var counts = Array(repeating: 0, count: bounds.count + 1)
        public private(set) var sum = 0.0

        mutating func add(_ seconds: Double) {
            counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
            sum += seconds
        }
    }

    /// Everything that was counted, in the order of the labels' values.
    public struct Snapshot: Sendable {
        public let counters: [Counter: [(values: [String], count: Int)]]
        public let histograms: [Histogram: [(values: [String], distribution: Distribution)]]
    }

    private struct Key<Name: Hashable & Sendable>: Hashable, Sendable {
        let name: Name
        let values: [String]
    }

    private let counts = Mutex<[Key<Counter>: Int]>([:])
    private let distributions = Mutex<[Key<Histogram>: Distribution]>([:])

    public init() {
        for counter in Counter.allCases {
            for values in counter.initial { count(counter, values, by: 0) }
        }
        distributions.withLock { $0[Key(name: .writeWait, values: [])] = Distribution() }
    }

    /// - Parameter values: those of the counter's labels, in their order: from a few that the program knows, never what a
    ///   client chose.
    public func count(_ counter: Counter, _ values: [String], by count: Int = 1) {
        counts.withLock { $0[Key(name: counter, values: values), default: 0] += count }
    }

    public func add(_ duration: Duration, to histogram: Histogram, _ values: [String] = []) {
        let seconds = duration / .seconds(1)
        distributions.withLock { $0[Key(name: histogram, values: values), default: Distribution()].add(seconds) }
    }

    public func snapshot() -> Snapshot {
        let counters = Dictionary(grouping: counts.withLock(\.self), by: \.key.name).mapValues { entries in
            entries.map { (values: $0.key.values, count: $0.value) }.sorted {
                $0.values.lexicographicallyPrecedes($1.values)
            }
        }
        let histograms = Dictionary(grouping: distributions.withLock(\.self), by: \.key.name).mapValues { entries in
            entries.map { (values: $0.key.values, distribution: $0.value) }
                .sorted { $0.values.lexicographicallyPrecedes($1.values) }
        }
        return Snapshot(counters: counters, histograms: histograms)
    }
}
