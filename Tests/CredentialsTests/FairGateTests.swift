import Testing

@testable import Credentials

@Suite struct FairGateTests {
    /// What becomes of calls of these clients that come while the first of them runs: who ran, in that order, and
    /// who was refused.
    private func outcome(of clients: [String], capacity: Int) -> (ran: [String], refused: [String]) {
        var queue = FairQueue<String>(limit: 1, capacity: capacity)
        var (ran, refused): ([String], [String]) = ([], [])
        for client in clients {
            switch queue.admit(client, of: client) {
            case .runs: ran.append(client)
            case .waits: break
            case .isRefused: refused.append(client)
            case .replaces(let other): refused.append(other)
            }
        }
        while let next = queue.end() { ran.append(next) }
        #expect(queue.count == 0)
        return (ran, refused)
    }

    @Test(arguments: [
        (["a", "a", "a", "a", "b", "c"], ["a", "a", "b", "c", "a", "a"]),
        (["a", "b", "b", "b", "a", "a"], ["a", "b", "a", "b", "a", "b"]),
        (["a", "a", "a"], ["a", "a", "a"]),
    ])
    func `clients take turns`(_ clients: [String], _ expected: [String]) {
        let (ran, refused) = outcome(of: clients, capacity: 10)
        #expect(ran == expected && refused == [])
    }

    @Test(arguments: [
        // One that waits makes room for one that has none waiting, and its own next one is refused.
        (["a", "a", "a", "a", "b"], ["a", "a", "b", "a"], ["a"]),
        (["a", "a", "a", "a", "b", "c"], ["a", "a", "b", "c"], ["a", "a"]),
        (["a", "a", "a", "a", "a"], ["a", "a", "a", "a"], ["a"]),
        // Nobody has more than the one who comes.
        (["a", "a", "b", "c", "d"], ["a", "a", "b", "c"], ["d"]),
        (["a", "a", "a", "b", "b"], ["a", "a", "b", "a"], ["b"]),
    ])
    func `a full queue takes from whoever has most`(
        _ clients: [String], _ expected: [String], _ refusals: [String]
    ) {
        let (ran, refused) = outcome(of: clients, capacity: 3)
        #expect(ran == expected && refused == refusals)
    }

    @Test func `as many run at a time as may`() {
        func runs(_ admission: FairQueue<Int>.Admission) -> Bool { if case .runs = admission { true } else { false } }
        var queue = FairQueue<Int>(limit: 2, capacity: 1)
        #expect(runs(queue.admit(0, of: "a")) && runs(queue.admit(1, of: "a")) && !runs(queue.admit(2, of: "a")))
        #expect(queue.end() == 2 && queue.end() == nil)
        #expect(runs(queue.admit(3, of: "a")))
    }

    @Test func `a failure frees its place`() async throws {
        let gate = FairGate(limit: 1, capacity: 0)
        struct Failure: Error {}
        for _ in 0..<3 {
            await #expect(throws: Failure.self) { try await gate.run(for: "a") { throw Failure() } }
        }
        #expect(try await gate.run(for: "a") { 1 } == 1)
    }
}
