import TestSupport
import Testing

/// `id:…` where a path or a query takes a name.
struct PathIdentityTests {
    private static let world: [SeedLine] = [
        .user("root", admin: true), .user("mia"), .user("zoe"), .org("acme"), .org("other"),
        .member("acme", "mia", "owner"), .team("acme/ops"), .teamMember("acme/ops", "zoe"),
        .serviceAccount("acme+ci"), .serviceAccount("mia+bot"), .repository("acme/web/api"), .repository("mia/notes"),
        .grant("acme/ops", "acme/web/api", .readOnly),
    ]

    /// A path by names, and how the same is asked by identities; `{…}` is the identity of what has that path.
    private static let paths: [(named: String, by: [String])] = [
        ("/v1/users/mia", ["/v1/users/{/v1/users/mia}"]),
        ("/v1/orgs/acme", ["/v1/orgs/{/v1/orgs/acme}"]),
        (
            "/v1/orgs/acme/members/mia",
            ["/v1/orgs/{/v1/orgs/acme}/members/{/v1/users/mia}", "/v1/orgs/acme/members/{/v1/users/mia}"]
        ),
        (
            "/v1/orgs/acme/teams/ops",
            ["/v1/orgs/acme/teams/{/v1/orgs/acme/teams/ops}", "/v1/orgs/-/teams/{/v1/orgs/acme/teams/ops}"]
        ),
        ("/v1/orgs/acme/teams/ops/members/zoe", ["/v1/orgs/-/teams/{/v1/orgs/acme/teams/ops}/members/{/v1/users/zoe}"]),
        (
            "/v1/orgs/acme/service-accounts/ci",
            ["/v1/orgs/-/service-accounts/{/v1/orgs/acme/service-accounts/ci}"]
        ),
        (
            "/v1/users/mia/service-accounts/bot",
            ["/v1/users/-/service-accounts/{/v1/users/mia/service-accounts/bot}"]
        ),
        (
            "/v1/repositories/acme/web%2Fapi",
            [
                "/v1/repositories/-/{/v1/repositories/acme/web%2Fapi}",
                "/v1/repositories/{/v1/orgs/acme}/{/v1/repositories/acme/web%2Fapi}",
                "/v1/repositories/{/v1/orgs/acme}/web%2Fapi",
            ]
        ),
        ("/v1/repositories/acme/web%2Fapi/grants", ["/v1/repositories/-/{/v1/repositories/acme/web%2Fapi}/grants"]),
        ("/v1/namespaces/mia", ["/v1/namespaces/{/v1/users/mia}"]),
        ("/v1/repositories?namespace=acme", ["/v1/repositories?namespace={/v1/orgs/acme}"]),
        ("/v1/changes?subject=mia", ["/v1/changes?subject={/v1/users/mia}"]),
    ]

    /// The path with `id:…` for each `{…}`.
    private func resolved(_ path: String, at service: TestService) async throws -> String {
        var path = path
        while let start = path.lastIndex(of: "{"), let end = path[start...].firstIndex(of: "}") {
            let named = String(path[path.index(after: start)..<end])
            let id = try #require(try await service.get(named, as: .user("root")).json["id"]?.string, "\(named)")
            path.replaceSubrange(start...end, with: "id:\(id)")
        }
        return path
    }

    @Test func `an identity reads what its name reads`() async throws {
        try await TestService.run(Self.world) { service async throws in
            for (named, others) in Self.paths {
                let expected = try await service.get(named, as: .user("root"))
                #expect(expected.status == 200, "\(named)")
                for other in others {
                    let path = try await resolved(other, at: service)
                    let answer = try await service.get(path, as: .user("root"))
                    #expect(answer.status == 200 && answer.json == expected.json, "\(path): \(answer.text)")
                }
            }
        }
    }

    @Test func `it goes on reading it under another name, and writes it`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let team = try await resolved("/v1/orgs/-/teams/{/v1/orgs/acme/teams/ops}", at: service)
            let repository = try await resolved("/v1/repositories/-/{/v1/repositories/acme/web%2Fapi}", at: service)
            #expect(try await service.patch(team, ["name": "operations"], as: .user("mia")).status == 200)
            #expect(try await service.get(team, as: .user("mia")).json["name"] == "operations")
            let teamID = try #require(team.split(separator: "/").last)
            let grant = "\(repository)/grants/teams/\(teamID)"
            #expect(try await service.put(grant, ["level": "admin"], as: .user("mia")).status == 200)
            let moved = try await service.patch(repository, ["namespace": "mia", "name": "api"], as: .user("root"))
            #expect(moved.status == 200, "\(moved.text)")
            #expect(try await service.get(repository, as: .user("root")).json["namespace"] == "mia")
            #expect(try await service.delete(repository, as: .user("root")).status == 204)
            #expect(try await service.get(repository, as: .user("root")).status == 404)
        }
    }

    @Test func `what the caller may not see is not there, and no name is told`() async throws {
        try await TestService.run(Self.world) { service async throws in
            // Each hidden from zoe, and its name.
            for (path, name) in [
                ("/v1/repositories/-/{/v1/repositories/mia/notes}", "notes"),
                ("/v1/users/-/service-accounts/{/v1/users/mia/service-accounts/bot}", "bot"),
                ("/v1/orgs/-/service-accounts/{/v1/orgs/acme/service-accounts/ci}", "ci"),
            ] {
                let path = try await resolved(path, at: service)
                for method in ["GET", "DELETE"] {
                    let answer = try await service.send(method, path, as: .user("zoe"))
                    #expect(answer.status == 404, "\(path)")
                    #expect(!answer.text.contains("\"\(name)\"") && !answer.text.contains("/\(name)"), "\(answer.text)")
                }
            }
        }
    }

    @Test(arguments: [
        "/v1/users/id:000000000000000", "/v1/users/{/v1/orgs/acme}", "/v1/orgs/{/v1/users/mia}",
        "/v1/orgs/other/teams/{/v1/orgs/acme/teams/ops}", "/v1/orgs/-/teams/ops", "/v1/repositories/-/web%2Fapi",
        "/v1/repositories/mia/{/v1/repositories/acme/web%2Fapi}", "/v1/users/id:", "/v1/users/id:x%2Fy",
        "/v1/users/-/service-accounts/{/v1/orgs/acme/service-accounts/ci}", "/v1/namespaces/id:000000000000000",
    ])
    func `what is not there under an identity is not found`(path: String) async throws {
        try await TestService.run(Self.world) { service async throws in
            let path = try await resolved(path, at: service)
            #expect(try await service.get(path, as: .user("root")).status == 404, "\(path)")
        }
    }
}
