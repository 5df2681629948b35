/// The notes of a run by their ids, as ranges: runs that have nearly the same notes have nearly the same few ranges.
struct SyncNoteList: Equatable {
    /// Ascending, apart from each other.
    private(set) var ranges: [ClosedRange<Int64>] = []

    init(_ ids: some Sequence<Int64>) {
        for id in ids.sorted() { append(id...id) }
    }

    /// The form of its column: `1-3000,3005`; nil for any other text.
    init?(_ text: String) {
        for part in text.split(separator: ",") {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count < 3, first <= last else {
                return nil
            }
            ranges.append(first...last)
        }
    }

    /// All that some of them name.
    init(uniting lists: some Sequence<SyncNoteList>) {
        for range in lists.flatMap(\.ranges).sorted(by: { $0.lowerBound < $1.lowerBound }) { append(range) }
    }

    var text: String {
        ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
    }

    /// Adds a range that begins behind the beginnings of all others.
    private mutating func append(_ range: ClosedRange<Int64>) {
        guard let last = ranges.last, range.lowerBound <= last.upperBound + 1 else { return ranges.append(range) }
        ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
    }
}
