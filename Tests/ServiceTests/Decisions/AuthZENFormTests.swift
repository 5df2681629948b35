import TestSupport
import Testing

/// What AuthZEN 1.0 says of requests that are not as they should be, and of members of ours.
struct AuthZENFormTests {
    private static let tom: JSONValue = ["type": "user", "id": "tom"]
    private static let pull: JSONValue = ["name": "pull"]
    private static let web: JSONValue = ["type": "repository", "id": "acme/web"]
    private static let (strange, fly, volume): (JSONValue, JSONValue, JSONValue) = (
        ["type": "robot", "id": "x"], ["name": "fly"], ["type": "volume", "id": "x"]
    )

    @Test(
        arguments: [
            ("evaluation", ["subject": ["type": "robot"], "action": pull, "resource": web]),
            ("evaluation", ["subject": strange, "action": pull]),
            ("evaluation", ["subject": strange, "action": fly, "resource": ["type": "volume"]]),
            ("evaluation", ["subject": strange, "resource": web]),
            ("evaluation", ["action": fly, "resource": volume]),
            ("evaluation", ["subject": tom, "action": fly, "resource": ["type": "volume"]]),
            ("search/subject", ["subject": ["type": "user"], "action": fly, "resource": ["type": "repository"]]),
            ("search/subject", ["subject": ["id": "tom"], "action": pull, "resource": web]),
            ("search/resource", ["subject": ["type": "robot"], "action": fly, "resource": ["type": "repository"]]),
            ("search/resource", ["subject": tom, "action": fly]),
            ("search/action", ["subject": ["type": "robot"], "resource": web]),
            ("search/action", ["subject": strange, "resource": ["type": "volume"]]),
            (
                "evaluation",
                ["subject": ["type": "user", "id": "tom", "properties": "x"], "action": pull, "resource": web]
            ),
            ("evaluation", ["subject": tom, "action": ["name": "pull", "properties": []], "resource": web]),
            (
                "evaluation",
                [
                    "subject": tom, "action": pull,
                    "resource": ["type": "repository", "id": "acme/web", "properties": 1],
                ]
            ),
            ("evaluation", ["subject": ["type": "user", "id": 5], "action": pull, "resource": web]),
            (
                "evaluation",
                ["subject": tom, "action": pull, "resource": web, "context": ["portreeve": ["explian": true]]]
            ),
            ("evaluation", ["subject": tom, "action": pull, "resource": web, "context": ["portreeve": []]]),
            (
                "evaluation",
                [
                    "subject": tom, "action": pull, "resource": web,
                    "context": ["min_revision": 9_000_000_000_000_000_000],
                ]
            ),
        ] as [(String, JSONValue)])
    func `what is missing or of a wrong type is 400, whatever else is unknown`(path: String, body: JSONValue)
        async throws
    {
        try await TestService.run(EvaluationTests.world) { service async throws in
            expectProblem(try await service.post("/access/v1/\(path)", body, as: "root"), 400, code: "invalid")
        }
    }

    @Test(arguments: [7, true, ["x"], [:], .null, "other"] as [JSONValue])
    func `the id of what is searched for means nothing`(id: JSONValue) async throws {
        try await TestService.run(EvaluationTests.world) { service async throws in
            let subjects = try await service.post(
                "/access/v1/search/subject",
                ["subject": ["type": "user", "id": id], "action": Self.pull, "resource": Self.web], as: "root")
            #expect(subjects.json["results"]?.elements.strings("id") == ["olga", "root", "tom"])
            let resources = try await service.post(
                "/access/v1/search/resource",
                ["subject": Self.tom, "action": Self.pull, "resource": ["type": "repository", "id": id]], as: "root")
            #expect(resources.json["results"]?.elements.count == 2)
        }
    }

