import AccessControl
import AccessModel
import Foundation
import Server
import Synchronization
import TestSupport
import Testing

/// The change log, followed live.
@Suite(.timeLimit(.minutes(5)))
struct FollowChangesTests {
    private static let world: [SeedLine] = [
        .user("root", admin: true), .user("olga"), .org("acme"), .member("acme", "olga", "owner"), .org("other"),
    ]

    private static let root = Caller(actor: .local("test"), proof: .file)

    /// Writes as several at once do, some of them another process, and follows meanwhile.
    @Test func `whoever writes, each entry comes once and in order`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let seen = Mutex<[Revision]>([])
            let access = service.service
            let start = access.transactions.published.current.revision
            let follower = Task {
                try await access.transactions.follow(ListChanges(ChangeSelection(after: start)), as: Self.root) {
                    entries in
                    seen.withLock { $0 += entries.map(\.entry.revision) }
                }
            }
            let file = try await LocalService.open(service.assembly.settings)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<4 {
                    group.addTask {
                        for number in 0..<25 {
                            let name = "r-\(writer)-\(number)"
                            if writer == 0 {
                                let body = Data(#"{"namespace":"acme","name":"\#(name)"}"#.utf8)
                                let answer = try await file.respond(
                                    method: "POST", path: "/v1/repositories",
                                    headers: [("Content-Type", "application/json")], body: body)
                                #expect(answer.status == 201)
                                // As a service does fifty times a second.
                                try await access.transactions.catchUp()
                            } else {
                                try await service.load([.repository("acme/\(name)")])
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let all = Array(start + 1...start + 100)
            try await poll(for: .seconds(60), "a hundred entries") { seen.withLock { $0.count } >= 100 ? () : nil }
            #expect(seen.withLock { $0 } == all)
            access.transactions.published.end()
            #expect(try await end(of: follower) == nil)
            await file.close()
        }
    }

    /// As many streams as one caller may have.
    private func followers(of service: TestService) async throws -> [Task<Void, any Error>] {
        let transactions = service.service.transactions
        let root = try #require(transactions.published.current.accountID(named: AccountName("root")))
        let caller = Caller(actor: .user(root), proof: .password)
        let followers = (1...16).map { _ in
            Task { try await transactions.follow(ListChanges(), as: caller) { _ in } }
        }
        try await poll(for: .seconds(30), "sixteen followers") { transactions.followerCount == 16 ? () : nil }
        return followers
    }

    @Test func `who has as many streams as allowed is refused before another begins`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let followers = try await followers(of: service)
            let refused = try await service.get("/v1/changes", as: "root", headers: ["Accept": "text/event-stream"])
            #expect(refused.status == 429 && refused["Retry-After"] == "15")
            #expect(try await service.get("/v1/changes", as: "root").status == 200)
            service.service.transactions.published.end()
            for follower in followers { _ = await follower.result }
            #expect(service.service.transactions.followerCount == 0)
        }
    }

    /// With as many streams as allowed another one is refused, and a list is answered.
    @Test(
        arguments: [
            ("text/event-stream", true), ("text/event-stream, application/json;q=0.9", true),
            ("TEXT/EVENT-STREAM;q=0.1", true), ("text/event-stream, application/json", true), ("*/*", false),
            ("*/*, text/event-stream;q=0.1", false), ("text/event-stream;q=0.5, */*", false),
            ("text/event-stream, */*", true),
            ("application/json", false), ("text/event-stream;q=0", false),
            ("text/event-stream;q=0.5, application/json", false), ("application/text/event-stream", false),
        ])
    func `a stream is for whoever wants it at least as much as JSON`(accept: String, isStream: Bool) async throws {
        try await TestService.run(Self.world) { service async throws in
            let followers = try await followers(of: service)
            let answer = try await service.get("/v1/changes", as: "root", headers: ["Accept": accept])
            #expect(answer.status == (isStream ? 429 : 200))
            #expect(isStream || answer["Vary"] == "Accept")
            service.service.transactions.published.end()
            for follower in followers { _ = await follower.result }
        }
    }

    @Test func `a follower of one account gets what is about it, and ends with the right to`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let seen = Mutex<[String]>([])
            let access = service.service
            let start = access.transactions.published.current.revision
            let olga = try #require(access.transactions.published.current.accountID(named: AccountName("olga")))
            let follower = Task {
                try await access.transactions.follow(
                    ListChanges(ChangeSelection(after: start), subject: AccountName("acme")),
                    as: Caller(actor: .user(olga), proof: .password), heartbeat: .milliseconds(10)
                ) { entries in
                    seen.withLock { $0 += entries.compactMap { $0.entry.change.fact?.kind.rawValue } }
                }
            }
            try await service.load([.repository("other/web"), .team("acme/ops"), .repository("acme/web")])
            try await poll(for: .seconds(60), "two entries") { seen.withLock { $0.count } >= 2 ? () : nil }
            #expect(seen.withLock { $0 } == ["team", "repository"])
            try await service.load([.member("acme", "root", "owner")])
            #expect(
                try await service.put("/v1/orgs/acme/members/olga", ["role": "member"], as: "root").status == 200)
            #expect(try await end(of: follower) is AccessError)
        }
    }

    /// What a follower ends with. One that does not end is stopped, and fails the test.
    private func end(of follower: Task<Void, any Error>) async throws -> (any Error)? {
        let outcome = Mutex<Result<Void, any Error>?>(nil)
        Task {
            let result = await follower.result
            outcome.withLock { $0 = result }
        }
        defer { follower.cancel() }
        let ended = try await poll(for: .seconds(30), "the stream to end") { outcome.withLock { $0 } }
        if case .failure(let error) = ended { return error }
        return nil
    }

    @Test func `who may not read the log is refused before the stream begins`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let stream = ["Accept": "text/event-stream"]
            expectProblem(try await service.get("/v1/changes", as: "olga", headers: stream), 403, code: "forbidden")
            let bad = stream.merging(["Last-Event-ID": "x"]) { $1 }
            expectProblem(try await service.get("/v1/changes", as: "root", headers: bad), 400, code: "invalid")
        }
    }

    @Test(arguments: ["9223372036854775807", "1000000"])
    func `a stream begins no later than now`(_ after: String) async throws {
        try await TestService.run(Self.world) { service async throws in
            let stream = ["Accept": "text/event-stream"]
            let path = "/v1/changes?subject=olga&after=\(after)"
            expectProblem(try await service.get(path, as: "olga", headers: stream), 400, code: "invalid")
            let again = stream.merging(["Last-Event-ID": after]) { $1 }
            expectProblem(
                try await service.get("/v1/changes?subject=olga", as: "olga", headers: again), 400, code: "invalid")
        }
    }

    @Test func `a stream ends with the token that it began with`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let access = service.service
            _ = try await service.newToken(for: "olga")
            let id = try #require(try await service.get("/v1/users/olga/tokens", as: "root").items.first?["id"]?.string)
            let olga = try #require(access.transactions.published.current.accountID(named: AccountName("olga")))
            let seen = Mutex(0)
            let follower = Task {
                try await access.transactions.follow(
                    ListChanges(subject: AccountName("olga")),
                    as: Caller(actor: .user(olga), proof: .token(TokenID(rawValue: id))), heartbeat: .milliseconds(10)
                ) { entries in seen.withLock { $0 += entries.count } }
            }
            try await poll(for: .seconds(60), "the first entries") { seen.withLock { $0 } > 0 ? () : nil }
            #expect(try await service.delete("/v1/users/olga/tokens/\(id)", as: "root").status == 204)
            #expect(try await end(of: follower) is AccessError)
        }
    }

    @Test func `a batch waits once for what does not come`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let item: JSONValue = [
                "subject": ["type": "user", "id": "olga"], "action": ["name": "pull"],
                "resource": ["type": "repository", "id": "acme/web"], "context": ["min_revision": 1_000_000],
            ]
            let started = ContinuousClock.now
            let answer = try await service.post(
                "/access/v1/evaluations", ["evaluations": .array(Array(repeating: item, count: 30))], as: "root")
            #expect(answer.json["evaluations"]?.elements.count == 30)
            #expect(ContinuousClock.now - started < .seconds(30))
        }
    }

    @Test func `a question waits for the revision that it asks for`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let next = service.service.transactions.published.current.revision + 1
            async let answer = service.evaluate(
                "olga", "pull", "acme/web", context: ["min_revision": .integer(next)])
            try await service.load([.repository("acme/web")])
            #expect(try await answer.json["decision"] == true)
            let late = try await service.evaluate(
                "olga", "pull", "acme/web", context: ["min_revision": .integer(next + 1_000)])
            expectProblem(late, 503, code: "revision-not-reached")
        }
    }

    @Test func `whoever waits for a revision is told that it came`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let published = service.service.transactions.published
            let next = published.current.revision + 1
            let waiting = Task { await published.reach(next, within: .seconds(60)) }
            try await service.load([.org("late")])
            #expect(await waiting.value)
        }
    }

    @Test func `whoever waits is let go in time, when cancelled, and at the end`() async throws {
        let graph = PublishedGraph(AccessGraph(revision: 7))
        #expect(await graph.reach(7, within: .seconds(60)))
        #expect(await !graph.reach(8, within: .milliseconds(1)))
        let cancelled = Task { await graph.reach(8, within: .seconds(60)) }
        cancelled.cancel()
        #expect(await !cancelled.value)
        let waiting = Task { await graph.reach(8, within: .seconds(60)) }
        graph.end()
        #expect(await !waiting.value)
        #expect(await !graph.reach(9, within: .seconds(60)))
    }
}
