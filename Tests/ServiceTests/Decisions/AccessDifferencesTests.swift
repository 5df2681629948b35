import AccessModel
import Foundation
import TestSupport
import Testing

/// Who gained or lost what between two moments.
struct AccessDifferencesTests {
    private static let world: [SeedLine] = [
        .user("root", admin: true), .user("olga"), .user("tom"), .user("paul"), .org("acme"), .org("other"),
        .member("acme", "olga", "owner"), .team("acme/ops"), .repository("acme/web"), .repository("acme/website"),
        .repository("acme/api"), .repository("other/web"), .grant("acme/ops", "acme/web", .readWrite),
        .grant("acme/ops", "acme/website", .readOnly), .grant("acme/ops", "acme/api", .admin),
    ]

    private func changes(_ service: TestService, _ query: String, as caller: Credential = "root") async throws
        -> [String]
    {
        let answer = try await service.get("/v1/access-differences?\(query)", as: caller)
        #expect(answer.status == 200, "\(answer.text)")
        return answer.items.map { item in
            let words = [
                item["effect"]?.string, item["subject"]?["id"]?.string, item["repository"]?.string,
                item["before"]?.string ?? "none", item["after"]?.string ?? "none",
            ]
            return words.compactMap(\.self).joined(separator: " ")
        }
    }

