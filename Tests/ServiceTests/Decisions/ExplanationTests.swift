import AccessModel
import Foundation
import TestSupport
import Testing

/// Why, since when, by whom, and what would allow it.
struct ExplanationTests {
    private static let world: [SeedLine] = [
        .user("root", admin: true), .user("olga"), .user("tom"), .user("paul"), .org("acme"),
        .member("acme", "olga", "owner"), .team("acme/ops"), .team("acme/sub", parent: "ops"), .team("acme/web"),
        .repository("acme/web"), .repository("acme/open", isPublic: true), .grant("acme/ops", "acme/web", .readWrite),
    ]

    private func explain(
        _ service: TestService, _ subject: String, _ action: String, _ path: String, type: String = "user",
        at moment: JSONValue? = nil, as caller: Credential = "root"
    ) async throws -> JSONValue {
        var context: [String: JSONValue] = ["explain": true]
        if let moment { context["as_of"] = moment }
        let answer = try await service.evaluate(
            subject, action, path, type: type, context: .object(context), as: caller)
        #expect(answer.status == 200, "\(answer.text)")
        return answer.json["context"] ?? [:]
    }

    /// The steps of the strongest reason.
    private func path(_ context: JSONValue) -> [JSONValue] {
        context["reasons"]?.elements.first?["path"]?.elements ?? []
    }

