import TestSupport
import Testing

/// Parts of names, filters, order and counts of lists.
struct ListFilterTests {
    private static let world: [SeedLine] = [
        .user("root", admin: true), .user("ann"), .user("hanna"), .user("bob", active: false), .user("a_b"),
        .user("a.b"),
        .org("acme"), .org("annex"), .member("acme", "ann", "owner"), .member("acme", "hanna"), .member("acme", "bob"),
        .team("acme/ops"), .team("acme/web-ops"), .team("acme/sub", parent: "ops"),
        .teamMember("acme/ops", "ann", "maintainer"), .teamMember("acme/ops", "hanna"),
        .teamMember("acme/sub", "hanna"), .teamMember("acme/sub", "bob"),
        .repository("acme/web"), .repository("acme/web-api", isPublic: true), .repository("annex/web"),
        .grant("ann", "acme/web", .admin),
    ]

    @Test(
        arguments: [
            ("/v1/users?contains=ann", "root", ["ann", "hanna"]), ("/v1/users?contains=ANN", "root", ["ann", "hanna"]),
            ("/v1/users?contains=a_b", "root", ["a_b"]), ("/v1/users?contains=%25", "root", []),
            ("/v1/users?contains=!", "root", []), ("/v1/users?active=false", "root", ["bob"]),
            ("/v1/users?source=corp", "root", []), ("/v1/users?source=local&contains=oo", "root", ["root"]),
            ("/v1/orgs?contains=nn", "root", ["annex"]), ("/v1/orgs?order=newest", "root", ["annex", "acme"]),
            ("/v1/orgs/acme/members?role=owner", "root", ["ann"]),
            ("/v1/orgs/acme/members?contains=an&active=true", "root", ["ann", "hanna"]),
            ("/v1/orgs/acme/members?active=false", "root", ["bob"]),
            ("/v1/orgs/acme/teams?contains=ops", "root", ["ops", "web-ops"]),
            ("/v1/orgs/acme/teams/ops/members?role=maintainer", "root", ["ann"]),
            ("/v1/orgs/acme/teams/ops/members?effective=true&contains=an", "root", ["ann", "hanna"]),
            ("/v1/orgs/acme/teams/ops/members?effective=true&active=false", "root", ["bob"]),
            ("/v1/repositories?contains=api", "root", ["web-api"]),
            ("/v1/repositories?visibility=public", "root", ["web-api"]),
            ("/v1/repositories?namespace=acme&visibility=private", "root", ["web"]),
            ("/v1/repositories?level=admin", "ann", ["web", "web-api"]),
            ("/v1/repositories?level=read-only", "hanna", ["web-api"]),
            ("/v1/repositories?level=read-write", "hanna", []),
        ])
    func `a list has what is wanted and counts it`(path: String, user: String, names: [String]) async throws {
        try await TestService.run(Self.world) { service async throws in
            let answer = try await service.get(path + "&count=true", as: .user(user))
            let shown = answer.items.map { $0["name"]?.string ?? $0["user"]?.string }
            #expect(shown == names, "\(answer.text)")
            #expect(answer.json["count"]?.integer == Int64(names.count))
            // Page by page it is the same.
            var (paged, next) = ([String?](), Optional(path + "&limit=1"))
            while let path = next {
                let page = try await service.get(path, as: .user(user))
                paged += page.items.map { $0["name"]?.string ?? $0["user"]?.string }
                next = page["Link"].flatMap { $0.firstMatch(of: /<([^>]*)>/).map { String($0.1) } }
            }
            #expect(paged == names)
        }
    }

    @Test(arguments: [
        "/v1/users?order=oldest", "/v1/users?active=yes", "/v1/orgs/acme/members?role=maintainer",
        "/v1/repositories?level=all", "/v1/orgs?active=true", "/v1/users?count=1",
    ])
    func `what cannot be wanted is 400`(path: String) async throws {
        try await TestService.run(Self.world) { service async throws in
            expectProblem(try await service.get(path, as: "root"), 400, code: "invalid")
        }
    }

    @Test func `the newest come first`() async throws {
        try await TestService.run([.user("root", admin: true)]) { service async throws in
            service.clock.advance(by: .seconds(1))
            for name in ["c", "a", "b"] {
                _ = try await service.post("/v1/users", ["name": .string(name)], as: "root")
                service.clock.advance(by: .seconds(1))
            }
            let names = try await service.get("/v1/users?order=newest&limit=3", as: "root").items.strings("name")
            #expect(names == ["b", "a", "c"])
        }
    }

    @Test func `what somebody is in and was given is told as far as the reader may know`() async throws {
        let lines = Self.world + [.member("annex", "ann"), .grant("ann", "annex/web", .readOnly), .user("zoe")]
        try await TestService.run(lines) { service async throws in
            func places(as reader: String) async throws -> [String?] {
                try await service.get("/v1/users/ann/memberships", as: .user(reader)).items.map { $0["org"]?.string }
            }
            #expect(try await places(as: "root") == ["acme", "annex"])
            #expect(try await places(as: "ann") == ["acme", "annex"])
            #expect(try await places(as: "hanna") == ["acme"], "of her own organisation")
            #expect(try await places(as: "zoe") == [])
            func grants(_ path: String, as reader: String) async throws -> [String?] {
                try await service.get(path, as: .user(reader)).items.map { $0["target"]?["namespace"]?.string }
            }
            #expect(try await grants("/v1/users/ann/grants", as: "ann") == ["acme", "annex"])
            #expect(try await grants("/v1/users/ann/grants", as: "zoe") == [])
            #expect(try await grants("/v1/users/ann/grants", as: "hanna") == [])
            #expect(try await grants("/v1/namespaces/acme/grants?all=true", as: "ann") == ["acme"])
            expectProblem(
                try await service.get("/v1/namespaces/acme/grants?all=true", as: "hanna"), 403, code: "forbidden")
        }
    }
}
