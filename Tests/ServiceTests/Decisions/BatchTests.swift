import TestSupport
import Testing

@Suite struct BatchTests {
    private static func item(_ action: String, _ path: String = "acme/web") -> JSONValue {
        ["action": ["name": .string(action)], "resource": ["type": "repository", "id": .string(path)]]
    }

    private static func ask(
        _ service: TestService, _ items: [JSONValue], semantic: String? = nil, as caller: Credential = "root"
    ) async throws -> TestAnswer {
        var body: [String: JSONValue] = ["subject": ["type": "user", "id": "tom"], "evaluations": .array(items)]
        if let semantic { body["options"] = ["evaluations_semantic": .string(semantic)] }
        return try await service.post("/access/v1/evaluations", .object(body), as: caller)
    }

    private static func decisions(_ answer: TestAnswer) -> [Bool] {
        answer.json["evaluations"]?.elements.compactMap { $0["decision"]?.bool } ?? []
    }

    @Test(
        arguments: [
            (nil, [true, false, true, false]), ("execute_all", [true, false, true, false]),
            ("deny_on_first_deny", [true, false]), ("permit_on_first_permit", [true]),
        ] as [(String?, [Bool])])
    func `each semantic ends where it should`(_ semantic: String?, _ expected: [Bool]) async throws {
        try await TestService.run(EvaluationTests.world) { service async throws in
            let items = ["pull", "manage-access", "push", "fly"].map { Self.item($0) }
            #expect(Self.decisions(try await Self.ask(service, items, semantic: semantic)) == expected)
        }
    }

    @Test func `permit on first permit goes on over denials, deny on first deny over permits`() async throws {
        try await TestService.run(EvaluationTests.world) { service async throws in
            let denials = ["manage-access", "fly", "push", "pull"].map { Self.item($0) }
            #expect(
                Self.decisions(try await Self.ask(service, denials, semantic: "permit_on_first_permit")) == [
                    false, false, true,
                ])
            let permits = ["pull", "push", "view"].map { Self.item($0) }
            #expect(
                Self.decisions(try await Self.ask(service, permits, semantic: "deny_on_first_deny")) == [
                    true, true, true,
                ])
        }
    }

    @Test func `an item replaces whole entities of the defaults`() async throws {
        try await TestService.run(EvaluationTests.world) { service async throws in
            let answer = try await service.post(
                "/access/v1/evaluations",
                [
                    "subject": ["type": "user", "id": "tom"], "action": ["name": "pull"],
                    "resource": ["type": "repository", "id": "acme/hid"],
                    "evaluations": [
                        [:], ["subject": ["type": "user", "id": "olga"]],
                        ["resource": ["type": "repository", "id": "acme/web"]],
                        ["action": ["name": "view"], "resource": ["type": "repository", "id": "acme/open"]],
                        ["subject": ["type": "service-account", "id": "acme+ci"]], ["subject": ["type": "user"]],
                    ],
                ], as: "root")
            #expect(answer.status == 200)
            #expect(Self.decisions(answer) == [false, true, true, true, true, false])
            #expect(answer.json["evaluations"]?[5]?["context"]?["error"] != nil, "no id from the default")
        }
    }

    /// AuthZEN 1.0 section 7.1.1: also the context is replaced as a whole.
    @Test func `an item's context replaces that of the defaults`() async throws {
        try await TestService.run(EvaluationTests.world) { service async throws in
            let start = service.service.transactions.published.current.revision
            let joined = try await service.put("/v1/orgs/acme/teams/ops/members/paul", ["role": "member"], as: "root")
            #expect(joined.status == 201)
            func moments(_ context: JSONValue) async throws -> [Int64?] {
                let answer = try await service.post(
                    "/access/v1/evaluations",
                    [
                        "subject": ["type": "user", "id": "tom"], "action": ["name": "pull"],
                        "resource": ["type": "repository", "id": "acme/web"], "context": context,
                        "evaluations": [
                            [:], ["context": [:]], ["context": ["explain": true]],
                            ["context": ["as_of": .integer(start)]],
                        ],
                    ], as: "root")
                return answer.json["evaluations"]?.elements.map { $0["context"]?["revision"]?.integer } ?? []
            }
            let now = service.service.transactions.published.current.revision
            #expect(now > start)
            #expect(try await moments(["as_of": .integer(start)]) == [start, now, now, start])
            #expect(try await moments(["explain": true]) == [now, now, now, start])
        }
    }

    @Test func `a bad item is denied with its error and spoils no other`() async throws {
        try await TestService.run(EvaluationTests.world) { service async throws in
            let answer = try await Self.ask(
                service,
                [
                    Self.item("pull"), 42, ["action": "pull"], ["resource": ["type": "repository", "id": "acme/web"]],
                    Self.item("push"),
                ])
            #expect(answer.status == 200)
            #expect(Self.decisions(answer) == [true, false, false, false, true])
            for place in 1...3 {
                #expect(answer.json["evaluations"]?[place]?["context"]?["error"]?["message"]?.string?.isEmpty == false)
            }
        }
    }

    @Test func `asking about others is an error of the item, not of the batch`() async throws {
        try await TestService.run(EvaluationTests.world) { service async throws in
            let other: JSONValue = [
                "subject": ["type": "user", "id": "olga"], "action": ["name": "pull"],
                "resource": ["type": "repository", "id": "acme/web"],
            ]
            let answer = try await Self.ask(service, [Self.item("pull"), other], as: "tom")
            #expect(answer.status == 200)
            #expect(Self.decisions(answer) == [true, false])
            #expect(answer.json["evaluations"]?[1]?["context"]?["error"]?["code"] == "forbidden")
            #expect(answer.json["evaluations"]?[0]?["context"]?["error"] == nil)
        }
    }

    @Test func `without evaluations a batch is one question`() async throws {
        try await TestService.run(EvaluationTests.world) { service async throws in
            let question: [String: JSONValue] = [
                "subject": ["type": "user", "id": "tom"], "action": ["name": "pull"],
                "resource": ["type": "repository", "id": "acme/web"],
            ]
            for evaluations in [nil, []] as [JSONValue?] {
                var body = question
                body["evaluations"] = evaluations
                let answer = try await service.post("/access/v1/evaluations", .object(body), as: "root")
                #expect(answer.json["decision"] == true)
                #expect(answer.json["evaluations"] == nil)
            }
        }
    }

    @Test func `a batch holds 1,000 and no more`() async throws {
        try await TestService.run(EvaluationTests.world) { service async throws in
            let full = try await Self.ask(service, Array(repeating: Self.item("pull"), count: 1_000))
            #expect(Self.decisions(full).count == 1_000)
            expectProblem(
                try await Self.ask(service, Array(repeating: Self.item("pull"), count: 1_001)), 400, code: "invalid")
        }
    }

    @Test(arguments: ["first_wins", ""])
    func `an unknown semantic is 400`(_ semantic: String) async throws {
        try await TestService.run(EvaluationTests.world) { service async throws in
            expectProblem(try await Self.ask(service, [Self.item("pull")], semantic: semantic), 400, code: "invalid")
        }
    }
}
