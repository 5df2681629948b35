import ReferenceModel
import Testing

@testable import AccessModel

struct HashIndexTests {
    /// Against a dictionary, with hashes that often meet, and a copy that must not change.
    @Test(arguments: 1...20) func `a table holds what was put in and not taken out`(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var table = HashIndex()
        var expected: [Int32: UInt64] = [:]
        var copies: [(table: HashIndex, expected: [Int32: UInt64])] = []
        for number in Int32(0)..<2_000 {
            // Few shards and few homes, so that entries stand in each other's way.
            let hash = UInt64(random.below(3)) << 56 | UInt64(random.below(40))
            if random.chance(percent: 60) {
                table.insert(number, hash)
                expected[number] = hash
            } else if let gone = expected.keys.sorted().dropFirst(random.below(max(1, expected.count))).first,
                let hash = expected.removeValue(forKey: gone)
            {
                table.remove(gone, hash)
            }
            if number % 500 == 0 { copies.append((table, expected)) }
        }
        for (table, expected) in copies + [(table, expected)] {
            let hashes = Set(expected.values).union([5, 1 << 56 | 7])
            for number in stride(from: Int32(0), to: 2_000, by: 7) {
                for hash in hashes {
                    let found = table.find(hash) { $0 == number }
                    if found != (expected[number] == hash ? number : nil) { Issue.record("\(number) by \(hash)") }
                }
            }
        }
    }

    @Test func `taking out what is not there does nothing`() {
        var table = HashIndex()
        table.remove(1, 1)
        table.insert(1, 1)
        table.remove(2, 1)
        table.remove(1, 2)
        #expect(table.find(1) { _ in true } == 1)
    }
}
