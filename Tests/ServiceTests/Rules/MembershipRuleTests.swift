import TestSupport
import Testing

@Suite struct MembershipRuleTests {
    static let world: [SeedLine] = [
        .user("root", admin: true), .user("olga"), .user("tom"), .user("vic"), .org("acme"), .org("other"),
        .member("acme", "olga", "owner"), .member("acme", "tom"), .member("other", "tom"), .team("acme/ops"),
        .team("acme/sub", parent: "ops"), .teamMember("acme/sub", "tom"), .team("other/ops"),
        .teamMember("other/ops", "tom"),
        .repository("acme/web"), .repository("acme/api"), .repository("other/x"),
        .grant("acme/ops", "acme/web", .readWrite), .grant("tom", "acme/api", .readOnly),
        .grant("tom", "other/x", .readOnly),
    ]

    @Test func `the last active owner of an organisation stays`() async throws {
        try await TestService.run(Self.world) { service async throws in
            for caller in ["root", "olga"] as [Credential] {
                expectProblem(
                    try await service.put("/v1/orgs/acme/members/olga", ["role": "member"], as: caller), 409,
                    code: "last-owner")
                expectProblem(
                    try await service.delete("/v1/orgs/acme/members/olga", as: caller), 409, code: "last-owner")
            }
            expectProblem(
                try await service.patch("/v1/users/olga", ["active": false], as: "root"), 409, code: "last-owner")
            expectProblem(try await service.delete("/v1/users/olga", as: "root"), 409, code: "last-owner")
            // An inactive second owner does not count, an active one does.
            try await service.load([.member("acme", "vic", "owner"), .user("vic", active: false)])
            expectProblem(try await service.delete("/v1/orgs/acme/members/olga", as: "root"), 409, code: "last-owner")
            try await service.load([.user("vic", active: true)])
            #expect(try await service.delete("/v1/orgs/acme/members/olga", as: "root").status == 204)
        }
    }

    @Test func `the last active system administrator stays`() async throws {
        try await TestService.run(Self.world) { service async throws in
            for change in [["active": false], ["system_admin": false]] as [JSONValue] {
                expectProblem(
                    try await service.patch("/v1/users/root", change, as: "root"), 409, code: "last-administrator")
            }
            expectProblem(try await service.delete("/v1/users/root", as: "root"), 409, code: "last-administrator")
            try await service.load([.user("idle", admin: true, active: false)])
            expectProblem(try await service.delete("/v1/users/root", as: "root"), 409, code: "last-administrator")
            try await service.load([.user("next", admin: true)])
            #expect(try await service.patch("/v1/users/root", ["system_admin": false], as: "root").status == 200)
        }
    }

    @Test func `leaving an organisation leaves its teams and loses direct grants there`() async throws {
        try await TestService.run(Self.world) { service async throws in
            #expect(try await service.level(of: "tom", on: "acme/web") == "read-write")
            #expect(try await service.delete("/v1/orgs/acme/members/tom", as: "olga").status == 204)
            #expect(try await service.level(of: "tom", on: "acme/web") == nil)
            #expect(try await service.level(of: "tom", on: "acme/api") == nil)
            #expect(
                try await service.level(of: "tom", on: "other/x") == "read-only", "another organisation's grants stay")
            #expect(
                try await service.get("/v1/orgs/other/teams/ops/members", as: "root").items.strings("user") == ["tom"])
            #expect(try await service.get("/v1/orgs/acme/teams/sub/members", as: "root").items.isEmpty)
            #expect(try await service.get("/v1/repositories/acme/api/grants", as: "root").items.isEmpty)
            #expect(try await service.put("/v1/orgs/acme/members/tom", ["role": "member"], as: "olga").status == 201)
            #expect(try await service.level(of: "tom", on: "acme/web") == nil, "coming back brings no team back")
        }
    }

    @Test func `keep_direct_grants keeps direct grants but no team`() async throws {
        try await TestService.run(Self.world) { service async throws in
            #expect(
                try await service.delete("/v1/orgs/acme/members/tom?keep_direct_grants=true", as: "olga").status == 204)
            #expect(try await service.level(of: "tom", on: "acme/web") == nil)
            #expect(try await service.level(of: "tom", on: "acme/api") == "read-only")
        }
    }

    @Test func `leaving a team keeps the organisation`() async throws {
        try await TestService.run(Self.world) { service async throws in
            #expect(try await service.delete("/v1/orgs/acme/teams/sub/members/tom", as: "olga").status == 204)
            #expect(try await service.get("/v1/orgs/acme/members/tom", as: "olga").status == 200)
            #expect(try await service.level(of: "tom", on: "acme/web") == nil)
            #expect(try await service.level(of: "tom", on: "acme/api") == "read-only")
        }
    }

    @Test func `removing and re-adding a team member changes nothing`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let before = try await service.decisions()
            #expect(try await service.delete("/v1/orgs/acme/teams/sub/members/tom", as: "olga").status == 204)
            #expect(try await service.decisions() != before)
            #expect(
                try await service.put("/v1/orgs/acme/teams/sub/members/tom", ["role": "member"], as: "olga").status
                    == 201)
            #expect(try await service.decisions() == before)
        }
    }

    @Test func `a team cannot be below itself`() async throws {
        try await TestService.run(Self.world + [.team("acme/low", parent: "sub")]) { service async throws in
            for parent in ["ops", "sub", "low"] {
                let answer = try await service.patch("/v1/orgs/acme/teams/ops", ["parent": .string(parent)], as: "olga")
                expectProblem(answer, 409, code: "team-cycle")
            }
            expectProblem(
                try await service.patch("/v1/orgs/acme/teams/ops", ["parent": "nothing"], as: "olga"), 404,
                code: "not-found")
        }
    }

    @Test func `when a team is deleted its children move up and its members lose what it gave`() async throws {
        try await TestService.run(
            Self.world + [.team("acme/low", parent: "sub"), .grant("acme/sub", "acme/api", .admin)]
        ) { service async throws in
            #expect(try await service.level(of: "tom", on: "acme/api") == "admin")
            #expect(try await service.delete("/v1/orgs/acme/teams/sub", as: "olga").status == 204)
            #expect(try await service.get("/v1/orgs/acme/teams/low", as: "olga").json["parent"] == "ops")
            #expect(try await service.level(of: "tom", on: "acme/api") == "read-only")
            #expect(try await service.level(of: "tom", on: "acme/web") == nil)
            #expect(try await service.delete("/v1/orgs/acme/teams/ops", as: "olga").status == 204)
            #expect(try await service.get("/v1/orgs/acme/teams/low", as: "olga").json["parent"] == .null)
        }
    }

    @Test func `effective members are those of the teams below, too`() async throws {
        try await TestService.run(Self.world) { service async throws in
            #expect(try await service.get("/v1/orgs/acme/teams/ops/members", as: "olga").items.isEmpty)
            let effective = try await service.get("/v1/orgs/acme/teams/ops/members?effective=true", as: "olga").items
            #expect(effective.strings("user") == ["tom"])
            #expect(effective.strings("through") == ["sub"])
        }
    }

    @Test func `whoever makes an organisation owns it`() async throws {
        try await TestService.run(Self.world) { service async throws in
            #expect(try await service.post("/v1/orgs", ["name": "new"], as: "root").status == 201)
            #expect(try await service.get("/v1/orgs/new/members/root", as: "root").json["role"] == "owner")
        }
    }
}

extension [JSONValue] {
    func strings(_ name: String) -> [String] { compactMap { $0[name]?.string } }
}
