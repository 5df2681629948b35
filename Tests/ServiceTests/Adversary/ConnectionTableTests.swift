import ReferenceModel
import Testing

@testable import Server

/// Who makes room when there are too many connections.
struct ConnectionTableTests {
    @Test func `an address that has its share loses its longest idle connection, and nobody else does`() {
        var table = ConnectionTable<Int>(limit: 100, addressLimit: 3)
        #expect(table.open(0, from: "other").isEmpty)
        for id in 1...3 { #expect(table.open(id, from: "greedy").isEmpty) }
        table.beginRequest(on: 1)
        table.beginWork(on: 1)
        #expect(table.open(4, from: "greedy") == [2], "1 is at work, and 2 has been idle for longest")
        #expect(table.count == 4)
    }

    @Test func `an address whose connections are all at work gets no more`() {
        var table = ConnectionTable<Int>(limit: 100, addressLimit: 2)
        for id in 1...2 {
            #expect(table.open(id, from: "greedy").isEmpty)
            table.beginRequest(on: id)
            table.beginWork(on: id)
        }
        #expect(table.open(3, from: "greedy") == [3])
        table.endRequest(on: 1)
        #expect(table.open(4, from: "greedy") == [1])
    }

    @Test func `requests that never arrive make room behind idle connections, the longest first`() {
        var table = ConnectionTable<Int>(limit: 100, addressLimit: 3)
        for id in 1...3 { #expect(table.open(id, from: "slow").isEmpty) }
        for id in [2, 1, 3] { table.beginRequest(on: id) }
        #expect(table.open(4, from: "slow") == [2], "its request has been arriving for longest")
        #expect(table.open(5, from: "slow") == [4], "it is idle")
        table.beginRequest(on: 5)
        table.beginWork(on: 1)
        #expect(table.open(6, from: "slow") == [3])
    }

    @Test func `a proxy speaks for many, and has no share`() {
        var table = ConnectionTable<Int>(limit: 100, addressLimit: 2)
        for id in 1...50 { #expect(table.open(id, from: nil).isEmpty) }
    }

    @Test(arguments: UInt64(1)...20)
    func `room is made for every newcomer as long as anybody is idle, and never at the cost of a request`(
        seed: UInt64
    ) {
        var random = SplitMix64(seed: seed)
        var table = ConnectionTable<Int>(limit: 64, addressLimit: 16)
        var busy: Set<Int> = []
        var idle: Set<Int> = []
        for id in 1...2_000 {
            let closed = table.open(id, from: "10.0.0.\(random.below(40))")
            idle.insert(id)
            #expect(busy.isDisjoint(with: closed), "seed \(seed): a request under way was cut off")
            #expect(closed == [id] || !closed.contains(id))
            idle.subtract(closed)
            #expect(table.count == busy.count + idle.count)
            #expect(table.count <= table.limit || idle.isEmpty, "seed \(seed): the table is too full")
            switch random.below(4) {
            case 0:
                guard let chosen = idle.sorted().dropFirst(random.below(max(1, idle.count))).first, busy.count < 40
                else { continue }
                table.beginRequest(on: chosen)
                table.beginWork(on: chosen)
                idle.remove(chosen)
                busy.insert(chosen)
            case 1:
                guard let chosen = busy.min() else { continue }
                table.endRequest(on: chosen)
                busy.remove(chosen)
                idle.insert(chosen)
            case 2:
                guard let chosen = busy.max() ?? idle.max() else { continue }
                table.close(chosen)
                busy.remove(chosen)
                idle.remove(chosen)
            default: break
            }
        }
    }

    @Test(arguments: [(1_024, 896), (20_000, 10_000), (130, 16), (0, 16), (Int.max, 10_000)])
    func `a part of what the process may open is never given to connections`(files: Int, connections: Int) {
        #expect(OpenFileLimit.connections(under: files) == connections)
    }
}
