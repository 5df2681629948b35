import AccessModel
import TestSupport
import Testing

@Suite struct RegistryTokenTests {
    static let world: [SeedLine] = [
        .user("root", admin: true), .user("tom"), .user("paul"), .org("acme"), .member("acme", "tom"),
        .team("acme/ops"),
        .teamMember("acme/ops", "tom"), .repository("acme/web"), .repository("acme/ro"), .repository("acme/hid"),
        .repository("acme/open", isPublic: true), .repository("acme/a/b/c"), .grant("acme/ops", "acme/web", .readWrite),
        .grant("tom", "acme/ro", .readOnly), .grant("tom", "acme/a/b/c", .admin),
    ]

    @Test(
        arguments: [
            ("", []), ("scope=repository:acme/web:pull", ["repository:acme/web:pull"]),
            ("scope=repository:acme/web:pull,push", ["repository:acme/web:pull,push"]),
            ("scope=repository:acme/web:push,pull", ["repository:acme/web:pull,push"]),
            ("scope=repository:acme/web:*", ["repository:acme/web:pull,push,delete"]),
            ("scope=repository:acme/ro:pull,push,delete", ["repository:acme/ro:pull"]),
            ("scope=repository:acme/ro:push", []), ("scope=repository:acme/hid:pull", []),
            ("scope=repository:acme/none:pull", []),
            ("scope=repository:acme/a/b/c:pull", ["repository:acme/a/b/c:pull"]),
            ("scope=repository%3Aacme%2Fweb%3Apull%2Cpush", ["repository:acme/web:pull,push"]),
            (
                "scope=repository:acme/web:pull&scope=repository:acme/ro:pull",
                ["repository:acme/web:pull", "repository:acme/ro:pull"]
            ),
            (
                "scope=repository:acme/web:pull%20repository:acme/ro:pull",
                ["repository:acme/web:pull", "repository:acme/ro:pull"]
            ),
            (
                "scope=repository:acme/web:pull+repository:acme/ro:pull",
                ["repository:acme/web:pull", "repository:acme/ro:pull"]
            ),
            ("scope=repository:acme/web:pull&scope=repository:acme/web:push", ["repository:acme/web:pull,push"]),
            ("scope=repository:acme/open:pull,push", ["repository:acme/open:pull"]),
            ("scope=registry:catalog:*", []), ("scope=", []), ("scope=:::", []), ("scope=repository::pull", []),
            ("scope=repository:acme/web:", []), ("scope=plugin:acme/web:pull", []),
            ("scope=repository:ACME/web:pull", []),
            ("scope=repository:host:5000/acme/web:pull", []), ("scope=repository:acme/web:fly", []),
            (
                "account=tom&client_id=docker&offline_token=true&scope=repository:acme/web:pull",
                ["repository:acme/web:pull"]
            ),
        ] as [(String, [String])])
    func `a token holds the part of the scopes that a check allows`(_ query: String, _ access: [String]) async throws {
        try await TestService.run(Self.world) { service async throws in
            let answer = try await service.get("/token?service=registry&\(query)", as: "tom")
            #expect(answer.status == 200, "\(answer.text)")
            #expect(try RegistryToken(answer).access == access)
            #expect(answer.json["access_token"] == answer.json["token"])
        }
    }

    @Test func `the claims are as the registry wants them`() async throws {
        try await TestService.run(Self.world, settings: ["registry.service": "r.example.com", "registry.issuer": "us"])
        { service async throws in
            let answer = try await service.get("/token?service=r.example.com&scope=repository:acme/web:pull", as: "tom")
            let token = try RegistryToken(answer)
            let now = service.clock.now.seconds
            #expect(token.claims["iss"] == "us")
            #expect(token.claims["aud"] == "r.example.com", "one string, not a list")
            #expect(token.claims["sub"] == "tom")
            #expect(token.claims["iat"]?.integer == now)
            #expect(token.claims["exp"]?.integer == now + 300)
            #expect((token.claims["nbf"]?.integer ?? .max) <= now)
            #expect(token.claims["jti"]?.string?.isEmpty == false)
            #expect(token.claims["access"] == [["type": "repository", "name": "acme/web", "actions": ["pull"]]])
            #expect(token.header["alg"] == "ES256")
            #expect(token.header["kid"]?.string?.isEmpty == false)
            #expect(answer.json["expires_in"] == 300)
            #expect(answer.json["issued_at"]?.string == "2026-03-01T12:00:00Z")
            let again = try RegistryToken(try await service.get("/token?service=r.example.com", as: "tom"))
            #expect(again.claims["jti"] != token.claims["jti"])
            let keys = try await service.get("/.well-known/jwks.json").json["keys"]?.elements ?? []
            #expect(!keys.isEmpty)
        }
    }

