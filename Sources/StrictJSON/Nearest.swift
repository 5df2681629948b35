extension Sequence<String> {
    /// The name that a mistyped one was meant to be: at most two letters are missing, too many, other ones, or
    /// exchanged with their neighbour, and a third of them at the most; or it is the beginning of one name only. The case of
    /// letters does not count.
    /// - Parameter effort: how many names of about that length are compared; those behind them are not found.
    package func nearest(to name: String, effort: Int = .max) -> String? {
        let wanted = Array(name.lowercased().utf8.prefix(60))
        let most = Swift.min(2, name.count / 3)
        var left = effort
        var best: (name: String, distance: Int)?
        var longer: [String] = []
        for candidate in self {
            // Of many names most are told by their length.
            let difference = candidate.utf8.count - name.utf8.count
            guard abs(difference) <= most || difference > 0 && longer.count < 2 && wanted.count > 2 else { continue }
            guard left > 0 else { break }
            left -= 1
            let letters = Array(candidate.lowercased().utf8.prefix(60))
            if wanted.count > 2, longer.count < 2, letters.starts(with: wanted) { longer.append(candidate) }
            guard abs(letters.count - wanted.count) <= most else { continue }
            let distance = Self.distance(wanted, letters)
            if distance <= most, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name ?? (longer.count == 1 ? longer[0] : nil)
    }

    /// Optimal string alignment.
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
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
