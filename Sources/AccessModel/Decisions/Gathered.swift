/// Principals or repositories with the levels that they were found with, some more than once.
struct Gathered {
    /// What was found, above its level.
    private var words: [UInt64] = []

    var isEmpty: Bool { words.isEmpty }

    @inline(__always)
    mutating func add(_ principal: PrincipalIndex, _ level: AccessLevel) {
        words.append(principal.word << 2 | UInt64(level.rank))
    }

    @inline(__always)
    mutating func add(_ repository: Int32, _ level: AccessLevel) {
        words.append(UInt64(UInt32(bitPattern: repository)) << 2 | UInt64(level.rank))
    }

    /// Each once, in order.
    consuming func places() -> [UInt64] {
        var words = words
        return Self.unique(&words).map(\.word)
    }

    /// Each but those that `isApart` once, with its highest level.
    consuming func highest(
        where isApart: (UInt64) -> Bool, into apart: inout Gathered
    ) -> [(word: UInt64, level: AccessLevel)] {
        var rest: [UInt64] = []
        apart.words.reserveCapacity(words.count)
        for word in words {
            if isApart(word >> 2) { apart.words.append(word & 0x3_FFFF_FFFF) } else { rest.append(word) }
        }
        return Self.unique(&rest)
    }

    /// Each index once, with its highest level: those with a rank by it and in its order, and the others.
    consuming func inOrder<Name>(
        _ ranks: NameRanks.Ranks<Name>?
    ) -> (ranked: [(rank: Int, level: AccessLevel)], unranked: [(index: Int32, level: AccessLevel)]) {
        var words = words
        guard let ranks else { return ([], Self.unique(&words).map { (Int32(truncatingIfNeeded: $0.word), $0.level) }) }
        var others: [UInt64] = []
        var ranked: [UInt64] = []
        ranked.reserveCapacity(words.count)
        for word in words {
            if let rank = ranks[Int32(truncatingIfNeeded: word >> 2)] {
                ranked.append(UInt64(rank) << 2 | word & 3)
            } else {
                others.append(word)
            }
        }
        // Where more than a little of everything was found, to mark it takes less than to sort it.
        let inOrder =
            ranked.count > ranks.names.count / 512
            ? Self.marked(ranked, ranks.names.count) : Self.unique(&ranked).map { (Int($0.word), $0.level) }
        return (inOrder, Self.unique(&others).map { (Int32(truncatingIfNeeded: $0.word), $0.level) })
    }

    /// Marks the level of each rank in a byte of its own, and reads the marks eight at a time.
    private static func marked(_ words: [UInt64], _ count: Int) -> [(rank: Int, level: AccessLevel)] {
        let size = (count + 7) & ~7
        return withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { levels in
            levels.initializeMemory(as: UInt8.self, repeating: 0)
            for word in words {
                let rank = Int(word >> 2)
                levels[rank] = max(levels[rank], UInt8(truncatingIfNeeded: word & 3))
            }
            var result: [(rank: Int, level: AccessLevel)] = []
            result.reserveCapacity(words.count)
            for start in stride(from: 0, to: size, by: 8) {
                var marks = UInt64(littleEndian: levels.load(fromByteOffset: start, as: UInt64.self))
                while marks != 0 {
                    let place = marks.trailingZeroBitCount & ~7
                    result.append((start + place / 8, AccessLevel(rank: UInt8(truncatingIfNeeded: marks >> place))))
                    marks &= ~(0xFF << place)
                }
            }
            return result
        }
    }

    private static func unique(_ words: inout [UInt64]) -> [(word: UInt64, level: AccessLevel)] {
        words.sort()
        var result: [(word: UInt64, level: AccessLevel)] = []
        result.reserveCapacity(words.count)
        for place in words.indices where place + 1 == words.count || words[place] >> 2 != words[place + 1] >> 2 {
            result.append((words[place] >> 2, AccessLevel(rank: UInt8(truncatingIfNeeded: words[place] & 3))))
        }
        return result
    }
}
