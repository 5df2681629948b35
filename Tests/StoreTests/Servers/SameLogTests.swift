import AccessControl
import AccessModel
import ReferenceModel
import Synchronization
import Testing

@testable import SQLStore

/// Whatever happens in a world, both engines keep the same.
struct SameLogTests {
    /// One of `CSPRNG`'s stead, which gives each transaction another key and each engine the same ones.
    private static func salts() -> @Sendable () -> SaltSource {
        let count = Mutex<UInt8>(0)
        return {
            SaltSource(
                key: count.withLock { count in
                    count &+= 1
                    return [count] + [UInt8](repeating: 7, count: 31)
                })
        }
    }

    private struct Kept: Equatable {
        var log: String
        var head: String
        var facts: [Fact]
        var faults: [String]
    }

    private static func keep(_ transactions: [[Change]], on engine: Engine) async throws -> Kept {
        let store = try await TestStore(engine, salts: salts())
        for changes in transactions {
            try await store.store.write(as: .service) { (writer) throws(AccessError) in
                for change in changes {
                    try writer.record(change, reason: "seeded", secret: change.after?.secret)
                }
            }
            store.clock.advance(by: .seconds(1))
        }
        let proof = try await store.verify()
        return Kept(
            log: try await store.rawLog(), head: proof.head, facts: try await store.facts(), faults: proof.faults)
    }

    @Test(arguments: UInt64(1)...12)
    func `random worlds give the same log, head and rows on every engine`(_ seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        // Some begin with more rows of a table than are sent one by one.
        var world = RandomWorld.make(events: seed.isMultiple(of: 4) ? 1_500 : 0, using: &random)
        if seed.isMultiple(of: 3) { world = RandomControlChange.begin(world, events: 200, using: &random) }
        var transactions: [[Change]] = [world.facts.map(Change.insert)]
        for number in 0..<40 {
            var changes: [Change] = []
            for _ in 0...random.below(4) {
                changes +=
                    seed.isMultiple(of: 3) && number.isMultiple(of: 2)
                    ? RandomControlChange.next(in: &world, growth: 70, using: &random)
                    : RandomChange.next(in: &world, growth: 70, using: &random)
            }
            transactions.append(changes)
        }
        let kept = try await Self.keep(transactions, on: .sqlite)
        #expect(kept.faults == [] && kept.log.split(separator: "\n").count > 40)
        for engine in Engine.allCases {
            let other = try await Self.keep(transactions, on: engine)
            #expect(other == kept, "\(engine)")
        }
    }
}
