import AccessModel
import TestSupport
import Testing

/// What a service account, or a right with an end, carries must not pass to those who could not give it.
@Suite struct LentRightsTests {
    private static let owner = Credential.basic(login: "olga", secret: "correct horse")
    private static let reader = "/v1/orgs/acme/service-accounts/reader"

    /// `olga` owns `acme`, whose `reader` an administrator made a decision reader.
    private static func run(_ body: (TestService) async throws -> Void) async throws {
        try await TestService.run(SeedLine.rightsWorld) { service async throws in
            for name in ["root", "olga"] { try await service.setPassword(of: name, to: "correct horse") }
            try await body(service)
        }
    }

    private static let management: [(String, String, JSONValue?)] = [
        ("POST", "/tokens", ["name": "mine"]), ("POST", "/tokens/{id}/rotate", ["overlap": 0]),
        ("DELETE", "/tokens/{id}", nil), ("PATCH", "", ["active": true]), ("PATCH", "", ["active": false]),
        ("PATCH", "", ["expires_at": nil]), ("PATCH", "", ["expires_at": "2031-01-01T00:00:00Z"]),
        ("PATCH", "", ["owner": "olga"]), ("PATCH", "", ["description": "mine"]), ("DELETE", "", nil),
    ]

    @Test(arguments: management)
    func `only an administrator manages a decision reader, whoever owns it`(
        _ method: String, _ path: String, _ body: JSONValue?
    ) async throws {
        try await Self.run { service async throws in
            let root = Credential.basic(login: "root", secret: "correct horse")
            let made = try await service.post(Self.reader + "/tokens", ["name": "registry"], as: root)
            let id = try #require(made.json["id"]?.string)
            let target = Self.reader + path.replacing("{id}", with: id)
            // The token that stands for her, before anything is counted.
            _ = try await service.get("/v1/users/me", as: "olga")
            let revision = service.service.transactions.published.current.revision
            for credential in [Self.owner, .user("olga")] {
                let answer = try await service.send(method, target, body, as: credential)
                expectProblem(answer, 403, code: "forbidden")
            }
            #expect(service.service.transactions.published.current.revision == revision)
            #expect(try await service.send(method, target, body, as: root).status < 300)
        }
    }

