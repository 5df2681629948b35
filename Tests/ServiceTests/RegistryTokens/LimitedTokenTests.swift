import AccessModel
import TestSupport
import Testing

/// Tokens that are limited to actions and repositories.
@Suite struct LimitedTokenTests {
    private static func secret(
        _ service: TestService, _ actions: [String], _ repositories: [String], of path: String = "/v1/users/tom/tokens"
    ) async throws -> String {
        try await service.setPassword(of: "root", to: "correct horse")
        let scope: JSONValue = [
            "actions": .array(actions.map(JSONValue.string)),
            "repositories": .array(repositories.map(JSONValue.string)),
        ]
        let made = try await service.post(
            path, ["name": "limited", "scope": scope], as: .basic(login: "root", secret: "correct horse"))
        #expect(made.status == 201, "\(made.text)")
        #expect(made.json["scope"]?["repositories"] == scope["repositories"])
        return try #require(made.json["secret"]?.string)
    }

    @Test(
        arguments: [
            (["pull"], ["acme/*"], ["repository:acme/web:pull", "repository:acme/ro:pull"]),
            (["pull"], ["acme/web"], ["repository:acme/web:pull"]),
            (["push"], ["acme/*"], ["repository:acme/web:pull,push", "repository:acme/ro:pull"]),
            (["delete"], ["*"], ["repository:acme/web:delete"]), (["pull", "push"], ["other/*"], []),
            (
                ["pull", "push", "delete"], ["*"],
                ["repository:acme/web:pull,push,delete", "repository:acme/ro:pull"]
            ),
        ] as [([String], [String], [String])])
    func `it gives what is in its limit and what its user may`(
        _ actions: [String], _ repositories: [String], _ access: [String]
    ) async throws {
        try await TestService.run(RegistryTokenTests.world) { service async throws in
            let secret = try await Self.secret(service, actions, repositories)
            for credential in [Credential.bearer(secret), .basic(login: "tom", secret: secret)] {
                let answer = try await service.get(
                    "/token?scope=repository:acme/web:*&scope=repository:acme/ro:*&scope=repository:acme/hid:*",
                    as: credential)
                #expect(try RegistryToken(answer).access == access)
            }
        }
    }

    @Test func `it is good at a registry, and nowhere else`() async throws {
        try await TestService.run(RegistryTokenTests.world) { service async throws in
            let secret = try await Self.secret(service, ["pull"], ["*"])
            for path in ["/v1/users/me", "/v1/repositories", "/v1/users/tom/tokens"] {
                expectProblem(try await service.get(path, as: .bearer(secret)), 403, code: "forbidden")
            }
            let question: JSONValue = ["subject": ["type": "user", "id": "tom"]]
            #expect(try await service.post("/access/v1/evaluation", question, as: .bearer(secret)).status == 403)
        }
    }

    @Test func `an administrator's limited token lists no catalogue`() async throws {
        try await TestService.run(RegistryTokenTests.world) { service async throws in
            let secret = try await Self.secret(service, ["pull"], ["*"], of: "/v1/users/root/tokens")
            let answer = try await service.get("/token?scope=registry:catalog:*", as: .bearer(secret))
            #expect(try RegistryToken(answer).access == [])
        }
    }

    @Test func `it follows what its user may, and ends a registry token with itself`() async throws {
        try await TestService.run(RegistryTokenTests.world) { service async throws in
            let secret = try await Self.secret(service, ["push"], ["acme/web"])
            let path = "/token?scope=repository:acme/web:pull,push"
            _ = try await service.delete("/v1/orgs/acme/teams/ops/members/tom", as: "root")
            #expect(try RegistryToken(try await service.get(path, as: .bearer(secret))).access == [])
            let short = try await service.newToken(for: "tom", expiresAt: service.clock.now + .seconds(70))
            #expect(try await service.get(path, as: .bearer(short)).json["expires_in"] == 70)
        }
    }

    @Test(
        arguments: [
            ["actions": [], "repositories": ["*"]], ["actions": ["fly"], "repositories": ["*"]],
            ["actions": ["pull"], "repositories": []], ["actions": ["pull"], "repositories": ["Acme/*"]],
            ["actions": ["pull"], "repositories": ["acme*"]], ["actions": ["pull"]], ["repositories": ["*"]],
            ["actions": ["pull"], "repositories": ["*"], "more": 1],
        ] as [JSONValue])
    func `a limit that means nothing is refused`(_ scope: JSONValue) async throws {
        try await TestService.run(RegistryTokenTests.world) { service async throws in
            try await service.setPassword(of: "tom", to: "correct horse")
            let answer = try await service.post(
                "/v1/users/tom/tokens", ["name": "n", "scope": scope],
                as: .basic(login: "tom", secret: "correct horse"))
            expectProblem(answer, 400, code: "invalid")
        }
    }
}
