import AccessModel
import TestSupport
import Testing

@Suite struct AuthenticationTests {
    private static let password = "correct horse"

    private static func run(_ body: (TestService) async throws -> Void) async throws {
        let lines: [SeedLine] = [.user("root", admin: true), .user("elton"), .user("ann")]
        try await TestService.run(lines) { service async throws in
            try await service.setPassword(of: "elton", to: password)
            try await body(service)
        }
    }

    private static func isIn(_ service: TestService, _ credential: Credential) async throws -> Bool {
        let answer = try await service.get("/v1/users/me", as: credential)
        if answer.status != 200 { expectProblem(answer, 401, code: "unauthenticated") }
        return answer.status == 200 && answer.json["name"] == "elton"
    }

    @Test(arguments: ["elton", "Elton", "ELTON"])
    func `a login is accepted in any case`(_ login: String) async throws {
        try await Self.run { service async throws in
            #expect(try await Self.isIn(service, .basic(login: login, secret: Self.password)))
            let token = try await service.newToken(for: "elton")
            #expect(try await Self.isIn(service, .basic(login: login, secret: token)))
        }
    }

    @Test func `a token is a bearer, or the password of the login it belongs to`() async throws {
        try await Self.run { service async throws in
            let token = try await service.newToken(for: "elton")
            #expect(token.hasPrefix("prt_"))
            #expect(try await Self.isIn(service, .bearer(token)))
            #expect(try await Self.isIn(service, .header("bearer \(token)")))
            #expect(try await Self.isIn(service, .basic(login: "elton", secret: token)))
            for login in ["ann", "root", "nobody", ""] {
                #expect(try await !Self.isIn(service, .basic(login: login, secret: token)))
            }
        }
    }

    @Test(arguments: [
        Credential.basic(login: "elton", secret: "wrong"), .basic(login: "elton", secret: ""),
        .basic(login: "nobody", secret: "correct horse"), .basic(login: "", secret: "correct horse"),
        .basic(login: "ann", secret: ""), .basic(login: "ann", secret: "correct horse"), .bearer("correct horse"),
        .bearer("prt_0000000000000000000000000000"), .bearer(""), .header("Basic"), .header("Basic !!!"),
        .header("Basic ZWx0b24="), .header("Digest x"), .header(""), .header("Bearer"), .header("correct horse"),
    ])
    func `a wrong credential is 401 and says how to log in`(_ credential: Credential) async throws {
        try await Self.run { service async throws in
            let answer = try await service.get("/v1/users/me", as: credential)
            expectProblem(answer, 401, code: "unauthenticated")
            let challenge = try #require(answer["WWW-Authenticate"])
            #expect(challenge.contains("Basic realm="))
            #expect(challenge.contains("Bearer"))
        }
    }

    @Test func `an inactive account gets what a wrong password gets`() async throws {
        try await Self.run { service async throws in
            let right = Credential.basic(login: "elton", secret: Self.password)
            #expect(try await Self.isIn(service, right))
            #expect(try await service.patch("/v1/users/elton", ["active": false], as: "root").status == 200)
            let inactive = try await service.get("/v1/users/me", as: right)
            let wrong = try await service.get("/v1/users/me", as: .basic(login: "elton", secret: "wrong"))
            let unknown = try await service.get("/v1/users/me", as: .basic(login: "nobody", secret: "wrong"))
            #expect(inactive.status == 401)
            #expect(inactive.body == wrong.body)
            #expect(inactive.body == unknown.body)
            #expect(inactive.headers == wrong.headers)
        }
    }

    @Test func `a token cannot make tokens or change passwords`() async throws {
        try await Self.run { service async throws in
            for caller in ["elton", "root"] as [Credential] {
                expectProblem(
                    try await service.post("/v1/users/elton/tokens", ["name": "more"], as: caller), 403,
                    code: "forbidden")
                expectProblem(
                    try await service.put(
                        "/v1/users/elton/password",
                        ["password": "another one", "old_password": .string(Self.password)],
                        as: caller), 403, code: "forbidden")
            }
            #expect(try await Self.isIn(service, .basic(login: "elton", secret: Self.password)))
        }
    }

    @Test func `a new token shows its secret once`() async throws {
        try await Self.run { service async throws in
            let me = Credential.basic(login: "elton", secret: Self.password)
            let made = try await service.post("/v1/users/elton/tokens", ["name": "ci"], as: me)
            #expect(made.status == 201)
            let (id, secret) = (try #require(made.json["id"]?.string), try #require(made.json["secret"]?.string))
            #expect(made.json["name"] == "ci")
            #expect(made.json["expires_at"] == .null)
            #expect(try await Self.isIn(service, .bearer(secret)))
            let list = try await service.get("/v1/users/elton/tokens", as: me)
            #expect(list.items.strings("id") == [id])
            #expect(!list.text.contains(secret))
            #expect(try await !service.get("/v1/changes?limit=1000", as: "root").text.contains(secret))
            #expect(try await service.delete("/v1/users/elton/tokens/\(id)", as: me).status == 204)
            #expect(try await !Self.isIn(service, .bearer(secret)), "a revoked token ends at once")
            expectProblem(try await service.delete("/v1/users/elton/tokens/\(id)", as: me), 404, code: "not-found")
        }
    }

    @Test func `nobody revokes another's token`() async throws {
        try await Self.run { service async throws in
            let secret = try await service.newToken(for: "elton")
            let id = try #require(
                try await service.get("/v1/users/elton/tokens", as: "root").items.first?["id"]?.string)
            expectProblem(try await service.delete("/v1/users/elton/tokens/\(id)", as: "ann"), 403, code: "forbidden")
            expectProblem(try await service.delete("/v1/users/ann/tokens/\(id)", as: "ann"), 404, code: "not-found")
            #expect(try await Self.isIn(service, .bearer(secret)))
        }
    }

    @Test func `a token counts for nothing from its end on`() async throws {
        try await Self.run { service async throws in
            let secret = try await service.newToken(for: "elton", expiresAt: service.clock.now + .seconds(30))
            #expect(try await Self.isIn(service, .bearer(secret)))
            service.clock.advance(by: .seconds(30) - .microseconds(1))
            #expect(try await Self.isIn(service, .bearer(secret)))
            service.clock.advance(by: .microseconds(1))
            #expect(try await !Self.isIn(service, .bearer(secret)), "remembered or not")
        }
    }
}
