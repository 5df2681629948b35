/// How far the servers of a directory had come when it was read. A directory that was restored from an earlier state, or
/// a replica behind the others, shows an earlier one.
public struct DirectoryClock: Hashable, Sendable, Codable {
    /// What only grows, by who counts, in a form that compares as text: of OpenLDAP each change sequence number of
    /// `contextCSN` by its server id (RFC 4533, `csn 001`), of Active Directory `highestCommittedUSN` by the server's
    /// `invocationId`.
    public var counters: [String: String]
    /// The newest time of a change that an entry showed (generalized time, RFC 4517, 3.3.13); empty if none did.
    public var newestChange: String

    public init(counters: [String: String] = [:], newestChange: String = "") {
        self.counters = counters
        self.newestChange = newestChange
    }

    /// Why the directory is not as far as it was; nil if nothing says so. The newest change is asked only where no counter
    /// is in both: it goes back by itself when the entry that showed it is deleted.
    public func regression(since earlier: DirectoryClock) -> String? {
        let known = counters.keys.filter { earlier.counters[$0] != nil }.sorted()
        for counter in known {
            guard let before = earlier.counters[counter], let now = counters[counter], now < before else { continue }
            return
                "the directory has gone back (\(counter) was \(before) and is \(now)): it was restored, or a replica is behind"
        }
        guard known.isEmpty, !newestChange.isEmpty, newestChange < earlier.newestChange else { return nil }
        return
            "the directory has gone back (its newest change was of \(earlier.newestChange) and is of \(newestChange)): "
            + "it was restored, or a replica is behind"
    }

    /// With what is known of servers that did not answer this time.
    /// - Parameter isWhole: whether all entries were read.
    public func following(_ earlier: DirectoryClock, isWhole: Bool) -> DirectoryClock {
        DirectoryClock(
            counters: earlier.counters.merging(counters) { $1 },
            newestChange: isWhole && !newestChange.isEmpty ? newestChange : max(newestChange, earlier.newestChange))
    }
}
