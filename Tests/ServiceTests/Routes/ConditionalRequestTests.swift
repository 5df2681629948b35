import TestSupport
import Testing

/// Conditional requests by RFC 9110, 13.
struct ConditionalRequestTests {
    private static let world: [SeedLine] = [
        .user("root", admin: true), .user("ann"), .user("zoe"), .org("acme"),
        .team("acme/ops"), .repository("acme/web"),
        .member("acme", "ann"),
    ]
    private static let grant = "/v1/repositories/acme/web/grants/teams/ops"

    @Test func `nothing is made where something has to be, nor over what must not be there`() async throws {
        try await TestService.run(Self.world) { service async throws in
            func put(_ level: String, _ headers: [String: String]) async throws -> Int {
                try await service.put(Self.grant, ["level": .string(level)], as: "root", headers: headers).status
            }
            #expect(try await put("read-only", ["If-Match": "*"]) == 412)
            #expect(try await put("read-only", ["If-Match": "\"1\""]) == 412)
            #expect(try await put("read-only", ["If-None-Match": "*"]) == 201)
            #expect(try await put("admin", ["If-None-Match": "*"]) == 412)
            #expect(try await put("read-write", ["If-Match": "*"]) == 200)
            let list = try await service.get("/v1/repositories/acme/web/grants", as: "root")
            #expect(list.items.map { $0["level"] } == ["read-write"])
            let team = "/v1/orgs/acme/teams/ops/members/ann"
            for (path, role) in [("/v1/orgs/acme/members/zoe", "member"), (team, "maintainer")] {
                let answer = try await service.put(
                    path, ["role": .string(role)], as: "root", headers: ["If-Match": "*"])
                expectProblem(answer, 412, code: "precondition-failed")
            }
        }
    }

    @Test(
        arguments: [
            ("TAG", 200), ("\"NUMBER\"", 200), ("\"1\", TAG", 200), (" , TAG ,", 200), ("W/TAG", 412),
            ("\"0NUMBER\"", 412),
            ("\"other\"", 412), ("\"\"", 412), ("NUMBER", 400), ("\"NUMBER", 400), ("*, TAG", 400), ("", 400),
            ("TAG TAG", 400), ("w/TAG", 400),
        ])
    func `a list of tags is read as the standard has it`(text: String, status: Int) async throws {
        try await TestService.run(Self.world) { service async throws in
            let tag = try #require(try await service.get("/v1/orgs/acme", as: "root").eTag)
            let number = tag.dropFirst().prefix { $0 != "-" }
            let header = text.replacing("TAG", with: tag).replacing("NUMBER", with: number)
            let answer = try await service.patch(
                "/v1/orgs/acme", ["full_name": "Acme"], as: "root", headers: ["If-Match": header])
            #expect(answer.status == status, "\(header): \(answer.text)")
        }
    }

    @Test func `a client that has the answer is told so, and one that has another view is not`() async throws {
        try await TestService.run(Self.world) { service async throws in
            func get(_ path: String, _ tag: String?, as user: Credential = "root") async throws -> TestAnswer {
                try await service.get(path, as: user, headers: tag.map { ["If-None-Match": $0] } ?? [:])
            }
            for path in [
                "/v1/users/ann", "/v1/users/me", "/v1/orgs/acme", "/v1/orgs/acme/teams/ops",
                "/v1/repositories/acme/web", "/v1/namespaces/acme", "/v1/orgs/acme/members/ann",
            ] {
                let tag = try #require(try await get(path, nil).eTag)
                let known = try await get(path, "\"x\", W/\(tag)")
                #expect(known.status == 304 && known.body.isEmpty && known.eTag == tag, "\(path)")
                #expect(known["Content-Type"] == nil)
                #expect(try await get(path, "*").status == 304)
                #expect(try await get(path, "\"1\"").status == 200)
            }
            // Of others one sees less.
            let whole = try #require(try await get("/v1/users/ann", nil).eTag)
            #expect(try await get("/v1/users/ann", whole, as: "ann").status == 304)
            #expect(try await get("/v1/users/ann", whole, as: "zoe").status == 200)
            // What a registry tells is no change, and yet another answer.
            let before = try #require(try await get("/v1/repositories/acme/web", nil).eTag)
            try await service.service.registry.record([
                .init(
                    action: .push(tag: "1", digest: "sha256:0"), repository: .init("acme/web"), actor: "ann",
                    time: service.clock.now)
            ])
            #expect(try await get("/v1/repositories/acme/web", before).status == 200)
            // And a write with the older tag goes through.
            let written = try await service.patch(
                "/v1/repositories/acme/web", ["description": "x"], as: "root", headers: ["If-Match": before])
            #expect(written.status == 200)
        }
    }

    @Test(
        arguments: [
            ("POST", "/v1/users", ["name": "new"]), ("PUT", "/v1/users/ann/password", ["password": "another password"]),
            ("POST", "/v1/registry/keys", [:]), ("DELETE", "/v1/users/ann/tokens/00000000000000a", nil),
        ] as [(String, String, TestSupport.JSONValue?)])
    func `a write that cannot be conditional refuses to be`(
        method: String, path: String, body: TestSupport.JSONValue?
    ) async throws {
        try await TestService.run(Self.world) { service async throws in
            for header in ["If-Match", "If-None-Match"] {
                let answer = try await service.send(method, path, body, as: "root", headers: [header: "\"1\""])
                expectProblem(answer, 400, code: "invalid")
                #expect(answer.json["field"]?.string == header)
            }
        }
    }

    @Test func `a tag of a write is that of what is read then`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let written = try await service.patch("/v1/orgs/acme", ["full_name": "Acme"], as: "root")
            #expect(try await service.get("/v1/orgs/acme", as: "root").eTag == written.eTag)
        }
    }
}