    @Test func `joining and leaving a team show on what it has`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let start = service.service.transactions.published.current.revision
            let member = "/v1/orgs/acme/teams/ops/members/tom"
            #expect(try await service.put(member, ["role": "member"], as: "root").status == 201)
            let joined = service.service.transactions.published.current.revision
            #expect(
                try await changes(service, "action=push&repository=acme/*&since=\(start)") == [
                    "gained tom acme/api none admin", "gained tom acme/web none read-write",
                ])
            #expect(try await changes(service, "action=pull&repository=acme/web*&since=\(start)").count == 2)
            #expect(try await changes(service, "repository=acme/website&since=\(start)") == [])
            #expect(try await changes(service, "repository=other/*&since=\(start)") == [])
            #expect(try await service.delete(member, as: "root").status == 204)
            #expect(try await changes(service, "since=\(start)") == [], "and gone again")
            #expect(
                try await changes(service, "since=\(joined)") == [
                    "lost tom acme/api admin none", "lost tom acme/web read-write none",
                ])
            #expect(try await changes(service, "since=\(start)&until=\(joined)").count == 2)
        }
    }

    @Test func `what ends by itself is lost`() async throws {
        let end = TestClock().now + .seconds(600)
        try await TestService.run(Self.world + [.grant("paul", "acme/web", .readWrite, until: end)]) {
            service async throws in
            let start = service.clock.now
            service.clock.advance(by: .seconds(601))
            #expect(
                try await changes(service, "since=\(start)&repository=acme/*") == ["lost paul acme/web read-write none"]
            )
        }
    }

    @Test func `what ends by itself after the revision that is named is lost`() async throws {
        let end = TestClock().now + .seconds(600)
        try await TestService.run(Self.world + [.grant("paul", "acme/web", .readWrite, until: end)]) {
            service async throws in
            let start = service.service.transactions.published.current.revision
            service.clock.advance(by: .seconds(601))
            #expect(try await changes(service, "since=\(start)") == ["lost paul acme/web read-write none"])
        }
    }

    @Test func `whoever was deleted has lost what they had`() async throws {
        try await TestService.run(Self.world + [.teamMember("acme/ops", "tom")]) { service async throws in
            let start = service.service.transactions.published.current.revision
            #expect(try await service.delete("/v1/users/tom", as: "root").status == 204)
            for caller in ["root", "olga"] as [Credential] {
                #expect(
                    try await changes(service, "repository=acme/web&since=\(start)", as: caller) == [
                        "lost tom acme/web read-write none"
                    ])
            }
        }
    }

    @Test func `what somebody has is what counts, and not how a repository shows it`() async throws {
        try await TestService.run(Self.world + [.grant("paul", "acme/web", .readOnly)]) { service async throws in
            let start = service.service.transactions.published.current.revision
            let web = "/v1/repositories/acme/web"
            #expect(try await service.patch(web, ["visibility": "public"], as: "root").status == 200)
            let open = service.service.transactions.published.current.revision
            #expect(
                try await changes(service, "action=pull&since=\(start)") == ["gained anonymous acme/web none read-only"]
            )
            try await service.load([.teamMember("acme/ops", "tom")])
            #expect(
                try await changes(service, "action=push&repository=acme/web&since=\(open)") == [
                    "gained tom acme/web read-only read-write"
                ])
            #expect(try await changes(service, "action=pull&repository=acme/web&since=\(open)") == [])
            #expect(try await service.patch(web, ["visibility": "private"], as: "root").status == 200)
            #expect(
                try await changes(service, "action=pull&repository=acme/web&since=\(open)") == [
                    "lost anonymous acme/web read-only none"
                ])
        }
    }

    /// Which of the two comes first is chance, so it is asked more than once.
    @Test func `two teams that changed places are compared`() async throws {
        let lines: [SeedLine] = [
            .user("root", admin: true), .user("tom"), .org("acme"), .team("acme/b"), .team("acme/a", parent: "b"),
            .teamMember("acme/a", "tom"), .repository("acme/web"), .grant("acme/b", "acme/web", .readWrite),
        ]
        try await TestService.run(lines) { service async throws in
            let start = service.service.transactions.published.current.revision
            let teams = "/v1/orgs/acme/teams"
            #expect(try await service.patch("\(teams)/a", ["parent": .null], as: "root").status == 200)
            #expect(try await service.patch("\(teams)/b", ["parent": "a"], as: "root").status == 200)
            for _ in 0..<20 {
                #expect(
                    try await changes(service, "action=push&repository=acme/*&since=\(start)") == [
                        "lost tom acme/web read-write none"
                    ])
            }
        }
    }

    @Test func `a repository made anew under a name tells nothing of the one before`() async throws {
        try await TestService.run(Self.world + [.grant("tom", "acme/web", .admin)]) { service async throws in
            let before = service.service.transactions.published.current.revision
            #expect(try await service.delete("/v1/repositories/acme/web", as: "root").status == 204)
            try await service.load([.repository("acme/web"), .grant("paul", "acme/web", .admin)])
            #expect(
                try await service.get("/v1/access?repository=acme/web&as_of=\(before)", as: "paul").items == [])
            #expect(
                try await service.get("/v1/access?repository=acme/web&as_of=\(before)", as: "olga").items.count > 1)
            #expect(try await changes(service, "repository=acme/web&since=\(before)", as: "paul") == [])
            let asked = try await service.evaluate(
                "tom", "push", "acme/web", context: ["as_of": .integer(before)], as: "paul")
            expectProblem(asked, 403, code: "forbidden")
            // Tom manages the new one too: he is told what he had, and not who gave it.
            try await service.load([.grant("tom", "acme/web", .admin)])
            let explained = try await service.evaluate(
                "tom", "push", "acme/web", context: ["as_of": .integer(before), "explain": true], as: "tom")
            let steps = explained.json["context"]?["reasons"]?.elements.first?["path"]?.elements ?? []
            #expect(!steps.isEmpty && steps.allSatisfy { $0["by"] == nil })
            let own = try await service.evaluate(
                "tom", "push", "acme/web", context: ["as_of": .integer(before)], as: "tom")
            #expect(own.json["decision"] == true, "about oneself one may ask")
        }
    }

    @Test func `everybody is told of what they manage only`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let start = service.service.transactions.published.current.revision
            try await service.load([
                .grant("paul", "acme/web", .readWrite), .grant("paul", "other/web", .readWrite),
            ])
            #expect(try await changes(service, "since=\(start)").count == 2)
            #expect(
                try await changes(service, "since=\(start)", as: "olga") == ["gained paul acme/web none read-write"])
            expectProblem(try await service.get("/v1/access-differences?since=1", as: "tom"), 403, code: "forbidden")
        }
    }

    @Test(arguments: [
        "", "since=x", "since=1&action=fly", "since=1&repository=acme", "since=1&repository=Acme/*",
        "since=1&repository=acme/w*b*", "since=2999-01-01T00:00:00Z", "since=9&until=3", "since=1&until=",
    ])
    func `a question that cannot be answered is 400`(_ query: String) async throws {
        try await TestService.run(Self.world) { service async throws in
            expectProblem(try await service.get("/v1/access-differences?\(query)", as: "root"), 400, code: "invalid")
        }
    }

    /// The same as asking both moments about everybody.
    @Test func `differences are those of the two answers`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let before = try await service.decisions()
            let start = service.service.transactions.published.current.revision
            try await service.load([
                .teamMember("acme/ops", "tom"), .grant("paul", "other/web", .admin), .member("other", "olga", "owner"),
                .grant("acme/ops", "acme/website", .readWrite),
            ])
            let after = try await service.decisions()
            let changed = Set(before.keys).union(after.keys).filter { (before[$0] == nil) != (after[$0] == nil) }
            let told = try await changes(service, "action=view&since=\(start)").map { line in
                let words = line.split(separator: " ")
                return "\(words[1]) on \(words[2])"
            }
            #expect(Set(told) == Set(changed) && told.count == changed.count)
        }
    }
}
