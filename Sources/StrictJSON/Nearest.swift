extension Sequence<String> {
    /// The name that a mistyped one was meant to be: at most two letters are missing, too many, other ones, or
    /// exchanged with their neighbour, and a third of them at the most; or it is the beginning of one name only. The case of
    /// letters does not count.
    package func nearest(to name: String) -> String? {
        let most = Swift.min(2, name.count / 3)
        let candidates = map { (name: $0, distance: Self.distance(name.lowercased(), $0.lowercased())) }
        if let near = candidates.filter({ $0.distance <= most }).min(by: { $0.distance < $1.distance }) {
            return near.name
        }
        let longer = name.count < 3 ? [] : candidates.filter { $0.name.lowercased().hasPrefix(name.lowercased()) }
        return longer.count == 1 ? longer[0].name : nil
    }

    /// Optimal string alignment.
    private static func distance(_ first: String, _ second: String) -> Int {
        let (a, b) = (Array(first.utf8.prefix(60)), Array(second.utf8.prefix(60)))
        var before: [Int] = []
        var row = Array(0...b.count)
        for i in a.indices {
            var next = [i + 1] + Array(repeating: 0, count: b.count)
            for j in b.indices {
                let change = row[j] + (a[i] == b[j] ? 0 : 1)
                next[j + 1] = Swift.min(change, row[j + 1] + 1, next[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    next[j + 1] = Swift.min(next[j + 1], before[j - 1] + 1)
                }
            }
            (before, row) = (row, next)
        }
        return row[b.count]
    }
}
