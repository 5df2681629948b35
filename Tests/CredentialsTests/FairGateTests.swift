import Synchronization
import Testing

@testable import Credentials

@Suite struct FairGateTests {
    /// Calls that end when told, in the order in which they began.
    private final class Work: Sendable {
        private let begun = Mutex<[(String, CheckedContinuation<Void, Never>)]>([])
        private let refused = Mutex<[String]>([])

        func start(_ client: String, at gate: FairGate) -> Task<Void, Never> {
            Task {
                do {
                    try await gate.run(for: client) {
                        await withCheckedContinuation { end in self.begun.withLock { $0.append((client, end)) } }
                    }
                } catch {
                    self.refused.withLock { $0.append(client) }
                }
            }
        }

        var running: [String] { begun.withLock { $0.map(\.0) } }
        var refusals: [String] { refused.withLock { $0 } }

        /// Ends the call that began first.
        func endOne() { begun.withLock { $0.isEmpty ? nil : $0.removeFirst().1 }?.resume() }
    }

    /// Starts calls one behind the other, each when the one before it runs, waits or was refused.
    private func start(_ clients: [String], at gate: FairGate, _ work: Work) async throws -> [Task<Void, Never>] {
        var calls: [Task<Void, Never>] = []
        for client in clients {
            let before = gate.waiting + work.running.count + work.refusals.count
            calls.append(work.start(client, at: gate))
            try await reach { gate.waiting + work.running.count + work.refusals.count > before }
        }
        return calls
    }

    /// Awaits a state that calls on other threads bring about.
    private func reach(_ condition: () -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while !condition() {
            guard ContinuousClock.now < deadline else {
                Issue.record("it did not come to that")
                return
            }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    private func order(of clients: [String], limit: Int, capacity: Int) async throws -> (
        ran: [String], refused: [String]
    ) {
        let (gate, work) = (FairGate(limit: limit, capacity: capacity), Work())
        let calls = try await start(clients, at: gate, work)
        var ran: [String] = []
        while ran.count + work.refusals.count < clients.count {
            try await reach { !work.running.isEmpty }
            ran.append(work.running[0])
            work.endOne()
        }
        for call in calls { await call.value }
        #expect(gate.waiting == 0)
        return (ran, work.refusals)
    }

    @Test(arguments: [
        (["a", "a", "a", "a", "b", "c"], ["a", "a", "b", "c", "a", "a"]),
        (["a", "b", "b", "b", "a", "a"], ["a", "b", "a", "b", "a", "b"]),
        (["a", "a", "a"], ["a", "a", "a"]),
    ])
    func `clients take turns`(_ clients: [String], _ expected: [String]) async throws {
        let (ran, refused) = try await order(of: clients, limit: 1, capacity: 10)
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
    ) async throws {
        let (ran, refused) = try await order(of: clients, limit: 1, capacity: 3)
        #expect(ran == expected && refused == refusals)
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
