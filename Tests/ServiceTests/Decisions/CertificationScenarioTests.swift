import TestSupport
import Testing

/// The OpenID Foundation's "AuthZEN Authorization API 1.0 - Certification Scenario" (2026), at its levels Basic, Batch and Search
/// Core and Discovery. Numbers are its sections. Its Properties levels want decisions by what callers say of people and
/// resources, which nobody may do here.
@Suite struct CertificationScenarioTests {
    /// Section 4: two people, two records, and who may what.
    private static let fixture: [SeedLine] = [
        .user("root", admin: true), .user("alice"), .user("bob"), .user("harness", reader: true),
        .role("Writer", "x-record.read", "x-record.write"), .role("Reader", "x-record.read"), .collection("/records"),
        .controlGrant("alice", "Writer", "/records"), .controlGrant("bob", "Reader", "/records"),
        .placement("record", "record-1", "/records"), .placement("record", "record-2", "/records"),
    ]

    private static func run(_ body: (Harness) async throws -> Void) async throws {
        try await TestService.run(fixture) { try await body(Harness(service: $0)) }
    }

    private struct Harness {
        let service: TestService

        func post(_ path: String, _ body: JSONValue, _ headers: [String: String] = [:]) async throws -> TestAnswer {
            try await service.post("/access/v1/\(path)", body, as: "harness", headers: headers)
        }
    }

    private static let alice: JSONValue = ["type": "user", "id": "alice"]
    private static let bob: JSONValue = ["type": "user", "id": "bob"]
    private static let read: JSONValue = ["name": "read"]
    private static let write: JSONValue = ["name": "write"]
    private static let first: JSONValue = ["type": "record", "id": "record-1"]
    private static let second: JSONValue = ["type": "record", "id": "record-2"]

    @Test(
        arguments: [
            (alice, read, true), (alice, write, true), (bob, read, true), (bob, write, false),
        ] as [(JSONValue, JSONValue, Bool)])
    func `5.2.1, 5.2.2, 5.6 each decision of the fixture, again and again`(
        _ subject: JSONValue, _ action: JSONValue, _ expected: Bool
    ) async throws {
        try await Self.run { harness in
            for _ in 0..<3 {
                let answer = try await harness.post(
                    "evaluation", ["subject": subject, "action": action, "resource": Self.first])
                #expect(answer.status == 200 && answer.json["decision"]?.bool == expected, "\(answer.text)")
            }
        }
    }

    @Test func `5.2.3, 5.2.8, 5.2.9 context, further properties and unknown members change nothing`() async throws {
        let question: [String: JSONValue] = ["subject": Self.alice, "action": Self.read, "resource": Self.first]
        let others: [[String: JSONValue]] = [
            ["context": ["time": "2025-06-27T18:03-07:00", "ip": "192.168.1.1"]],
            ["foo": "bar", "futureField": ["nested": true]],
            [
                "subject": ["type": "user", "id": "alice", "properties": ["department": "Sales", "role": "manager"]],
                "action": ["name": "read", "properties": ["method": "GET"]],
                "resource": [
                    "type": "record", "id": "record-1", "properties": ["status": "active", "owner": "bob"],
                ],
            ],
        ]
        try await Self.run { harness in
            for other in others {
                let answer = try await harness.post("evaluation", .object(question.merging(other) { $1 }))
                #expect(answer.status == 200 && answer.json["decision"]?.bool == true, "\(answer.text)")
            }
        }
    }

    @Test func `5.4 what is missing or of a wrong type is 400`() async throws {
        let good: [String: JSONValue] = ["subject": Self.alice, "action": Self.read, "resource": Self.first]
        var bad: [JSONValue] = ["subject", "action", "resource"].map { name in .object(good.filter { $0.key != name }) }
        let wrong: [(String, JSONValue)] = [
            ("subject", ["id": "alice"]), ("subject", ["type": "user"]), ("action", [:]),
            ("resource", ["id": "record-1"]),
            ("resource", ["type": "record"]), ("subject", "alice"), ("action", ["name": 123]),
        ]
        bad += wrong.map { name, value in .object(good.merging([name: value]) { $1 }) }
        try await Self.run { harness in
            for body in bad {
                let answer = try await harness.post("evaluation", body)
                #expect(answer.status == 400, "\(body): \(answer.text)")
            }
            let typed = try await harness.post("evaluation", .object(good), ["Content-Type": "text/plain"])
            #expect(typed.status == 400)
            let answer = try await harness.post("evaluation", .object(good), ["X-Request-ID": "bfe9eb29"])
            #expect(answer["X-Request-ID"] == "bfe9eb29")
        }
    }

