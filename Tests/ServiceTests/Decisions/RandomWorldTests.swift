import AccessModel
import ReferenceModel
import TestSupport
import Testing

/// Whole worlds loaded into the service, and every answer over HTTP compared with the
/// reference evaluator.
@Suite struct RandomWorldTests {
    @Test(arguments: UInt64(1)...6)
    func `checks over HTTP agree with the reference`(_ seed: UInt64) async throws {
        try await TestService.run(world: seed) { service, reference async throws in
            for principal in reference.world.principals {
                let questions = (reference.world.paths + reference.world.missingPaths).flatMap { path in
                    Action.allCases.map { (path, $0) }
                }
                let answers = try await service.check(principal, questions)
                #expect(answers.count == questions.count)
                for ((path, action), answer) in zip(questions, answers) {
                    #expect(answer == reference.check(principal, action, path), "\(principal) \(action) \(path)")
                }
            }
        }
    }

    @Test(arguments: UInt64(1)...6)
    func `who may and what may agree with the reference in both directions`(_ seed: UInt64) async throws {
        try await TestService.run(world: seed) { service, reference async throws in
            for action in [Action.pull, .push, .manageAccess] {
                for path in reference.world.paths {
                    var found: [String] = []
                    for type in ["anonymous", "service-account", "user"] {
                        let answer = try await service.post(
                            "/access/v1/search/subject",
                            [
                                "subject": ["type": .string(type)], "action": ["name": .string(action.rawValue)],
                                "resource": ["type": "repository", "id": .string(path.description)],
                            ], as: .user(RootedWorld.root))
                        found += answer.json["results"]?.elements.strings("id") ?? []
                    }
                    #expect(found == reference.whoMay(action, path).map(\.description), "\(action) \(path)")
                }
                for principal in reference.world.principals {
                    let answer = try await service.post(
                        "/access/v1/search/resource",
                        [
                            "subject": ["type": .string(principal.kind), "id": .string(principal.description)],
                            "action": ["name": .string(action.rawValue)], "resource": ["type": "repository"],
                        ], as: .user(RootedWorld.root))
                    let found = answer.json["results"]?.elements.strings("id") ?? []
                    #expect(found == reference.whatMay(principal, action).map(\.description), "\(action) \(principal)")
                }
            }
        }
    }

    @Test(arguments: UInt64(1)...6)
    func `a registry token holds exactly what the reference allows`(_ seed: UInt64) async throws {
        let words: [(String, Action)] = [("pull", .pull), ("push", .push), ("delete", .deleteTag)]
        try await TestService.run(world: seed) { service, reference async throws in
            let paths = reference.world.paths + reference.world.missingPaths
            let scopes = paths.map { "scope=repository:\($0):*" }.joined(separator: "&")
            let users = reference.world.accounts.filter { $0.kind == .user && $0.isActive }.map {
                Principal.user($0.name)
            }
            for principal in users + [.anonymous] {
                let caller: Credential = principal == .anonymous ? .anonymous : .user(principal.description)
                let answer = try await service.get("/token?service=registry&\(scopes)", as: caller)
                let expected = paths.compactMap { path in
                    let actions = words.filter { reference.check(principal, $0.1, path) }.map(\.0)
                    return actions.isEmpty ? nil : "repository:\(path):\(actions.joined(separator: ","))"
                }
                #expect(try RegistryToken(answer).access == expected, "\(principal)")
                let end = try #require(try RegistryToken(answer).claims["exp"]?.integer)
                let last = ReferenceEvaluator(reference.world, at: Timestamp(seconds: end) + .microseconds(-1))
                for path in paths where end > reference.now.seconds {
                    for (_, action) in words where reference.check(principal, action, path) {
                        #expect(
                            last.check(principal, action, path), "\(principal): the token outlives \(action) on \(path)"
                        )
                    }
                }
            }
        }
    }
}
