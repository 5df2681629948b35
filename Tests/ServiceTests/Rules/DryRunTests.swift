import TestSupport
import Testing

@Suite struct DryRunTests {
    private static let world: [SeedLine] = [
        .user("root", admin: true), .user("ann"), .org("acme"), .team("acme/ops"), .repository("acme/web"),
    ]

    private static let writes: [(method: String, path: String, body: JSONValue)] = [
        ("POST", "/v1/users", ["name": "new"]), ("PATCH", "/v1/users/ann", ["active": false]),
        ("POST", "/v1/orgs", ["name": "new"]), ("PATCH", "/v1/orgs/acme", ["full_name": "Acme"]),
        ("PUT", "/v1/orgs/acme/members/ann", ["role": "owner"]), ("POST", "/v1/orgs/acme/teams", ["name": "new"]),
        ("PATCH", "/v1/orgs/acme/teams/ops", ["description": "new"]),
        ("PUT", "/v1/orgs/acme/teams/ops/members/ann", ["role": "member"]),
        ("POST", "/v1/repositories", ["namespace": "acme", "name": "new"]),
        ("PATCH", "/v1/repositories/acme/web", ["visibility": "public"]),
        ("PUT", "/v1/repositories/acme/web/grants/teams/ops", ["level": "admin"]),
        ("PUT", "/v1/namespaces/acme/grants/teams/ops", ["level": "admin"]),
    ]

    @Test func `whatever takes a dry run answers what would change, and changes nothing`() async throws {
        try await TestService.run(Self.world) { service async throws in
            _ = try await service.get("/v1/users/me", as: "root")
            let revision = service.service.published.current.revision
            for write in Self.writes {
                let answer = try await service.send(write.method, "\(write.path)?dry_run=true", write.body, as: "root")
                #expect(answer.status == 200, "\(write)")
                #expect(answer.json["changes"]?.elements.isEmpty == false, "\(write)")
                #expect(service.service.published.current.revision == revision, "\(write)")
            }
        }
    }

    @Test(arguments: [
        "/v1/users/ann/tokens?dry_run=true", "/v1/users/ann?dryrun=true", "/v1/users/ann?dry_run=true&dry_run=false",
    ])
    func `what cannot be tried out, or is misspelt, is refused and changes nothing`(path: String) async throws {
        try await TestService.run(Self.world) { service async throws in
            _ = try await service.get("/v1/users/me", as: "root")
            let revision = service.service.published.current.revision
            let method = path.contains("tokens") ? "POST" : "DELETE"
            let answer = try await service.send(method, path, method == "POST" ? ["name": "x"] : .null, as: "root")
            expectProblem(answer, 400, code: "invalid")
            #expect(service.service.published.current.revision == revision)
        }
    }
}