    @Test func `our members of the context may be in one of their own`() async throws {
        try await TestService.run(EvaluationTests.world) { service async throws in
            func ask(_ context: JSONValue) async throws -> TestAnswer {
                try await service.evaluate("tom", "pull", "acme/web", context: context)
            }
            #expect(try await ask(["portreeve": ["explain": true]]).json == ask(["explain": true]).json)
            #expect(
                try await ask(["portreeve": ["explain": false], "explain": true]).json["context"]?["reasons"] == nil)
            #expect(try await ask(["portreeve": ["as_of": 0]]).json["decision"] == false)
            #expect(try await ask(["portreeve": ["min_revision": 1_000_000]]).status == 503)
        }
    }

    @Test func `what is not there is said to whoever may know it, and to nobody else`() async throws {
        try await TestService.run(EvaluationTests.world) { service async throws in
            func missing(_ subject: String, _ path: String, type: String = "user", as caller: Credential) async throws
                -> [String?]
            {
                let answer = try await service.evaluate(subject, "pull", path, type: type, as: caller)
                return answer.json["context"]?["missing"]?.elements.map { $0["id"]?.string } ?? []
            }
            #expect(try await missing("tom", "acme/web", as: "root") == [])
            #expect(try await missing("tim", "acme/wbe", as: "root") == ["tim", "acme/wbe"])
            #expect(try await missing("tom", "acme/wbe", as: "olga") == ["acme/wbe"])
            #expect(try await missing("tom", "acme/wbe", as: "tom") == [], "as if it were hidden")
            #expect(try await missing("acme+cj", "acme/web", type: "service-account", as: "root") == ["acme+cj"])
            let anonymous = try await service.post(
                "/access/v1/evaluations",
                [
                    "subject": Self.tom, "action": Self.pull,
                    "evaluations": [["resource": ["type": "repository", "id": "acme/wbe"]]],
                ],
                as: "root")
            #expect(anonymous.json["evaluations"]?.elements.first?["context"]?["missing"]?.elements.count == 1)
        }
    }

    @Test func `a token of a page is good for its question only, and a limit may be any number`() async throws {
        let lines = EvaluationTests.world + (1...9).map { .repository("acme/r\($0)", isPublic: true) }
        try await TestService.run(lines) { service async throws in
            func page(_ page: JSONValue, _ action: String = "pull", subject: String = "tom") async throws -> TestAnswer
            {
                try await service.post(
                    "/access/v1/search/resource",
                    [
                        "subject": ["type": "user", "id": .string(subject)], "action": ["name": .string(action)],
                        "resource": ["type": "repository"], "page": page,
                    ], as: "root")
            }
            let first = try await page(["limit": 4])
            let token = try #require(first.json["page"]?["next_token"])
            #expect(token.string?.contains("acme") == false, "it is not to be read")
            #expect(try await page(["limit": 4, "token": token]).status == 200)
            expectProblem(try await page(["limit": 4, "token": token], "push"), 400, code: "invalid")
            expectProblem(try await page(["limit": 4, "token": token], subject: "olga"), 400, code: "invalid")
            #expect(try await page(["limit": 1_000_000]).json["page"]?["count"] == 11)
            let none = try await page(["limit": 0, "token": token])
            #expect(none.json["results"]?.elements.count == 0 && none.json["page"]?["total"] == 11)
            #expect(none.json["page"]?["next_token"] == "")
        }
    }

    @Test func `a long X-Request-ID comes back`() async throws {
        try await TestService.run { service async throws in
            let id = String(repeating: "a", count: 8_000)
            #expect(try await service.get("/healthz", headers: ["X-Request-ID": id])["X-Request-ID"] == id)
        }
    }

    @Test func `metadata of an address with a path is where the standard looks for it`() async throws {
        try await TestService.run(settings: ["public-url": "https://example.com/access/portreeve/"]) {
            service async throws in
            for path in ["", "/access/portreeve"] {
                let answer = try await service.get("/.well-known/authzen-configuration\(path)")
                #expect(answer.json["policy_decision_point"] == "https://example.com/access/portreeve")
                #expect(
                    answer.json["access_evaluation_endpoint"]
                        == "https://example.com/access/portreeve/access/v1/evaluation")
            }
        }
    }
}

/// What it costs to ask for a name that there is not.
struct NearestNameTests {
    @Test(.timeLimit(.minutes(5)))
    func `the name that was meant is looked for among some of many`() async throws {
        let people = (0..<5_000).map { SeedLine.user("first.lastname-\(100_000 + $0)") }
        try await TestService.run([.user("root", admin: true), .user("zoe")] + people) { service async throws in
            func ask() async throws -> TestAnswer {
                try await service.evaluate("first.lastname-1x0001", "push", "first.lastname-9/x", as: "root")
            }
            let begin = ContinuousClock.now
            #expect(try await ask().json["context"]?["missing"]?.elements.count == 2)
            for _ in 1...9 { _ = try await ask() }
            let single = ContinuousClock.now - begin
            // A thousand with names that are not there take no longer than a few alone: nothing is looked for.
            let item: JSONValue = [
                "subject": ["type": "user", "id": "first.lastname-1x0001"], "action": ["name": "push"],
                "resource": ["type": "repository", "id": "first.lastname-9/x"],
            ]
            let second = ContinuousClock.now
            let batch = try await service.post(
                "/access/v1/evaluations", ["evaluations": .array(Array(repeating: item, count: 1_000))], as: "root")
            #expect(batch.json["evaluations"]?.elements.count == 1_000)
            #expect(
                batch.json["evaluations"]?.elements.first?["context"]?["missing"]?.elements.first?["nearest"] == nil)
            #expect(ContinuousClock.now - second < single * 5 + .seconds(1))
            // It is found where there are few.
            #expect(
                try await service.evaluate("zoo", "push", "zoe/x").json["context"]?["missing"]?.elements.first?[
                    "nearest"] == "zoe")
        }
    }
}
