import Foundation
import Synchronization
import TestSupport
import Testing

/// The change log as a stream of a real server.
@Suite(.timeLimit(.minutes(5)))
struct EventStreamTests {
    @Test func `the log is followed live, taken up where it was left, and ends with the service`() async throws {
        let server = try await PortreeveProcess.start()
        let company = server.installation
        let url = "\(company.url)/v1/changes"
        let credential = company.admin
        let seen = Mutex<[Int]>([])
        // From the beginning; whatever a command writes to the file comes too.
        try await HTTPCall.listen(url, as: credential) { event in
            let count = seen.withLock { seen in
                seen.append(event.id.flatMap { Int($0) } ?? -1)
                return seen.count
            }
            if count == 1 { try await company.run(["org", "create", "acme"]).required() }
            return !(event.data?.contains("\"acme\"") ?? false)
        }
        let first = seen.withLock { $0 }
        #expect(first == Array(1...first.count))
        seen.withLock { $0 = [] }
        let started = Date()
        let follower = Task {
            try await HTTPCall.listen(url, as: credential, lastEventID: String(first.count)) { event in
                seen.withLock { $0.append(event.id.flatMap { Int($0) } ?? -1) }
                return true
            }
        }
        try await company.run(["team", "create", "acme/ops"]).required()
        try await poll(for: .seconds(30), "the team") { seen.withLock { $0.isEmpty } ? nil : () }
        #expect(seen.withLock { $0 } == [first.count + 1])
        try await server.stop()
        try await follower.value
        #expect(Date().timeIntervalSince(started) < 60, "nobody waits for a stream to end by itself")
        company.remove()
    }
}
