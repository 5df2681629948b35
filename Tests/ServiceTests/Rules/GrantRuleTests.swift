import AccessModel
import Foundation
import TestSupport
import Testing

@Suite struct GrantRuleTests {
    static let world: [SeedLine] = [
        .user("root", admin: true), .user("ann"), .user("bob"), .org("acme"), .org("other"), .team("acme/ops"),
        .team("other/ops"), .team("other/devs"), .repository("acme/web"), .repository("ann/own"),
        .serviceAccount("acme+ci"),
        .serviceAccount("other+bot"), .serviceAccount("ann+bot"),
    ]

    @Test func `another organisation's team cannot be meant in a path, and is refused in an import`() async throws {
        try await TestService.run(Self.world) { service async throws in
            expectProblem(
                try await service.put("/v1/repositories/acme/web/grants/teams/devs", ["level": "admin"], as: "root"),
                404,
                code: "not-found")
            for target in ["acme/web", "acme", "ann/own"] {
                let line = try SeedLine.grant("other/ops", target, .admin).json.text
                let answer = try await service.importLines([line])
                expectProblem(answer, 422, code: "invalid-line")
                #expect(answer.json["detail"]?.string?.contains("other/ops") == true)
            }
        }
    }

    @Test func `another owner's service account is refused`() async throws {
        try await TestService.run(Self.world) { service async throws in
            for (subject, target) in [
                ("other+bot", "acme/web"), ("other+bot", "acme"), ("acme+ci", "ann/own"), ("ann+bot", "acme"),
            ] {
                let line = try SeedLine.grant(subject, target, .readOnly).json.text
                expectProblem(try await service.importLines([line]), 422, code: "invalid-line")
            }
            #expect(
                try await service.put(
                    "/v1/repositories/ann/own/grants/service-accounts/bot", ["level": "admin"], as: "ann"
                )
                .status == 201)
        }
    }

    @Test func `a single user cannot be given a whole namespace`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let line = try SeedLine.grant("ann", "acme", .readOnly).json.text
            expectProblem(try await service.importLines([line]), 422, code: "invalid-line")
            expectProblem(
                try await service.put("/v1/namespaces/acme/grants/users/ann", ["level": "read-only"], as: "root"), 404,
                code: "not-found")
        }
    }

    @Test func `an end in the past is refused, and so is one that is now`() async throws {
        try await TestService.run(Self.world) { service async throws in
            for end in ["2026-03-01T11:59:59Z", "2026-03-01T12:00:00Z", "2026-03-01", "2026-03-01T14:00:00+02:00"] {
                let answer = try await service.put(
                    "/v1/repositories/acme/web/grants/users/ann", ["level": "admin", "expires_at": .string(end)],
                    as: "root")
                expectProblem(answer, 400, code: "invalid")
                #expect(answer.json["field"] == "expires_at")
            }
            let token = try await service.createTokenWithPassword(expiresAt: "2026-03-01T11:00:00Z")
            expectProblem(token, 400, code: "invalid")
            #expect(token.json["field"] == "expires_at")
        }
    }

    @Test(arguments: ["tomorrow", "2026-13-01T00:00:00Z", "2026-03-01T12:00", "", "1772366400"])
    func `an end that is no time is refused`(_ end: String) async throws {
        try await TestService.run(Self.world) { service async throws in
            let answer = try await service.put(
                "/v1/repositories/acme/web/grants/users/ann", ["level": "admin", "expires_at": .string(end)], as: "root"
            )
            expectProblem(answer, 400, code: "invalid")
            #expect(answer.json["field"] == "expires_at")
        }
    }

    @Test func `a grant counts for nothing from its end on, at every place`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let end = service.clock.now + .seconds(100)
            let put = try await service.put(
                "/v1/repositories/acme/web/grants/users/ann",
                ["level": "admin", "expires_at": .string(end.description)],
                as: "root")
            #expect(put.status == 201)
            #expect(put.json["expires_at"] == .string(end.description))
            service.clock.advance(by: .seconds(100) - .microseconds(1))
            #expect(try await service.level(of: "ann", on: "acme/web") == "admin")
            #expect(try await service.get("/v1/repositories/acme/web", as: "ann").json["level"] == "admin")
            #expect(try await service.get("/v1/repositories/acme/web/grants", as: "ann").status == 200)

            service.clock.advance(by: .microseconds(1))
            #expect(try await service.level(of: "ann", on: "acme/web") == nil)
            #expect(try await service.get("/v1/repositories/acme/web", as: "ann").status == 404)
            #expect(try await service.get("/v1/repositories", as: "ann").items.count == 1, "only her own")
            let grant = try await service.put(
                "/v1/repositories/acme/web/grants/users/bob", ["level": "admin"], as: "ann")
            expectProblem(grant, 404, code: "not-found")
            #expect(try await service.decisions()["ann on acme/web"] == nil)
        }
    }

    @Test func `levels add up and the highest wins, whatever the order`() async throws {
        try await TestService.run(Self.world + [.member("acme", "ann"), .teamMember("acme/ops", "ann")]) {
            service async throws in
            _ = try await service.put("/v1/namespaces/acme/grants/teams/ops", ["level": "read-write"], as: "root")
            _ = try await service.put("/v1/repositories/acme/web/grants/users/ann", ["level": "read-only"], as: "root")
            #expect(try await service.level(of: "ann", on: "acme/web") == "read-write")
            _ = try await service.put("/v1/repositories/acme/web/grants/teams/ops", ["level": "admin"], as: "root")
            #expect(try await service.level(of: "ann", on: "acme/web") == "admin")
            _ = try await service.delete("/v1/repositories/acme/web/grants/teams/ops", as: "root")
            _ = try await service.delete("/v1/namespaces/acme/grants/teams/ops", as: "root")
            #expect(try await service.level(of: "ann", on: "acme/web") == "read-only")
        }
    }

    @Test func `a member of the organisation sees no private repository by that alone`() async throws {
        try await TestService.run(Self.world + [.member("acme", "ann")]) { service async throws in
            #expect(try await service.get("/v1/repositories/acme/web", as: "ann").status == 404)
            _ = try await service.patch("/v1/repositories/acme/web", ["visibility": "public"], as: "root")
            #expect(try await service.get("/v1/repositories/acme/web", as: "ann").json["level"] == "read-only")
        }
    }
}

extension TestService {
    /// Imports lines over HTTP, as the administrator `root`.
    func importLines(_ lines: [String], query: String = "", as caller: Credential = "root") async throws -> TestAnswer {
        try await send(
            "POST", "/v1/import\(query)", bytes: Data(lines.map { $0 + "\n" }.joined().utf8), as: caller,
            headers: ["Content-Type": "application/x-ndjson"])
    }

    fileprivate func createTokenWithPassword(expiresAt: String) async throws -> TestAnswer {
        try await setPassword(of: "ann", to: "correct horse")
        return try await post(
            "/v1/users/ann/tokens", ["name": "ci", "expires_at": .string(expiresAt)],
            as: .basic(login: "ann", secret: "correct horse"))
    }
}