    @Test func `who becomes a decision reader keeps no token that others know`() async throws {
        try await Self.run { service async throws in
            let path = "/v1/orgs/acme/service-accounts/builder"
            let builder = try await service.post("/v1/orgs/acme/service-accounts", ["name": "builder"], as: Self.owner)
            #expect(builder.status == 201)
            let made = try await service.post(path + "/tokens", ["name": "pipeline"], as: Self.owner)
            let token = Credential.bearer(try #require(made.json["secret"]?.string))
            #expect(try await service.get("/v1/users", as: token).status == 200)
            _ = try await service.patch(path, ["description": "still none"], as: "root")
            #expect(try await service.get("/v1/users", as: token).status == 200)
            #expect(try await service.patch(path, ["decision_reader": true], as: "root").status == 200)
            #expect(try await service.get("/v1/users", as: token).status == 401)
        }
    }

    /// `nina` has admin on all of acme by a team, until the end of a day.
    private static let ofNamespace: [(String, String, JSONValue, Int)] = [
        ("POST", "/v1/repositories", ["namespace": "acme", "name": "new"], 201),
        ("POST", "/v1/repositories", ["namespace": "acme", "name": "new", "visibility": "public"], 403),
        ("PATCH", "/v1/repositories/acme/web", ["visibility": "public"], 403),
        ("PATCH", "/v1/repositories/acme/web", ["name": "web2"], 200),
        ("PATCH", "/v1/repositories/acme/web", ["namespace": "nina"], 403),
        ("PATCH", "/v1/repositories/nina/own", ["namespace": "acme", "name": "own"], 403),
        ("DELETE", "/v1/repositories/acme/web", [:], 204),
    ]

    @Test(arguments: ofNamespace)
    func `a namespace for a time neither opens nor takes what lasts`(
        _ method: String, _ path: String, _ body: JSONValue, _ status: Int
    ) async throws {
        try await Self.run { service async throws in
            let end = service.clock.now + .seconds(86_400)
            _ = try await service.put(
                "/v1/namespaces/acme/grants/teams/namers",
                ["level": "admin", "expires_at": .string(end.description)], as: "root")
            let own: JSONValue = ["namespace": "nina", "name": "own", "visibility": "public"]
            #expect(try await service.post("/v1/repositories", own, as: "nina").status == 201)
            let answer = try await service.send(method, path, body, as: "nina")
            #expect(answer.status == status, "\(answer.text)")
            #expect(status != 403 || answer.text.contains("your own right ends at \(end)"), "\(answer.text)")
        }
    }

    @Test func `a token makes nobody who could log in`() async throws {
        try await Self.run { service async throws in
            let body: JSONValue = ["name": "new", "password": "a long password", "system_admin": true]
            expectProblem(try await service.post("/v1/users", body, as: "root"), 403, code: "forbidden")
            let root = Credential.basic(login: "root", secret: "correct horse")
            #expect(try await service.post("/v1/users", body, as: root).status == 201)
        }
    }

    @Test func `an owner stops managing a service account with the power, and manages it again without it`()
        async throws
    {
        try await Self.run { service async throws in
            let path = "/v1/orgs/acme/service-accounts/ci"
            for (isReader, status) in [(false, 201), (true, 403), (false, 201)] {
                _ = try await service.patch(path, ["decision_reader": .bool(isReader)], as: "root")
                let made = try await service.post(path + "/tokens", ["name": "pipeline"], as: Self.owner)
                #expect(made.status == status, "\(made.text)")
            }
        }
    }

    /// `rita` has admin on acme/web until the end of a day.
    private static let grants: [(String, String, JSONValue?, Int)] = [
        ("PUT", "/grants/users/sam", ["level": "read-only"], 403),
        ("PUT", "/grants/users/sam", ["level": "read-only", "expires_at": "{later}"], 403),
        ("PUT", "/grants/users/sam", ["level": "admin", "expires_at": "{end}"], 201),
        ("PUT", "/grants/users/rita", ["level": "admin", "expires_at": nil], 403),
        ("PUT", "/grants/users/rita", ["level": "admin", "expires_at": "{later}"], 403),
        ("PUT", "/grants/users/rita", ["level": "read-only"], 200),
        ("PUT", "/grants/users/rita", ["level": "read-only", "expires_at": nil], 403),
        ("PUT", "/grants/users/rita", ["level": "read-only", "expires_at": "{end}"], 200),
        ("PUT", "/grants/teams/ops", ["level": "read-only"], 200),
        ("PUT", "/grants/teams/ops", ["level": "admin"], 403),
        ("PUT", "/grants/teams/dev", ["level": "read-write"], 403),
        ("DELETE", "/grants/teams/ops", nil, 204), ("PATCH", "", ["visibility": "public"], 403),
        ("PATCH", "", ["description": "new"], 200),
        ("PATCH", "", ["namespace": "rita"], 403), ("PATCH", "", ["namespace": "rita", "name": "mine"], 403),
        ("DELETE", "", nil, 204),
    ]

    @Test(arguments: grants)
    func `a right for a time gives nothing that lasts longer`(
        _ method: String, _ path: String, _ body: JSONValue?, _ status: Int
    ) async throws {
        try await Self.run { service async throws in
            let web = "/v1/repositories/acme/web"
            let end = service.clock.now + .seconds(86_400)
            _ = try await service.put(
                web + "/grants/users/rita", ["level": "admin", "expires_at": .string(end.description)], as: "root")
            let text = try body?.text.replacing("{end}", with: end.description)
                .replacing("{later}", with: (end + .seconds(1)).description)
            let filled = try text.map { try JSONValue(parsing: .init($0.utf8)) }
            let answer = try await service.send(method, web + path, filled, as: "rita")
            #expect(answer.status == status, "\(answer.text)")
            #expect(status != 403 || answer.text.contains("your own right ends at \(end)"), "\(answer.text)")
        }
    }
}
