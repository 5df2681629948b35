/// The places of accounts and repositories in the order of their names, so that long lists are put into
/// order by number. Made once, of everything that is there; what comes or is renamed later has no rank and
/// is compared by name.
struct NameRanks: Sendable {
    var accounts: Ranks
    var repositories: Ranks

    struct Ranks: Sendable {
        /// The rank of each index.
        private var ranks: ContiguousArray<Int32>
        /// The index of each rank.
        private(set) var order: ContiguousArray<Int32>
        /// What has another name by now.
        private var renamed: Set<Int32> = []

        init(_ order: ContiguousArray<Int32>) {
            self.order = order
            ranks = ContiguousArray(repeating: 0, count: order.count)
            for (rank, index) in order.enumerated() { ranks[Int(index)] = Int32(rank) }
        }

        /// nil for what came or was renamed later.
        @inline(__always)
        subscript(index: Int32) -> Int32? {
            guard Int(index) < ranks.count, renamed.isEmpty || !renamed.contains(index) else { return nil }
            return ranks[Int(index)]
        }

        mutating func rename(_ index: Int32) { renamed.insert(index) }
    }
}

extension AccessGraph {
    /// Prepares for long answers: from now on what is there is put into order by number. Takes as long
    /// as sorting all names.
    public mutating func rankNames() {
        let byName = NameOrder.sorted(Array(accounts.indices)) { accounts[$0].name.rawValue }
        // A namespace's repositories stand together, and it among the others with the slash behind its name.
        var places: [Int32: Int32] = [:]
        let namespaces = byName.filter { !accounts[$0].repositories.isEmpty }
            .sorted { RepositoryPath.precedes(accounts[$0].name, accounts[$1].name) }
        for (place, namespace) in namespaces.enumerated() { places[namespace] = Int32(place) }
        let byPath = NameOrder.sorted(
            Array(repositories.indices), in: { places[repositories[$0].namespace] ?? -1 },
            by: { repositories[$0].name })
        ranks = NameRanks(accounts: .init(ContiguousArray(byName)), repositories: .init(ContiguousArray(byPath)))
    }
}