    @Test func `the anonymous get public pulls and no name`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let answer = try await service.get(
                "/token?service=registry&scope=repository:acme/open:pull,push&scope=repository:acme/web:pull")
            #expect(answer.status == 200)
            let token = try RegistryToken(answer)
            #expect(token.access == ["repository:acme/open:pull"])
            #expect(token.claims["sub"] == "")
        }
    }

    @Test func `the catalogue is for administrators only`() async throws {
        try await TestService.run(Self.world) { service async throws in
            for (caller, access) in [("root", ["registry:catalog:*"]), ("tom", [])] {
                let answer = try await service.get(
                    "/token?service=registry&scope=registry:catalog:*", as: .user(caller))
                #expect(try RegistryToken(answer).access == access)
            }
        }
    }

    @Test func `another service is 400 in the registry's form`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let answer = try await service.get("/token?service=other&scope=repository:acme/open:pull", as: "tom")
            #expect(answer.status == 400)
            #expect(answer.json["errors"]?[0]?["message"]?.string?.contains("registry.service") == true)
        }
    }

    @Test func `a wrong password is 401 in the registry's form, even for what is public`() async throws {
        try await TestService.run(Self.world) { service async throws in
            try await service.setPassword(of: "tom", to: "correct horse")
            let path = "/token?service=registry&scope=repository:acme/open:pull"
            for wrong in [.basic(login: "tom", secret: "wrong"), .bearer("prt_wrong"), .header("Nonsense")]
                as [Credential]
            {
                let answer = try await service.get(path, as: wrong)
                #expect(answer.status == 401)
                #expect(answer["WWW-Authenticate"] != nil)
                #expect(answer.json["errors"]?[0]?["code"] == "UNAUTHORIZED")
                #expect(answer.json["errors"]?[0]?["message"]?.string?.isEmpty == false)
            }
            #expect(try await service.get(path, as: .basic(login: "tom", secret: "correct horse")).status == 200)
            _ = try await service.patch("/v1/users/tom", ["active": false], as: "root")
            #expect(try await service.get(path, as: .basic(login: "tom", secret: "correct horse")).status == 401)
        }
    }

    @Test func `too many wrong passwords are told in the registry's form`() async throws {
        try await TestService.run(Self.world) { service async throws in
            for _ in 1...20 { _ = try await service.get("/token", as: .basic(login: "paul", secret: "wrong")) }
            let answer = try await service.get("/token", as: .basic(login: "paul", secret: "wrong"))
            #expect(answer.status == 429)
            #expect(answer["Retry-After"] != nil)
            #expect(answer.json["errors"]?[0]?["code"] == "TOOMANYREQUESTS")
        }
    }

    @Test func `a token never outlives a grant it rests on`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let now = service.clock.now
            try await service.load([
                .grant("paul", "acme/hid", .readWrite, until: now + .milliseconds(90_500)),
                .grant("paul", "acme/web", .readOnly, until: now + .seconds(3_600)),
            ])
            func life(_ scopes: String) async throws -> Int64? {
                let answer = try await service.get("/token?service=registry&\(scopes)", as: "paul")
                let token = try RegistryToken(answer)
                let life = try #require(token.claims["exp"]?.integer) - now.seconds
                #expect(answer.json["expires_in"]?.integer == life)
                return life
            }
            #expect(try await life("scope=repository:acme/hid:pull") == 90)
            #expect(try await life("scope=repository:acme/web:pull") == 300)
            #expect(try await life("scope=repository:acme/web:pull&scope=repository:acme/hid:push") == 90)
            #expect(try await life("scope=repository:acme/open:pull") == 300)
            // A second way that lasts longer carries the token.
            try await service.load([
                .member("acme", "paul"), .teamMember("acme/ops", "paul"), .grant("acme/ops", "acme/hid", .readOnly),
            ])
            #expect(try await life("scope=repository:acme/hid:pull") == 300)
            #expect(try await life("scope=repository:acme/hid:pull,push") == 90)
        }
    }

    @Test func `create-on-push lets those push who may push to the whole namespace`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let path = "/token?service=registry&scope=repository:acme/new:pull,push"
            _ = try await service.put("/v1/namespaces/acme/grants/teams/ops", ["level": "read-write"], as: "root")
            #expect(try RegistryToken(try await service.get(path, as: "tom")).access == [])
            _ = try await service.patch("/v1/orgs/acme", ["create_on_push": true], as: "root")
            #expect(
                try RegistryToken(try await service.get(path, as: "tom")).access == ["repository:acme/new:pull,push"])
            #expect(try RegistryToken(try await service.get(path, as: "paul")).access == [])
            let decision = try await service.evaluate("tom", "push", "acme/new", context: ["explain": true])
            #expect(decision.json["context"]?["reasons"]?.elements.strings("via") == ["create-on-push"])
        }
    }
}
