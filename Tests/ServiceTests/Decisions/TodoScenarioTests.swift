import TestSupport
import Testing

/// The Todo scenario of the AuthZEN working group's interoperability events (`decisions-authorization-api-1_0-00.json`), as far
/// as it fits: a to-do is a repository, of which its owner has read-write; whether one may read users is no question about
/// repositories, and left out.
@Suite struct TodoScenarioTests {
    private static var world: [SeedLine] {
        var lines: [SeedLine] = [.org("citadel"), .user("root", admin: true), .repository("citadel/todos")]
        for team in ["admins", "editors", "viewers"] { lines.append(.team("citadel/\(team)")) }
        for (person, team, _) in people {
            lines += [
                .user(person), .member("citadel", person), .teamMember("citadel/\(team)", person),
                .repository("citadel/\(person)"),
            ]
            if team == "editors" { lines.append(.grant(person, "citadel/\(person)", .readWrite)) }
        }
        return lines + [
            .grant("citadel/admins", "citadel", .admin), .grant("citadel/editors", "citadel/todos", .readWrite),
            .grant("citadel/viewers", "citadel/todos", .readOnly),
        ]
    }

    /// Who, as what, and the decisions that were published: read to-dos, make one, change and delete one of rick's and one
    /// of their own.
    private static let people = [
        ("rick", "admins", "xx xx xx"), ("morty", "editors", "xx -x -x"), ("summer", "editors", "xx -x -x"),
        ("beth", "viewers", "x- -- --"), ("jerry", "viewers", "x- -- --"),
    ]

    @Test(arguments: people)
    func `every published decision that fits is ours`(_ person: String, _ team: String, _ decisions: String)
        async throws
    {
        try await TestService.run(Self.world) { service async throws in
            let questions = [
                ("pull", "todos"), ("push", "todos"), ("push", "rick"), ("push", person), ("delete-tag", "rick"),
                ("delete-tag", person),
            ]
            let expected = decisions.filter { $0 != " " }.map { $0 == "x" }
            #expect(expected.count == questions.count)
            let items: [JSONValue] = questions.map { action, repository in
                [
                    "action": ["name": .string(action)],
                    "resource": ["type": "repository", "id": .string("citadel/\(repository)")],
                ]
            }
            let subject: JSONValue = ["type": "user", "id": .string(person)]
            let batch = try await service.post(
                "/access/v1/evaluations", ["subject": subject, "evaluations": .array(items)], as: "root")
            #expect(batch.json["evaluations"]?.elements.map { $0["decision"] == true } == expected, "\(batch.text)")
            for (item, decision) in zip(items, expected) {
                var members = item.members
                members["subject"] = subject
                let answer = try await service.post("/access/v1/evaluation", .object(members), as: "root")
                #expect(answer.json["decision"] == .bool(decision), "\(person): \(answer.text)")
            }
        }
    }
}