    @Test func `a path says of each step since when, by whom and at which change`() async throws {
        try await TestService.run(Self.world) { service async throws in
            service.clock.advance(by: .seconds(60))
            let joined = service.clock.now
            let team = "/v1/orgs/acme/teams/sub/members/tom"
            #expect(try await service.put(team, ["role": "member"], as: "olga").status == 201)
            let revision = service.service.transactions.published.current.revision
            service.clock.advance(by: .seconds(60))
            let context = try await explain(service, "tom", "push", "acme/web")
            #expect(context["reasons"]?.elements.first?["decided"] == true)
            let path = path(context)
            #expect(
                path.strings("text") == [
                    "tom is a member of acme/sub", "acme/sub is below acme/ops", "acme/ops has read-write on acme/web",
                ])
            #expect(path[0]["since"]?.string == joined.description && path[0]["by"] == "olga")
            #expect(path[0]["revision"]?.integer == revision)
            #expect(path.dropFirst().allSatisfy { $0["by"] == "the service" && $0["since"]?.string != nil })
            // About oneself everybody is told why, and not who it was.
            let own = self.path(try await explain(service, "tom", "push", "acme/web", as: "tom"))
            #expect(own.strings("text") == path.strings("text") && own.allSatisfy { $0["by"] == nil })
            // A maintainer is a member all the same, since the day they came.
            service.clock.advance(by: .seconds(60))
            #expect(try await service.put(team, ["role": "maintainer"], as: "root").status == 200)
            let later = self.path(try await explain(service, "tom", "push", "acme/web"))
            #expect(later[0] == path[0])
        }
    }

    @Test func `since when is not moved by what else changes`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let admin = path(try await explain(service, "root", "push", "acme/web"))
            let open = path(try await explain(service, "x", "pull", "acme/open", type: "anonymous"))
            service.clock.advance(by: .seconds(60))
            #expect(try await service.patch("/v1/users/root", ["full_name": "Root"], as: "root").status == 200)
            let repository = "/v1/repositories/acme/open"
            #expect(try await service.patch(repository, ["description": "d"], as: "root").status == 200)
            #expect(path(try await explain(service, "root", "push", "acme/web")) == admin)
            #expect(path(try await explain(service, "x", "pull", "acme/open", type: "anonymous")) == open)
            // Private for a while and public again: since then.
            for visibility in ["private", "public"] as [JSONValue] {
                #expect(try await service.patch(repository, ["visibility": visibility], as: "root").status == 200)
            }
            let again = path(try await explain(service, "x", "pull", "acme/open", type: "anonymous"))
            #expect(again[0]["since"]?.string == service.clock.now.description)
        }
    }

    @Test func `a level that had ended holds since it was given anew`() async throws {
        let end = TestClock().now + .seconds(60)
        try await TestService.run(Self.world + [.grant("paul", "acme/web", .readWrite, until: end)]) {
            service async throws in
            service.clock.advance(by: .seconds(3_600))
            let grant = "/v1/repositories/acme/web/grants/users/paul"
            let body: JSONValue = ["level": "read-write", "expires_at": nil]
            #expect(try await service.put(grant, body, as: "olga").status == 200)
            let step = try #require(path(try await explain(service, "paul", "push", "acme/web")).first)
            #expect(step["since"]?.string == service.clock.now.description && step["by"] == "olga")
        }
    }

    @Test func `the past is explained by what was known then`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let grant = "/v1/repositories/acme/web/grants/users/paul"
            #expect(try await service.put(grant, ["level": "read-only"], as: "root").status == 201)
            let first = service.service.transactions.published.current.revision
            service.clock.advance(by: .seconds(60))
            #expect(try await service.put(grant, ["level": "admin"], as: "olga").status == 200)
            let second = service.service.transactions.published.current.revision
            #expect(try await service.delete(grant, as: "root").status == 204)
            for (moment, level, by) in [(first, "read-only", "root"), (second, "admin", "olga")] {
                let context = try await explain(service, "paul", "pull", "acme/web", at: .integer(moment))
                let step = try #require(path(context).first)
                #expect(step["text"]?.string == "paul has \(level) on acme/web")
                #expect(step["revision"]?.integer == moment && step["by"]?.string == by)
            }
            #expect(path(try await explain(service, "paul", "pull", "acme/web")).isEmpty)
        }
    }

    @Test func `a denial says what is near, to those who manage access there`() async throws {
        let end = TestClock().now + .seconds(60)
        let lines =
            Self.world + [
                .member("acme", "tom"), .teamMember("acme/web", "tom"), .grant("acme/web", "acme/web", .readOnly),
                .grant("paul", "acme/web", .readWrite, until: end), .user("ina", active: false),
                .user("ivo", active: false), .grant("ivo", "acme/web", .readOnly), .user("reader", reader: true),
            ]
        try await TestService.run(lines) { service async throws in
            service.clock.advance(by: .seconds(61))
            let tom = try await explain(service, "tom", "push", "acme/web")
            #expect(tom["summary"] == "tom is a member of acme, but no team of theirs has read-write")
            #expect(tom["remedies"]?.elements.strings("kind") == ["join-team", "raise-grant"])
            #expect(
                tom["remedies"]?.elements.first?["text"]
                    == "acme/ops has read-write on acme/web: make them a member")
            let paul = try await explain(service, "paul", "push", "acme/web")
            #expect(paul["summary"] == "paul is no member of acme, and has no read-write there")
            #expect(paul["remedies"]?.elements.strings("kind").first == "renew-grant")
            // Activity alone must be enough to be called near.
            #expect(try await explain(service, "ina", "pull", "acme/web")["remedies"] == nil)
            #expect(try await explain(service, "ivo", "push", "acme/web")["remedies"] == nil)
            let ivo = try await explain(service, "ivo", "pull", "acme/web")
            #expect(ivo["remedies"]?.elements.strings("kind") == ["activate"])
            // A decision reader may ask everything, and manages nothing.
            let read = try await explain(service, "tom", "push", "acme/web", as: "reader")
            #expect(read["remedies"] == nil && read["summary"] == nil)
            #expect(path(read).allSatisfy { $0["by"] == nil && $0["since"]?.string != nil })
            let missing = try await explain(service, "tom", "push", "acme/nothing")
            #expect(missing["remedies"] == nil && missing["summary"] == nil)
            for caller in ["tom", "paul"] as [Credential] {
                let own = try await explain(service, caller == "tom" ? "tom" : "paul", "push", "acme/web", as: caller)
                #expect(own["remedies"] == nil && own["summary"] == nil)
            }
        }
    }

    /// Whatever is near enough to be named must allow it.
    @Test func `each remedy that is followed allows what was denied`() async throws {
        let lines =
            Self.world + [
                .member("acme", "tom"), .teamMember("acme/web", "tom"), .grant("acme/web", "acme/web", .readOnly),
                .grant("paul", "acme/web", .readOnly), .grant("acme/ops", "acme", .readWrite),
            ]
        let follow: [String: (String, String, JSONValue)] = [
            "join-team": ("tom", "/v1/orgs/acme/teams/ops/members/tom", ["role": "member"]),
            "raise-grant": ("paul", "/v1/repositories/acme/web/grants/users/paul", ["level": "read-write"]),
        ]
        try await TestService.run(lines) { service async throws in
            for (kind, (user, path, body)) in follow {
                let before = try await explain(service, user, "push", "acme/web")
                #expect(before["remedies"]?.elements.strings("kind").contains(kind) == true, "\(before)")
                #expect([200, 201].contains(try await service.put(path, body, as: "root").status))
                #expect(try await service.evaluate(user, "push", "acme/web").json["decision"] == true)
            }
        }
    }

    @Test func `a search tells the reason of each when asked`() async throws {
        try await TestService.run(Self.world + [.teamMember("acme/sub", "tom")]) { service async throws in
            let answer = try await service.post(
                "/access/v1/search/subject",
                [
                    "subject": ["type": "user"], "action": ["name": "push"],
                    "resource": ["type": "repository", "id": "acme/web"], "context": ["explain": true],
                ], as: "root")
            let found = answer.json["results"]?.elements ?? []
            #expect(found.strings("id") == ["olga", "root", "tom"])
            let via = found.map { $0["properties"]?["via"]?.string ?? "" }
            #expect(via == ["organization-owner", "system-administrator", "team-grant"])
        }
    }
}
