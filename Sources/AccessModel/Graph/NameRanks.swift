/// What accounts and repositories are called, in the order of their names, so that long lists are put into
/// order by number and read from one place. Made once, of everything that is there; what comes or changes
/// later has no rank and is put between by name.
struct NameRanks: Sendable {
    /// Of active accounts.
    var accounts: Ranks<AccountName>
    var repositories: Ranks<RepositoryPath>

    struct Ranks<Name: Sendable>: Sendable {
        /// In the order of their ranks.
        let names: ContiguousArray<Name>
        /// The rank of each index; -1 for none.
        private var ranks = ChunkedArray<Int32>()

        /// - Parameters:
        ///   - order: what has a rank, in its order.
        ///   - count: how many indices there are, with a rank or without.
        init(_ order: [Int32], of count: Int, name: (Int32) -> Name) {
            names = ContiguousArray(order.lazy.map(name))
            for _ in 0..<count { _ = ranks.append(-1) }
            for (rank, index) in order.enumerated() { ranks[index] = Int32(rank) }
        }

        /// nil for what came or changed later.
        @inline(__always)
        subscript(index: Int32) -> Int32? {
            guard Int(index) < ranks.count else { return nil }
            let rank = ranks[index]
            return rank < 0 ? nil : rank
        }

        /// It is called something else, or not told any more.
        mutating func forget(_ index: Int32) {
            if self[index] != nil { ranks[index] = -1 }
        }
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
        ranks = NameRanks(
            accounts: .init(byName.filter { accounts[$0].isActive }, of: accounts.count) { accounts[$0].name },
            repositories: .init(byPath, of: repositories.count) { path(of: $0) })
    }
}
