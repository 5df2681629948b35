import AccessModel
import Foundation
import TestSupport
import Testing

@Suite struct EvaluationTests {
    static let world: [SeedLine] = [
        .user("root", admin: true), .user("olga"), .user("tom"), .user("paul"), .user("registry", reader: true),
        .org("acme"),
        .member("acme", "olga", "owner"), .member("acme", "tom"), .team("acme/ops"), .team("acme/sub", parent: "ops"),
        .teamMember("acme/sub", "tom"), .repository("acme/web"), .repository("acme/hid"),
        .repository("acme/open", isPublic: true), .grant("acme/ops", "acme/web", .readWrite),
        .serviceAccount("acme+ci"),
        .grant("acme+ci", "acme", .readOnly),
    ]

    @Test(arguments: [
        ("user", "tom", "push", "acme/web", true, "read-write"),
        ("user", "Tom", "pull", "acme/web", true, "read-write"),
        ("user", "tom", "manage-access", "acme/web", false, "read-write"),
        ("user", "tom", "pull", "acme/hid", false, nil),
        ("user", "tom", "pull", "acme/open", true, "read-only"),
        ("user", "olga", "delete-repository", "acme/hid", true, "admin"),
        ("service-account", "acme+ci", "pull", "acme/hid", true, "read-only"),
        ("service-account", "acme+ci", "push", "acme/hid", false, "read-only"),
        ("anonymous", "x", "pull", "acme/open", true, "read-only"),
        ("anonymous", "x", "pull", "acme/web", false, nil), ("user", "nobody", "pull", "acme/open", false, nil),
        ("user", "tom", "fly", "acme/web", false, nil), ("user", "tom", "pull", "no slash", false, nil),
        ("user", "acme", "pull", "acme/open", false, nil), ("robot", "tom", "pull", "acme/web", false, nil),
        ("user", "Not A Name", "pull", "acme/web", false, nil),
    ])
    func `a decision is 200 with the level and the revision`(
        _ type: String, _ subject: String, _ action: String, _ path: String, _ isAllowed: Bool, _ level: String?
    ) async throws {
        try await TestService.run(Self.world) { service async throws in
            let answer = try await service.evaluate(subject, action, path, type: type)
            #expect(answer.status == 200)
            #expect(answer.json["decision"] == .bool(isAllowed))
            #expect(answer.json["context"]?["level"] == JSONValue(level))
            #expect(
                answer.json["context"]?["revision"]?.integer == service.service.transactions.published.current.revision)
            #expect(answer.json["context"]?["reasons"] == nil, "only when asked")
        }
    }

    @Test func `a denial is identical for what is hidden and what is missing`() async throws {
        try await TestService.run(Self.world) { service async throws in
            for context in [[:], ["explain": true]] as [JSONValue] {
                for action in ["view", "pull", "push", "delete-repository"] {
                    let hidden = try await service.evaluate("tom", action, "acme/hid", context: context, as: "tom")
                    let missing = try await service.evaluate("tom", action, "acme/xyz", context: context, as: "tom")
                    let nowhere = try await service.evaluate("tom", action, "zzz/hid", context: context, as: "tom")
                    #expect(hidden.json["decision"] == false)
                    #expect(hidden.body == missing.body)
                    // Which accounts there are everybody may know who has one.
                    #expect(nowhere.json["decision"] == false)
                    #expect(nowhere.json["context"]?["missing"]?.elements.map { $0["id"] } == ["zzz/hid"])
                    #expect(hidden.headers == missing.headers)
                    let others = try await service.evaluate("olga", action, "acme/hid", context: context, as: "tom")
                    let othersMissing = try await service.evaluate(
                        "olga", action, "acme/xyz", context: context, as: "tom")
                    expectProblem(others, 403, code: "forbidden")
                    #expect(others.body == othersMissing.body)
                }
            }
        }
    }

    @Test func `explain gives every reason with its path`() async throws {
        try await TestService.run(Self.world + [.grant("tom", "acme/web", .readOnly)]) { service async throws in
            let answer = try await service.evaluate("tom", "push", "acme/web", context: ["explain": true])
            let reasons = try #require(answer.json["context"]?["reasons"]?.elements)
            #expect(reasons.strings("via") == ["team-grant", "direct-grant"], "strongest first")
            #expect(reasons.strings("level") == ["read-write", "read-only"])
            #expect(reasons.first?["teams"] == ["acme/sub", "acme/ops"])
            #expect(reasons.first?["target"] == "acme/web")
            let owner = try await service.evaluate("olga", "push", "acme/web", context: ["explain": true])
            #expect(owner.json["context"]?["reasons"]?.elements.strings("via") == ["organization-owner"])
            let open = try await service.evaluate(
                "x", "pull", "acme/open", type: "anonymous", context: ["explain": true])
            #expect(open.json["context"]?["reasons"]?.elements.strings("via") == ["public-repository"])
        }
    }

    @Test func `a decision reader may ask everything and manage nothing`() async throws {
        try await TestService.run(Self.world) { service async throws in
            #expect(try await service.evaluate("tom", "push", "acme/web", as: "registry").json["decision"] == true)
            #expect(try await service.get("/v1/repositories/acme/web", as: "registry").status == 404)
            #expect(try await service.get("/v1/changes", as: "registry").status == 403)
        }
    }

    @Test func `a minimum revision that is there is honoured, one that is not is 503`() async throws {
        try await TestService.run(Self.world) { service async throws in
            _ = try await service.get("/v1/users/me", as: "root")
            let now = service.service.transactions.published.current.revision
            let there = try await service.evaluate("tom", "push", "acme/web", context: ["min_revision": .integer(now)])
            #expect(there.json["decision"] == true)
            let later = try await service.evaluate(
                "tom", "push", "acme/web", context: ["min_revision": .integer(now + 1)])
            expectProblem(later, 503, code: "revision-not-reached")
            #expect(later["Retry-After"] == "1")
        }
    }

    @Test func `as_of answers for the state at a revision or a time`() async throws {
        try await TestService.run(Self.world) { service async throws in
            #expect(try await service.level(of: "tom", on: "acme/web") == "read-write")
            let (revision, start) = (service.service.transactions.published.current.revision, service.clock.now)
            service.clock.advance(by: .seconds(60))
            _ = try await service.delete("/v1/orgs/acme/teams/sub/members/tom", as: "root")
            service.clock.advance(by: .seconds(60))
            _ = try await service.put("/v1/repositories/acme/web/grants/users/tom", ["level": "admin"], as: "root")
            func level(_ asOf: String) async throws -> String? {
                let answer = try await service.evaluate("tom", "pull", "acme/web", context: ["as_of": .string(asOf)])
                #expect(answer.status == 200, "\(asOf): \(answer.text)")
                return answer.json["context"]?["level"]?.string
            }
            #expect(try await level("\(revision)") == "read-write")
            #expect(try await level("\(revision + 1)") == nil)
            #expect(try await level("\(revision + 2)") == "admin")
            #expect(try await level("0") == nil)
            #expect(try await level(start.description) == "read-write")
            #expect(try await level((start + Duration.seconds(59)).description) == "read-write")
            #expect(try await level((start + Duration.seconds(60)).description) == nil)
            #expect(try await level((start + Duration.seconds(119)).description) == nil)
            #expect(try await level((start + Duration.seconds(120)).description) == "admin")
            #expect(try await level("2020-01-01") == nil)

            for asOf in ["tomorrow", "-1", "", "2026-03-02"] {
                let answer = try await service.evaluate("tom", "pull", "acme/web", context: ["as_of": .string(asOf)])
                expectProblem(answer, 400, code: "invalid")
            }
            let future = try await service.evaluate(
                "tom", "pull", "acme/web", context: ["as_of": .string("\(revision + 50)")])
            #expect(future.status >= 400 && future.json["decision"] == nil)
        }
    }

    @Test func `as_of judges the ends of grants by that time`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let start = service.clock.now
            _ = try await service.put(
                "/v1/repositories/acme/hid/grants/users/paul",
                ["level": "read-only", "expires_at": .string((start + Duration.seconds(10)).description)], as: "root")
            service.clock.advance(by: .seconds(60))
            #expect(try await service.level(of: "paul", on: "acme/hid") == nil)
            let then = try await service.evaluate(
                "paul", "pull", "acme/hid", context: ["as_of": .string((start + Duration.seconds(9)).description)])
            #expect(then.json["decision"] == true)
        }
    }

    @Test(arguments: [
        "", "{", "[]", "{}", #"{"subject":{"type":"user","id":"tom"}}"#,
        #"{"subject":{"type":"user"},"action":{"name":"pull"},"resource":{"type":"repository","id":"acme/web"}}"#,
        #"{"subject":{"id":"tom"},"action":{"name":"pull"},"resource":{"type":"repository","id":"acme/web"}}"#,
        #"{"subject":"tom","action":{"name":"pull"},"resource":{"type":"repository","id":"acme/web"}}"#,
        #"{"subject":{"type":"user","id":1},"action":{"name":"pull"},"resource":{"type":"repository","id":"acme/web"}}"#,
        #"{"subject":{"type":"user","id":"tom"},"action":{},"resource":{"type":"repository","id":"acme/web"}}"#,
        #"{"subject":{"type":"user","id":"tom"},"action":{"name":"pull"},"resource":{"type":"repository"}}"#,
    ])
    func `a malformed question is 400`(_ text: String) async throws {
        try await TestService.run(Self.world) { service async throws in
            let answer = try await service.send(
                "POST", "/access/v1/evaluation", bytes: Data(text.utf8), as: "root",
                headers: ["Content-Type": "application/json", "X-Request-ID": "a-1"])
            expectProblem(answer, 400, code: "invalid")
            #expect(answer["X-Request-ID"] == "a-1")
        }
    }

    @Test func `a wrong content type is 400, as AuthZEN wants`() async throws {
        try await TestService.run(Self.world) { service async throws in
            for path in ["evaluation", "evaluations", "search/subject", "search/resource", "search/action"] {
                let answer = try await service.send(
                    "POST", "/access/v1/\(path)", bytes: Data("{}".utf8), as: "root",
                    headers: ["Content-Type": "text/plain"])
                #expect(answer.status == 400, "\(path)")
            }
        }
    }

    @Test func `unknown members are ignored`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let answer = try await service.post(
                "/access/v1/evaluation",
                [
                    "subject": ["type": "user", "id": "tom", "properties": ["ip": "x"], "colour": 1],
                    "action": ["name": "pull", "x": []],
                    "resource": ["type": "repository", "id": "acme/web", "properties": [:]], "context": ["time": "now"],
                    "more": true,
                ], as: "tom")
            #expect(answer.json["decision"] == true)
        }
    }

    @Test func `the configuration names the endpoints by the public address`() async throws {
        try await TestService.run(settings: ["public-url": "https://access.example.com/"]) { service async throws in
            let configuration = try await service.get("/.well-known/authzen-configuration").json
            #expect(configuration["policy_decision_point"] == "https://access.example.com")
            let endpoints = [
                "access_evaluation_endpoint": "evaluation", "access_evaluations_endpoint": "evaluations",
                "search_subject_endpoint": "search/subject", "search_resource_endpoint": "search/resource",
                "search_action_endpoint": "search/action",
            ]
            for (name, path) in endpoints {
                #expect(configuration[name] == .string("https://access.example.com/access/v1/\(path)"))
            }
            #expect(configuration.members.values.allSatisfy { $0 != .null })
        }
    }
}
