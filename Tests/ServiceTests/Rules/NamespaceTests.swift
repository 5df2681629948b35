import AccessModel
import TestSupport
import Testing

/// How repositories of a namespace begin, and where they move.
@Suite struct NamespaceTests {
    private static let world: [SeedLine] = [
        .user("root", admin: true), .user("tom"), .user("ann"), .org("acme"), .org("other"), .member("acme", "tom"),
        .team("acme/ops"), .teamMember("acme/ops", "tom"), .team("other/ops"), .serviceAccount("acme+ci"),
    ]

    private static let ops: JSONValue = ["type": "team", "org": "acme", "name": "ops"]
    private static let robot: JSONValue = ["type": "service-account", "owner": "acme", "name": "ci"]

    @Test func `a new repository begins as its namespace says, and those there stay`() async throws {
        try await TestService.run(Self.world + [.repository("acme/old")]) { service async throws in
            let changed = try await service.patch(
                "/v1/namespaces/acme",
                [
                    "default_visibility": "public",
                    "default_grants": [
                        ["subject": Self.ops, "level": "read-write"], ["subject": Self.robot, "level": "admin"],
                    ],
                ], as: "root")
            #expect(changed.status == 200, "\(changed.text)")
            #expect(changed.json["create_on_push"] == false && changed.json["kind"] == "org")
            let made = try await service.post("/v1/repositories", ["namespace": "acme", "name": "new"], as: "root")
            #expect(made.json["visibility"] == "public")
            let grants = try await service.get("/v1/repositories/acme/new/grants", as: "root").json["items"]?.elements
            #expect(grants?.map { $0["level"]?.string } == ["admin", "read-write"])
            #expect(try await service.evaluate("tom", "push", "acme/new").json["decision"] == true)
            #expect(try await service.get("/v1/repositories/acme/old/grants", as: "root").json["items"] == [])
            #expect(try await service.get("/v1/repositories/acme/old", as: "root").json["visibility"] == "private")
            let said = try await service.post(
                "/v1/repositories", ["namespace": "acme", "name": "said", "visibility": "private"], as: "root")
            #expect(said.json["visibility"] == "private", "what is said counts")
        }
    }

    @Test func `what is gone is no default any more`() async throws {
        try await TestService.run(Self.world) { service async throws in
            _ = try await service.patch(
                "/v1/namespaces/acme",
                ["default_grants": [["subject": Self.ops, "level": "read-only"]]], as: "root")
            #expect(try await service.delete("/v1/orgs/acme/teams/ops", as: "root").status == 204)
            #expect(try await service.get("/v1/namespaces/acme", as: "root").json["default_grants"] == [])
            let made = try await service.post("/v1/repositories", ["namespace": "acme", "name": "new"], as: "root")
            #expect(made.status == 201)
            #expect(try await service.get("/v1/repositories/acme/new/grants", as: "root").json["items"] == [])
        }
    }

    @Test(
        arguments: [
            ["default_grants": [["subject": ["type": "team", "org": "other", "name": "ops"], "level": "admin"]]],
            ["default_grants": [["subject": ["type": "user", "name": "tom"], "level": "admin"]]],
            ["default_grants": [["subject": ops, "level": "admin"], ["subject": ops, "level": "read-only"]]],
            ["default_grants": [["subject": ops, "level": "all"]]], ["default_visibility": "open"], ["more": 1],
        ] as [JSONValue])
    func `defaults that cannot be are refused`(_ body: JSONValue) async throws {
        try await TestService.run(Self.world) { service async throws in
            expectProblem(try await service.patch("/v1/namespaces/acme", body, as: "root"), 400, code: "invalid")
        }
    }

    @Test func `defaults are exported behind the repositories, and imported`() async throws {
        try await TestService.run(Self.world + [.repository("acme/web")]) { service async throws in
            _ = try await service.patch(
                "/v1/namespaces/acme",
                ["create_on_push": true, "default_grants": [["subject": Self.ops, "level": "read-only"]]], as: "root")
            let text = try await service.get("/v1/export", as: "root").body
            try await TestService.run([.user("admin", admin: true)]) { other async throws in
                let imported = try await other.send(
                    "POST", "/v1/import", bytes: text, as: "admin", headers: ["Content-Type": "application/x-ndjson"])
                #expect(imported.status == 200, "\(imported.text)")
                let namespace = try await other.get("/v1/namespaces/acme", as: "admin").json
                #expect(namespace["create_on_push"] == true)
                #expect(namespace["default_grants"] == [["subject": Self.ops, "level": "read-only"]])
                #expect(try await other.get("/v1/repositories/acme/web/grants", as: "admin").json["items"] == [])
                let again = try await other.get("/v1/export", as: "admin").text
                #expect(again.contains(#""kind":"namespace""#))
            }
        }
    }

