import AccessModel
import Synchronization
import Testing

@testable import AccessControl

struct PastGateTests {
    /// Holds questions until it is opened.
    private final class Latch: Sendable {
        private let state = Mutex((isOpen: false, entered: 0, most: 0, inside: 0, refused: 0))

        var entered: Int { state.withLock { $0.entered } }
        var most: Int { state.withLock { $0.most } }
        var refused: Int { state.withLock { $0.refused } }
        func refuse() { state.withLock { $0.refused += 1 } }
        func open() { state.withLock { $0.isOpen = true } }

        func pass() async {
            state.withLock { state in
                state.entered += 1
                state.inside += 1
                state.most = max(state.most, state.inside)
            }
            while !state.withLock({ $0.isOpen }) { await Task.yield() }
            state.withLock { $0.inside -= 1 }
        }
    }

    private static func user(_ number: Int) -> Actor { .user(AccountID(rawValue: "user-\(number)")) }

    /// How many of so many questions at once are refused, and how many went on.
    private static func ask(_ count: Int, callers: Int) async throws -> (refused: Int, entered: Int, atOnce: Int) {
        let gate = PastGate()
        let latch = Latch()
        let expected = count - min(PastGate.limit, callers * PastGate.callerLimit)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                group.addTask {
                    do throws(AccessError) {
                        try await gate.pass(Self.user(number % callers)) { await latch.pass() }
                    } catch {
                        #expect(error == .tooManyQuestions(retryAfter: 1))
                        latch.refuse()
                    }
                }
            }
            while latch.refused < expected { await Task.yield() }
            latch.open()
        }
        // Whoever was let in has left.
        for number in 0..<20 { try await gate.pass(Self.user(number)) {} }
        return (latch.refused, latch.entered, latch.most)
    }

    @Test(arguments: [(50, 10, 8), (3, 1, 2), (9, 3, 6), (8, 8, 8)])
    func `two of one caller and eight in all are let in, one after the other, and the rest refused`(
        count: Int, callers: Int, letIn: Int
    ) async throws {
        let found = try await Self.ask(count, callers: callers)
        #expect(found == (count - letIn, letIn, 1))
    }
}
