import AccessModel
import TestSupport
import Testing

/// What is refused in the control plane, with its stated answer.
@Suite struct ControlRuleTests {
    private static let world: [SeedLine] = [
        .user("root", admin: true), .user("ann"), .user("dan"), .org("acme"), .team("acme/ops"),
        .serviceAccount("acme+eu"), .role("Deployer", "container.create"), .role("Giver", "collection.grant"),
        .collection("/prod"), .collection("/prod/web"), .collection("/dev"),
        .controlGrant("ann", "Deployer", "/prod"), .controlGrant("dan", "Giver", "/prod"),
        .site("cluster", "eu", "/prod", agent: "acme+eu"),
    ]

    struct Refusal: Sendable, CustomTestStringConvertible {
        let method: String
        let path: String
        let body: JSONValue
        let status: Int
        let code: String
        let words: String

        init(
            _ method: String, _ path: String, _ body: JSONValue, _ status: Int, _ code: String, _ words: String
        ) {
            (self.method, self.path, self.body) = (method, path, body)
            (self.status, self.code, self.words) = (status, code, words)
        }

        var testDescription: String { "\(method) \(path) \(body)" }
    }

    private static func role(_ name: String, _ operations: JSONValue...) -> JSONValue {
        ["name": .string(name), "operations": .array(operations)]
    }

    private static let deep = "/prod" + String(repeating: "/x", count: 16)

    @Test(
        arguments: [
            Refusal("POST", "/v1/roles", role("R", "container.exce"), 400, "unknown-operation", "container.exec"),
            Refusal(
                "POST", "/v1/roles", role("R", "get deployments"), 400, "unknown-operation", "get deployments.apps"),
            Refusal("POST", "/v1/roles", role("R", "get pods/*"), 400, "unknown-operation", "wildcard"),
            Refusal("POST", "/v1/roles", role("Deployer"), 409, "name-taken", "already"),
            Refusal("POST", "/v1/roles", role("view-only"), 409, "name-taken", "View Only"),
            Refusal("PATCH", "/v1/roles/Deployer", ["name": "None"], 409, "name-taken", "already"),
            Refusal("PATCH", "/v1/roles/View%20Only", ["add": ["container.exec"]], 409, "built-in-role", "own"),
            Refusal("DELETE", "/v1/roles/None", nil, 409, "built-in-role", "built in"),
            Refusal("DELETE", "/v1/roles/Deployer", nil, 409, "role-in-use", "user:ann on /prod"),
            Refusal("DELETE", "/v1/roles/Nobody", nil, 404, "not-found", "Nobody"),
            Refusal("POST", "/v1/collections", ["path": "/prod"], 409, "collection-exists", "/prod"),
            Refusal("POST", "/v1/collections", ["path": "prod"], 400, "invalid-collection", "begins with"),
            Refusal("POST", "/v1/collections", ["path": "/prod//x"], 400, "invalid-collection", "letter"),
            Refusal("POST", "/v1/collections", ["path": "/none/x"], 404, "not-found", "/none"),
            Refusal("POST", "/v1/collections", ["path": .string(deep)], 400, "invalid-collection", "16"),
            Refusal("POST", "/v1/collections", ["path": "/Shared/Private/x"], 400, "invalid", "own"),
            Refusal("PATCH", "/v1/collections/%2Fprod", ["parent": "/prod/web"], 409, "collection-cycle", "itself"),
            Refusal("PATCH", "/v1/collections/%2Fdev", ["name": "prod"], 409, "collection-exists", "/prod"),
            Refusal("PATCH", "/v1/collections/%2FShared", ["name": "x"], 409, "collection-fixed", "built in"),
            Refusal("DELETE", "/v1/collections/%2F", nil, 409, "collection-fixed", "built in"),
            Refusal(
                "PATCH", "/v1/collections/%2FShared%2FPrivate%2Fann", ["name": "x"], 409, "collection-fixed", "private"),
            Refusal("DELETE", "/v1/collections/%2Fprod", nil, 409, "collection-not-empty", "/prod"),
            Refusal(
                "PUT", "/v1/collections/%2Fdev/grants/user:ann/Deployer", ["expires_at": "2020-01-01T00:00:00Z"], 400,
                "invalid", "past"),
            Refusal("PUT", "/v1/collections/%2Fdev/grants/user:bob/Deployer", [:], 404, "not-found", "bob"),
            Refusal("PUT", "/v1/collections/%2Fdev/grants/ann/Deployer", [:], 400, "invalid", "user:"),
            Refusal("PUT", "/v1/collections/%2Fdev/grants/user:ann/Deplyer", [:], 404, "not-found", "Deplyer"),
            Refusal("POST", "/v1/clusters", ["name": "eu"], 409, "site-exists", "eu"),
            Refusal("POST", "/v1/clusters", ["name": "E U"], 400, "invalid", "name"),
            Refusal("PATCH", "/v1/clusters/eu", ["collection": "/none"], 404, "not-found", "/none"),
            Refusal("DELETE", "/v1/users/ann?delete_collections=maybe", nil, 400, "invalid", "delete_collections"),
        ])
    func `what cannot be is refused with its stated answer`(_ refusal: Refusal) async throws {
        try await TestService.run(Self.world) { service async throws in
            // The first request makes the token that it is sent with.
            _ = try await service.get("/v1/roles", as: "root")
            let before = service.service.transactions.published.current.revision
            let body = refusal.body == .null ? nil : refusal.body
            let answer = try await service.send(refusal.method, refusal.path, body, as: "root")
            expectProblem(answer, refusal.status, code: refusal.code)
            #expect(answer.text.contains(refusal.words), "\(answer.text)")
            #expect(service.service.transactions.published.current.revision == before)
        }
    }

