import TestSupport
import Testing

@Suite struct ChangeLogTests {
    static let world: [SeedLine] = [
        .user("root", admin: true), .user("olga", email: "o@example.com"), .user("tom"), .org("acme"),
        .member("acme", "olga", "owner"), .member("acme", "tom"), .team("acme/ops"), .teamMember("acme/ops", "tom"),
        .repository("acme/web"), .grant("tom", "acme/web", .readOnly),
    ]

    @Test func `an entry tells who did what, when, and what it was before`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let olga = try await service.get("/v1/users/me", as: "olga").json["id"]?.string ?? ""
            let before = service.service.transactions.published.current.revision
            _ = try await service.put("/v1/repositories/acme/web/grants/users/tom", ["level": "admin"], as: "olga")
            let entries = try await service.get("/v1/changes?after=\(before)", as: .user("root")).items
            let entry = try #require(entries.first { $0["kind"] == "grant" })
            #expect(entry["revision"]?.integer == before + 1)
            #expect(entry["actor"] == .string("user:\(olga)"))
            #expect(entry["time"] == .string(service.clock.now.description))
            #expect(entry["before"]?["level"] == "read-only")
            #expect(entry["after"]?["level"] == "admin")
            #expect(entry["hash"]?.string?.count == 64)
        }
    }

    @Test func `what follows from a command says why`() async throws {
        try await TestService.run(Self.world) { service async throws in
            _ = try await service.get("/v1/users/me", as: "olga")
            let before = service.service.transactions.published.current.revision
            _ = try await service.delete("/v1/orgs/acme/members/tom", as: "olga")
            let entries = try await service.get("/v1/changes?subject=acme&after=\(before)", as: "olga").items
            #expect(entries.strings("kind") == ["team-member", "grant", "organization-member"])
            #expect(entries.strings("reason") == Array(repeating: "left acme", count: 3))
            #expect(entries.allSatisfy { $0["after"] == .null && $0["before"] != .null })
        }
    }

    @Test func `entries come oldest first, after the revision asked for, and not more than asked for`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let all = try await service.get("/v1/changes?limit=1000", as: "root").items
            #expect(all.compactMap { $0["revision"]?.integer } == Array(1...Int64(all.count)))
            let some = try await service.get("/v1/changes?after=3&limit=2", as: "root").items
            #expect(some == Array(all[3...4]))
            #expect(try await service.get("/v1/changes?after=999999", as: "root").items.isEmpty)
            for query in ["after=-1", "after=x", "limit=0", "limit=1001", "subject=UPPER"] {
                expectProblem(try await service.get("/v1/changes?\(query)", as: "root"), 400, code: "invalid")
            }
        }
    }

    @Test func `an owner reads the organisation's part and nothing else`() async throws {
        try await TestService.run(Self.world + [.org("other"), .repository("other/x"), .repository("tom/own")]) {
            service async throws in
            let entries = try await service.get("/v1/changes?subject=acme&limit=1000", as: "olga").items
            let names = entries.compactMap { $0["after"]?["name"]?.string }
            #expect(names.contains("web") && names.contains("ops"))
            #expect(!names.contains("x") && !names.contains("own"))
        }
    }

    @Test func `an organisation's part keeps what was about teams and repositories that are gone`() async throws {
        try await TestService.run(Self.world) { service async throws in
            _ = try await service.get("/v1/users/me", as: "olga")
            let before = try await service.get("/v1/changes?subject=acme&limit=1000", as: "olga").items
            let revision = service.service.transactions.published.current.revision
            _ = try await service.delete("/v1/repositories/acme/web", as: "olga")
            _ = try await service.delete("/v1/orgs/acme/teams/ops", as: "olga")
            let after = try await service.get("/v1/changes?subject=acme&limit=1000", as: "olga").items
            #expect(after.filter { ($0["revision"]?.integer ?? 0) <= revision } == before)
            #expect(
                after.filter { ($0["revision"]?.integer ?? 0) > revision }.strings("kind")
                    == ["grant", "repository", "team-member", "team"])
        }
    }

    @Test func `a refused or empty change leaves no entry`() async throws {
        try await TestService.run(Self.world) { service async throws in
            _ = try await service.get("/v1/users/me", as: "olga")
            let revision = service.service.transactions.published.current.revision
            _ = try await service.put("/v1/orgs/acme/members/tom", ["role": "member"], as: "olga")
            _ = try await service.patch("/v1/repositories/acme/web", ["visibility": "private"], as: "olga")
            _ = try await service.delete("/v1/orgs/acme/members/olga", as: "olga")
            #expect(service.service.transactions.published.current.revision == revision)
        }
    }

    @Test func `the log verifies, and against a head noted before`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let head = try #require(try await service.get("/v1/verify", as: "root").json["head"]?.string)
            _ = try await service.patch("/v1/users/tom", ["full_name": "Tom"], as: "root")
            let verified = try await service.get("/v1/verify?head=\(head)", as: "root")
            #expect(verified.json["ok"] == true)
            #expect(verified.json["head"] != .string(head))
            let forged = try await service.get("/v1/verify?head=\(String(repeating: "ab", count: 32))", as: "root")
            #expect(forged.json["ok"] == false)
        }
    }
}
