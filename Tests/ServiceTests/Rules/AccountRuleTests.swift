import TestSupport
import Testing

@Suite struct AccountRuleTests {
    static let world: [SeedLine] = [
        .user("root", admin: true), .user("ann"), .user("bob"), .org("acme"), .member("acme", "root", "owner"),
        .member("acme", "ann"), .team("acme/ops"), .teamMember("acme/ops", "ann"), .repository("acme/web"),
        .repository("ann/own"), .grant("acme/ops", "acme/web", .readWrite), .grant("ann", "acme/web", .readOnly),
        .grant("bob", "ann/own", .readOnly), .serviceAccount("ann+ci"), .grant("ann+ci", "ann/own", .readWrite),
    ]

    @Test func `deactivation revokes tokens for good, and reactivation brings everything else back`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let secret = try await service.newToken(for: "ann")
            #expect(try await service.get("/v1/users/me", as: .bearer(secret)).status == 200)
            let before = try await service.decisions()
            #expect(try await service.patch("/v1/users/ann", ["active": false], as: "root").status == 200)
            #expect(try await service.get("/v1/users/me", as: .bearer(secret)).status == 401)
            #expect(try await service.level(of: "ann", on: "acme/web") == nil)
            #expect(try await service.level(of: "ann+ci", on: "ann/own", type: "service-account") == nil)
            #expect(try await service.level(of: "bob", on: "ann/own") == "read-only", "an inactive owner's grants stay")
            #expect(try await service.get("/v1/users/ann/tokens", as: "root").items.isEmpty)
            #expect(try await service.patch("/v1/users/ann", ["active": true], as: "root").status == 200)
            #expect(try await service.decisions() == before)
            #expect(try await service.get("/v1/users/me", as: .bearer(secret)).status == 401, "no token comes back")
        }
    }

    @Test func `an inactive user has not even public repositories`() async throws {
        try await TestService.run(Self.world + [.repository("acme/open", isPublic: true)]) { service async throws in
            try await service.load([.user("bob", active: false)])
            #expect(try await service.level(of: "bob", on: "acme/open") == nil)
            #expect(try await service.level(of: "nobody-at-all", on: "acme/open") == nil)
            #expect(try await service.level(of: "x", on: "acme/open", type: "anonymous") == "read-only")
        }
    }

    @Test(arguments: [("/v1/users/ann", "ann", "ann/own"), ("/v1/orgs/acme", "acme", "acme/web")])
    func `an account with repositories goes only with them, and its name is retired until it is freed`(
        _ path: String, _ name: String, _ repository: String
    ) async throws {
        try await TestService.run(Self.world) { service async throws in
            let refused = try await service.delete(path, as: "root")
            expectProblem(refused, 409, code: "has-repositories")
            #expect(refused.json["detail"]?.string?.contains("delete_repositories=true") == true)
            #expect(try await service.delete("\(path)?delete_repositories=true", as: "root").status == 204)
            #expect(try await service.get(path, as: "root").status == 404)
            #expect(try await service.decisions().keys.allSatisfy { !$0.hasSuffix(" on \(repository)") })

            for collection in ["/v1/users", "/v1/orgs"] {
                let again = try await service.post(collection, ["name": .string(name)], as: "root")
                expectProblem(again, 409, code: "name-retired")
            }
            #expect(try await service.get("/v1/retired-names", as: "root").items.strings("name") == [name])
            #expect(try await service.delete("/v1/retired-names/\(name)", as: "root").status == 204)
            #expect(try await service.post("/v1/orgs", ["name": .string(name)], as: "root").status == 201)
            #expect(try await service.get("/v1/repositories?namespace=\(name)", as: "root").items.isEmpty)
        }
    }

    @Test func `users and organisations share one name space`() async throws {
        try await TestService.run(Self.world) { service async throws in
            expectProblem(try await service.post("/v1/orgs", ["name": "ann"], as: "root"), 409, code: "name-taken")
            expectProblem(try await service.post("/v1/users", ["name": "acme"], as: "root"), 409, code: "name-taken")
            expectProblem(try await service.get("/v1/orgs/ann", as: "root"), 404, code: "not-found")
            expectProblem(try await service.get("/v1/users/acme", as: "root"), 404, code: "not-found")
        }
    }

    @Test func `a deleted repository's name may be used again, without the old grants`() async throws {
        try await TestService.run(Self.world) { service async throws in
            #expect(try await service.delete("/v1/repositories/acme/web", as: "root").status == 204)
            let again = try await service.post("/v1/repositories", ["namespace": "acme", "name": "web"], as: "root")
            #expect(again.status == 201)
            #expect(again.json["visibility"] == "private", "repositories are private by default")
            #expect(try await service.level(of: "ann", on: "acme/web") == nil)
        }
    }

    @Test func `deleting a user leaves nothing of theirs`() async throws {
        try await TestService.run(Self.world) { service async throws in
            #expect(try await service.delete("/v1/users/ann?delete_repositories=true", as: "root").status == 204)
            #expect(try await service.get("/v1/orgs/acme/members", as: "root").items.strings("user") == ["root"])
            #expect(try await service.get("/v1/repositories/acme/web/grants", as: "root").items.count == 1)
            #expect(try await service.get("/v1/verify", as: "root").json["faults"] == [])
        }
    }

    @Test(arguments: [
        ("DELETE", "/v1/users/ann?delete_repositories=true"), ("DELETE", "/v1/orgs/acme?delete_repositories=true"),
        ("DELETE", "/v1/orgs/acme/members/ann"), ("DELETE", "/v1/orgs/acme/teams/ops"),
        ("DELETE", "/v1/orgs/acme/teams/ops/members/ann"), ("DELETE", "/v1/repositories/acme/web"),
        ("DELETE", "/v1/repositories/acme/web/grants/users/ann"),
        ("DELETE", "/v1/repositories/acme/web/grants/teams/ops"),
    ])
    func `a dry run tells what would change and whose access, and changes nothing`(
        _ method: String, _ path: String
    ) async throws {
        try await TestService.run(Self.world) { service async throws in
            let before = try await service.decisions()
            let export = try await service.get("/v1/export", as: "root").body
            let revision = service.service.transactions.published.current.revision
            let separator = path.contains("?") ? "&" : "?"
            let rehearsal = try await service.send(method, "\(path)\(separator)dry_run=true", as: "root")
            #expect(rehearsal.status == 200, "\(rehearsal.text)")
            #expect(rehearsal.json["changes"]?.elements.isEmpty == false)
            #expect(service.service.transactions.published.current.revision == revision)
            #expect(try await service.get("/v1/export", as: "root").body == export)

            #expect(try await service.send(method, path, as: "root").status == 204)
            let logged = try await service.get("/v1/changes?after=\(revision)", as: "root").items
            #expect(logged.count == rehearsal.json["changes"]?.elements.count)
            let after = try await service.decisions()
            for difference in rehearsal.json["access"]?.elements ?? [] {
                let key = "\(difference["subject"]?["id"]?.string ?? "") on \(difference["repository"]?.string ?? "")"
                #expect(difference["before"]?.string == before[key], "\(key)")
                #expect(difference["after"]?.string == after[key], "\(key)")
            }
            let told = Set(
                (rehearsal.json["access"]?.elements ?? []).map {
                    "\($0["subject"]?["id"]?.string ?? "") on \($0["repository"]?.string ?? "")"
                })
            #expect(told == Set(before.keys).union(after.keys).filter { before[$0] != after[$0] })
        }
    }

    @Test func `a dry run of a deactivation tells whose access would change`() async throws {
        try await TestService.run(Self.world) { service async throws in
            #expect(try await service.level(of: "ann", on: "acme/web") == "read-write")
            // The first call as root makes a token, which is a change.
            _ = try await service.get("/v1/users/ann", as: "root")
            let revision = service.service.transactions.published.current.revision
            let rehearsal = try await service.patch("/v1/users/ann?dry_run=true", ["active": false], as: "root")
            #expect(rehearsal.status == 200)
            #expect(service.service.transactions.published.current.revision == revision)
            let subjects = rehearsal.json["access"]?.elements.compactMap { $0["subject"]?["id"]?.string } ?? []
            #expect(subjects.contains("ann"))
        }
    }
}
