/// How far a directory had come when it was read. One that was restored from an earlier state, or a replica behind the
/// others, shows an earlier one.
public struct DirectoryClock: Hashable, Sendable, Codable {
    /// Something that only grows, in a form that compares as text.
    public struct Counter: Hashable, Sendable, Codable {
        /// What counts: of OpenLDAP `contextCSN` of a suffix (RFC 4533), of Active Directory `highestCommittedUSN` of one
        /// `invocationId`.
        public var scope: String
        /// Which server wrote it, among those of one scope; empty where there is one.
        public var server: String
        public var value: String

        public init(scope: String, server: String = "", value: String) {
            self.scope = scope
            self.server = server
            self.value = value
        }

        fileprivate var key: [String] { [scope, server] }
    }

    public var counters: [Counter]
    /// Times at which entries were changed, by identity (generalized time, RFC 4517, 3.3.13): the newest there are, and
    /// those that were asked for. Of an entry that is still there they only grow. Empty where they say nothing.
    public var newest: [String: String]

    /// So many of the newest are kept.
    public static let newestCount = 16

    public init(counters: [Counter] = [], newest: [String: String] = [:]) {
        self.counters = counters
        self.newest = newest
    }

    /// Why the directory is not as far as it was; nil if nothing says so.
    public func regression(since earlier: DirectoryClock) -> String? {
        let now = Dictionary(counters.map { ($0.key, $0.value) }, uniquingKeysWith: max)
        let scopes = Set(counters.map(\.scope))
        for before in earlier.counters where scopes.contains(before.scope) {
            let name = before.server.isEmpty ? before.scope : "\(before.scope), server \(before.server)"
            guard let value = now[before.key] else {
                return Self.wentBack("\(name), was \(before.value) and is not there")
            }
            if value < before.value { return Self.wentBack("\(name), from \(before.value) to \(value)") }
        }
        for (entry, time) in newest.sorted(by: { $0.key < $1.key }) {
            guard let before = earlier.newest[entry], time < before else { continue }
            return Self.wentBack("the entry \(entry) was changed at \(before), and now shows \(time)")
        }
        return nil
    }

    private static func wentBack(_ what: String) -> String {
        "the directory went back (\(what)): it was restored, or a replica is behind; all waits for approval"
    }

    /// What counts from now on, once a person has approved a reading that is behind an earlier one. Of its entries only
    /// those that it told: what others showed before is not true any more.
    public func replacing(_ earlier: DirectoryClock) -> DirectoryClock {
        DirectoryClock(
            counters: following(earlier, isWhole: true).counters, newest: Self.newest(of: newest))
    }

    private static func newest(of times: [String: String]) -> [String: String] {
        let order = times.sorted { ($0.value, $0.key) > ($1.value, $1.key) }
        return Dictionary(order.prefix(newestCount).map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    }

    /// With what is known of servers and entries that were not read this time.
    /// - Parameter isWhole: whether all entries were read; of a part nothing goes back.
    public func following(_ earlier: DirectoryClock, isWhole: Bool) -> DirectoryClock {
        var values = Dictionary(earlier.counters.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
        for counter in counters {
            if !isWhole, let known = values[counter.key], known.value > counter.value { continue }
            values[counter.key] = counter
        }
        return DirectoryClock(
            counters: values.values.sorted { $0.key.lexicographicallyPrecedes($1.key) },
            newest: isWhole && !newest.isEmpty ? Self.newest(of: newest) : earlier.newest)
    }
}
