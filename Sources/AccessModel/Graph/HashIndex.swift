/// Finds an index by the hash of what is there. Holds no keys, as the rows have them:
/// eight bytes an entry, whatever it is called. In shards that copies share: a change to a
/// copy costs one shard, not the whole table.
struct HashIndex: Sendable {
    private static let shardCount = 256

    /// Open addressing. A free slot is 0; any other holds a part of the hash above the index plus one.
    fileprivate struct Shard: Sendable {
        var slots: ContiguousArray<UInt64> = []
        var count = 0
    }

    private var shards = ContiguousArray(repeating: Shard(), count: shardCount)

    /// The index that was inserted with this hash and that `matches` says is the one.
    @inline(__always)
    func find(_ hash: UInt64, where matches: (Int32) -> Bool) -> Int32? {
        shards[Self.shard(of: hash)].slots.withUnsafeBufferPointer { slots in
            guard !slots.isEmpty else { return nil }
            let tag = UInt32(truncatingIfNeeded: hash)
            var place = Int(tag) & (slots.count - 1)
            while slots[place] != 0 {
                let index = Int32(truncatingIfNeeded: slots[place]) &- 1
                if UInt32(truncatingIfNeeded: slots[place] >> 32) == tag, matches(index) { return index }
                place = (place + 1) & (slots.count - 1)
            }
            return nil
        }
    }

    /// What `find` most likely gives, without a look at what is there; nil for what is surely not there. Whoever looks
    /// up two things asks for both first, so that the memory is waited for once.
    @inline(__always)
    func guess(_ hash: UInt64) -> Int32? { find(hash) { _ in true } }

    /// `find` after `guess`.
    @inline(__always)
    func find(_ hash: UInt64, guessed guess: Int32?, where matches: (Int32) -> Bool) -> Int32? {
        guard let guess else { return nil }
        return matches(guess) ? guess : find(hash, where: matches)
    }

    mutating func insert(_ index: Int32, _ hash: UInt64) {
        shards[Self.shard(of: hash)].insert(Self.slot(index, hash))
    }

    mutating func remove(_ index: Int32, _ hash: UInt64) {
        shards[Self.shard(of: hash)].remove(Self.slot(index, hash))
    }

    private static func shard(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash >> 56) & (shardCount - 1) }

    private static func slot(_ index: Int32, _ hash: UInt64) -> UInt64 {
        hash << 32 | UInt64(UInt32(bitPattern: index) + 1)
    }
}

extension HashIndex.Shard {
    fileprivate mutating func insert(_ slot: UInt64) {
        // Three quarters full at the most, so that a search for what is not there ends soon.
        if (count + 1) * 4 > slots.count * 3 { grow() }
        place(slot)
        count += 1
    }

    fileprivate mutating func remove(_ slot: UInt64) {
        guard !slots.isEmpty else { return }
        let mask = slots.count - 1
        var hole = home(of: slot)
        while slots[hole] != slot {
            guard slots[hole] != 0 else { return }
            hole = (hole + 1) & mask
        }
        // Those behind move up, unless that would be before their own place.
        var next = (hole + 1) & mask
        while slots[next] != 0 {
            let distance = (next - home(of: slots[next])) & mask
            if distance >= (next - hole) & mask {
                slots[hole] = slots[next]
                hole = next
            }
            next = (next + 1) & mask
        }
        slots[hole] = 0
        count -= 1
    }

    private mutating func grow() {
        let old = slots
        slots = ContiguousArray(repeating: 0, count: max(8, old.count * 2))
        for slot in old where slot != 0 { place(slot) }
    }

    private mutating func place(_ slot: UInt64) {
        var place = home(of: slot)
        while slots[place] != 0 { place = (place + 1) & (slots.count - 1) }
        slots[place] = slot
    }

    private func home(of slot: UInt64) -> Int { Int(truncatingIfNeeded: slot >> 32) & (slots.count - 1) }
}