    @Test func `nobody gives more than they have, nor for longer`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let answer = try await service.put(
                "/v1/collections/%2Fprod%2Fweb/grants/team:acme%2Fops/Deployer", [:], as: "dan")
            expectProblem(answer, 403, code: "beyond-own-rights")
            #expect(answer.text.contains("container.create"), "\(answer.text)")
            let own = try await service.put(
                "/v1/collections/%2Fprod%2Fweb/grants/team:acme%2Fops/Giver", [:], as: "dan")
            #expect(own.status == 201, "\(own.text)")
            _ = try await service.put(
                "/v1/collections/%2Fprod/grants/user:dan/Giver", ["expires_at": "2026-03-02T00:00:00Z"], as: "root")
            let longer = try await service.put("/v1/collections/%2Fprod%2Fweb/grants/user:ann/Giver", [:], as: "dan")
            expectProblem(longer, 403, code: "beyond-own-rights")
        }
    }

    @Test(
        arguments: [
            ("/v1/collections/%2Fdev/grants/user:ann/Deployer", [:] as [String: JSONValue]),
            ("/v1/repositories/acme/web/grants/teams/ops", ["level": "read-only"]),
        ] as [(String, [String: JSONValue])])
    func `a grant that is put again keeps its end until that has come, and null takes it away`(
        _ path: String, _ members: [String: JSONValue]
    ) async throws {
        try await TestService.run(Self.world + [.repository("acme/web")]) { service async throws in
            func put(_ end: JSONValue?) async throws -> JSONValue? {
                var body = members
                body["expires_at"] = end
                return try await service.put(path, .object(body), as: "root").json["expires_at"]
            }
            let end: JSONValue = "2026-03-02T00:00:00Z"
            #expect(try await put(end) == end)
            #expect(try await put(nil) == end)
            #expect(try await put(.null) == .null)
            #expect(try await put(end) == end)
            service.clock.advance(by: .seconds(86_400))
            #expect(try await put(nil) == .null, "what has ended gives nothing, and is given anew")
        }
    }
}