    @Test func `a repository moves with its identity and the grants that can be there`() async throws {
        let world =
            Self.world + [
                .repository("acme/web"), .grant("acme/ops", "acme/web", .readWrite),
                .grant("ann", "acme/web", .readOnly),
            ]
        try await TestService.run(world) { service async throws in
            let path = "/v1/repositories/acme/web"
            let id = try await service.get(path, as: "root").json["id"]
            let rehearsed = try await service.patch(path + "?dry_run=true", ["namespace": "other"], as: "root")
            #expect(rehearsed.status == 200 && rehearsed.text.contains("tom"), "\(rehearsed.text)")
            let renamed = try await service.patch(path, ["name": "site/web"], as: "root")
            #expect(renamed.json["name"] == "site/web" && renamed.json["id"] == id)
            #expect(try await service.get(path, as: "root").status == 404)
            #expect(try await service.evaluate("tom", "push", "acme/site/web").json["decision"] == true)
            let moved = try await service.patch(
                "/v1/repositories/acme/site%2Fweb", ["namespace": "other", "name": "web"], as: "root")
            #expect(moved.json["namespace"] == "other" && moved.json["id"] == id)
            #expect(try await service.evaluate("ann", "pull", "other/web").json["decision"] == true)
            #expect(try await service.evaluate("tom", "pull", "other/web").json["decision"] == false)
            try await service.load([.repository("acme/web")])
            expectProblem(
                try await service.patch(path, ["namespace": "other"], as: "root"), 409, code: "name-taken")
            expectProblem(try await service.patch(path, ["name": "No"], as: "root"), 400, code: "invalid")
            expectProblem(try await service.patch(path, ["namespace": "nobody"], as: "root"), 404, code: "not-found")
        }
    }

    @Test func `the log of what moved stays with whom it belonged to`() async throws {
        let world =
            Self.world + [
                .user("olga"), .member("acme", "olga", "owner"), .repository("acme/web"),
                .grant("acme/ops", "acme/web", .readWrite), .grant("ann", "acme/web", .admin),
            ]
        try await TestService.run(world) { service async throws in
            let before = service.service.transactions.published.current.revision
            let moved = try await service.patch("/v1/repositories/acme/web", ["namespace": "ann"], as: "ann")
            #expect(moved.status == 200, "\(moved.text)")
            _ = try await service.put("/v1/repositories/ann/web/grants/users/tom", ["level": "read-only"], as: "ann")
            func entries(_ subject: String, as reader: String) async throws -> [String] {
                try await service.get("/v1/changes?subject=\(subject)&after=\(before - 2)", as: .user(reader))
                    .json["items"]?.elements.compactMap { $0["kind"]?.string }.filter { $0 != "token" } ?? []
            }
            // The two grants before it, the one that stayed behind, and the move itself are acme's.
            #expect(try await entries("acme", as: "olga") == ["grant", "grant", "grant", "repository"])
            let mine = try await entries("ann", as: "ann")
            #expect(mine == ["grant", "repository", "grant"], "what ann was given herself")
        }
    }

    @Test func `the catalogue lists what the caller may pull, in pages`() async throws {
        let world =
            Self.world + [
                .repository("acme/a"), .repository("acme/b"), .repository("acme/c", isPublic: true),
                .repository("tom/d"),
                .grant("acme/ops", "acme/a", .readOnly),
            ]
        try await TestService.run(world) { service async throws in
            func page(_ query: String, as user: String) async throws -> ([String], String?) {
                let answer = try await service.get("/v1/catalog\(query)", as: .user(user))
                return (answer.json["repositories"]?.elements.compactMap(\.string) ?? [], answer["Link"])
            }
            #expect(try await page("", as: "tom").0 == ["acme/a", "acme/c", "tom/d"])
            #expect(try await page("", as: "ann").0 == ["acme/c"])
            let (first, link) = try await page("?n=2", as: "tom")
            #expect(first == ["acme/a", "acme/c"] && link == "</v1/catalog?n=2&last=acme%2Fc>; rel=\"next\"")
            #expect(try await page("?n=2&last=acme%2Fc", as: "tom") == (["tom/d"], nil))
            expectProblem(try await service.get("/v1/catalog?n=0", as: "tom"), 400, code: "invalid")
        }
    }
}