    @Test func `6 batches answer each item in order, and one that fails is a no`() async throws {
        let batches: [([String: JSONValue], [Bool?])] = [
            (
                [
                    "subject": Self.alice, "action": Self.read,
                    "evaluations": [["resource": Self.first], ["resource": Self.second]],
                ],
                [nil, nil]
            ),
            (
                [
                    "subject": Self.bob, "resource": Self.first,
                    "evaluations": [["action": Self.read], ["action": Self.write]],
                ],
                [true, false]
            ),
            (
                [
                    "evaluations": [
                        ["subject": Self.alice, "action": Self.read, "resource": Self.first],
                        ["subject": Self.bob, "action": Self.write, "resource": Self.first],
                    ]
                ], [true, false]
            ),
            (
                [
                    "subject": Self.alice, "action": Self.read, "context": ["time": "2025-06-27T18:03-07:00"],
                    "evaluations": [
                        ["resource": Self.first],
                        [
                            "resource": Self.second,
                            "context": ["time": "2025-06-27T19:00-07:00", "source": "batch-override"],
                        ],
                    ],
                ], [nil, nil]
            ),
            (
                ["subject": Self.alice, "action": Self.read, "evaluations": [["resource": Self.first], [:]]],
                [true, false]
            ),
        ]
        try await Self.run { harness in
            for (body, expected) in batches {
                let answer = try await harness.post("evaluations", .object(body))
                let decisions = answer.json["evaluations"]?.elements.map { $0["decision"]?.bool } ?? []
                #expect(answer.status == 200 && decisions.count == expected.count && !decisions.contains(nil))
                for (decision, expected) in zip(decisions, expected) where expected != nil {
                    #expect(decision == expected)
                }
            }
            for evaluations in [nil, JSONValue.array([])] {
                var body: [String: JSONValue] = ["subject": Self.alice, "action": Self.read, "resource": Self.first]
                body["evaluations"] = evaluations
                let answer = try await harness.post("evaluations", .object(body))
                #expect(answer.json["decision"]?.bool == true, "\(answer.text)")
            }
        }
    }

    @Test func `7 searches find the subjects, records and actions of the fixture`() async throws {
        try await Self.run { harness in
            for context in [nil, ["time": "2025-06-27T18:03-07:00"] as JSONValue] {
                func search(_ what: String, _ body: [String: JSONValue]) async throws -> [JSONValue] {
                    var body = body
                    body["context"] = context
                    let answer = try await harness.post("search/\(what)", .object(body))
                    #expect(answer.status == 200, "\(answer.text)")
                    return answer.json["results"]?.elements ?? []
                }
                let people = try await search(
                    "subject", ["subject": ["type": "user"], "action": Self.read, "resource": Self.first])
                #expect(people.allSatisfy { $0["type"] == "user" })
                let names = people.compactMap { $0["id"]?.string }
                #expect(names.contains("alice") && names.contains("bob"))
                let records = try await search(
                    "resource", ["subject": Self.alice, "action": Self.read, "resource": ["type": "record"]])
                #expect(records == [Self.first, Self.second])
                let actions = try await search("action", ["subject": Self.alice, "resource": Self.first])
                #expect(actions == [Self.read, Self.write])
                let nobody = try await search(
                    "action", ["subject": ["type": "user", "id": "nonexistent-user"], "resource": Self.first])
                #expect(nobody == [])
                let spaceship = try await search(
                    "subject", ["subject": ["type": "spaceship"], "action": Self.read, "resource": Self.first])
                #expect(spaceship == [])
            }
        }
    }

    @Test func `7.5, 7.7 pages end with an empty token, and what is missing is 400`() async throws {
        try await Self.run { harness in
            let question: [String: JSONValue] = [
                "subject": ["type": "user"], "action": Self.read, "resource": Self.first,
            ]
            var (token, seen) = (JSONValue.null, [String]())
            repeat {
                let page: JSONValue = token == .null ? ["limit": 1] : ["limit": 1, "token": token]
                let answer = try await harness.post("search/subject", .object(question.merging(["page": page]) { $1 }))
                seen += answer.json["results"]?.elements.compactMap { $0["id"]?.string } ?? []
                token = try #require(answer.json["page"]?["next_token"])
            } while token != "" && seen.count < 10
            #expect(seen == ["alice", "bob", "root"])
            let bad: [(String, JSONValue)] = [
                ("subject", ["subject": ["type": "user"], "resource": Self.first]),
                ("resource", ["action": Self.read, "resource": ["type": "record"]]),
                ("action", ["subject": Self.alice]),
                ("subject", ["subject": ["type": "user"], "action": Self.read, "resource": ["type": "record"]]),
                ("resource", ["subject": ["type": "user"], "action": Self.read, "resource": ["type": "record"]]),
            ]
            for (what, body) in bad {
                #expect(try await harness.post("search/\(what)", body).status == 400, "\(what) \(body)")
            }
        }
    }

    @Test func `9 the metadata names every endpoint`() async throws {
        try await TestService.run(Self.fixture, settings: ["public-url": "https://pdp.example.com"]) {
            service async throws in
            let answer = try await service.get("/.well-known/authzen-configuration")
            #expect(answer.status == 200 && answer.json["policy_decision_point"] == "https://pdp.example.com")
            for name in [
                "access_evaluation_endpoint", "access_evaluations_endpoint", "search_subject_endpoint",
                "search_resource_endpoint", "search_action_endpoint",
            ] {
                #expect(answer.json[name]?.string?.hasPrefix("https://pdp.example.com/access/v1/") == true, "\(name)")
            }
        }
    }
}
