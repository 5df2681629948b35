import AccessControl
import AccessModel
import TestSupport
import Testing

/// What a token may do about tokens: of a service account that nobody sits beside.
@Suite struct TokenRightTests {
    private static let root = Credential.basic(login: "root", secret: "correct horse")
    private static let robots = "/v1/orgs/acme/service-accounts"

    /// `acme+ci`, `acme+broker`, the decision reader `acme+reader`, and `tom+mine`.
    private static func run(_ body: (TestService) async throws -> Void) async throws {
        try await TestService.run(RegistryTokenTests.world) { service async throws in
            try await service.setPassword(of: "root", to: "correct horse")
            let accounts: [(String, JSONValue)] = [
                (robots, ["name": "ci"]), (robots, ["name": "broker"]),
                (robots, ["name": "reader", "decision_reader": true]),
                ("/v1/users/tom/service-accounts", ["name": "mine"]),
            ]
            for (path, account) in accounts {
                #expect(try await service.post(path, account, as: root).status == 201)
            }
            try await body(service)
        }
    }

    private static func token(
        _ service: TestService, of path: String = robots + "/ci", _ more: JSONValue
    ) async throws -> (id: String, secret: String) {
        let made = try await service.post("\(path)/tokens", more, as: root)
        #expect(made.status == 201, "\(made.text)")
        return (try #require(made.json["id"]?.string), try #require(made.json["secret"]?.string))
    }

    @Test func `a token that may rotate takes its own place, with its terms, and no other's`() async throws {
        try await Self.run { service async throws in
            let end = service.clock.now + .seconds(10 * 86_400)
            let (id, secret) = try await Self.token(
                service,
                [
                    "name": "pipeline", "expires_at": .string(end.description), "may": ["rotate"],
                    "scope": ["actions": ["pull"], "repositories": ["acme/web"]],
                ])
            let (other, _) = try await Self.token(service, ["name": "another", "may": ["rotate"]])
            let current = try await service.get("/v1/tokens/current", as: .bearer(secret))
            #expect(current.json["id"]?.string == id && current.json["holder"] == "acme+ci")
            #expect(current.json["may"] == ["rotate"] && current.json["secret"] == nil)
            service.clock.advance(by: .seconds(86_400))
            // Limited to a registry it is good for nothing else here.
            for path in ["/v1/users/me", Self.robots + "/ci/tokens"] {
                expectProblem(try await service.get(path, as: .bearer(secret)), 403, code: "forbidden")
            }
            expectProblem(
                try await service.post(Self.robots + "/ci/tokens/\(other)/rotate", [:], as: .bearer(secret)), 403,
                code: "forbidden")
            expectProblem(
                try await service.post(
                    "/v1/tokens/current/rotate",
                    ["expires_at": .string((end + .seconds(86_401)).description)], as: .bearer(secret)),
                400, code: "invalid")
            let rotated = try await service.post(
                "/v1/tokens/current/rotate", ["overlap": 60], as: .bearer(secret))
            #expect(rotated.status == 201, "\(rotated.text)")
            #expect(rotated.json["expires_at"]?.string == (end + .seconds(86_400)).description)
            #expect(rotated.json["may"] == ["rotate"] && rotated.json["name"] == "pipeline")
            #expect(rotated.json["scope"] == ["actions": ["pull"], "repositories": ["acme/web"]])
            let lost = try #require(rotated.json["secret"]?.string)
            // Whoever did not get the answer asks again.
            let again = try await service.post("/v1/tokens/current/rotate", ["overlap": 60], as: .bearer(secret))
            #expect(again.status == 201 && again.json["expires_at"] == rotated.json["expires_at"], "\(again.text)")
            let new = try #require(again.json["secret"]?.string)
            #expect(try await service.get("/v1/tokens/current", as: .bearer(lost)).status == 401)
            #expect(try await service.get("/token", as: .basic(login: "acme+ci", secret: new)).status == 200)
            expectProblem(
                try await service.post("/v1/tokens/current/rotate", [:], as: .bearer(secret)), 409, code: "rotated")
            service.clock.advance(by: .seconds(61))
            #expect(try await service.get("/v1/tokens/current", as: .bearer(secret)).status == 401)
            #expect(try await service.get("/v1/tokens/current", as: .bearer(new)).status == 200)
        }
    }

    @Test func `a token without the right, a password and an ended account rotate nothing`() async throws {
        try await Self.run { service async throws in
            let (_, plain) = try await Self.token(service, ["name": "plain"])
            expectProblem(
                try await service.post("/v1/tokens/current/rotate", [:], as: .bearer(plain)), 403, code: "forbidden")
            expectProblem(
                try await service.post("/v1/tokens/current/rotate", [:], as: Self.root), 409, code: "no-token")
            expectProblem(try await service.get("/v1/tokens/current", as: Self.root), 409, code: "no-token")
            let (_, secret) = try await Self.token(service, ["name": "able", "may": ["rotate"]])
            _ = try await service.patch(Self.robots + "/ci", ["active": false], as: Self.root)
            #expect(try await service.post("/v1/tokens/current/rotate", [:], as: .bearer(secret)).status == 401)
        }
    }

    @Test func `a token that manages tokens does so for its owner's service accounts only`() async throws {
        try await Self.run { service async throws in
            let end = (service.clock.now + .seconds(3_600)).description
            let (_, secret) = try await Self.token(
                service, of: Self.robots + "/broker",
                ["name": "vault", "expires_at": .string(end), "may": ["manage-tokens:acme"]])
            let broker = Credential.bearer(secret)
            let path = Self.robots + "/ci/tokens"
            // It ends with the token that made it.
            let made = try await service.post(path, ["name": "job"], as: broker)
            #expect(made.status == 201 && made.json["expires_at"]?.string == end, "\(made.text)")
            let id = try #require(made.json["id"]?.string)
            #expect(try await service.get(path, as: broker).json["items"]?.elements.map { $0["id"]?.string } == [id])
            let job = Credential.bearer(try #require(made.json["secret"]?.string))
            #expect(try await service.get("/v1/users/me", as: job).status != 401)
            let later = (service.clock.now + .seconds(3_601)).description
            for (body, status) in [
                (["name": "long", "expires_at": .string(later)], 400), (["name": "able", "may": ["rotate"]], 403),
                (["name": "able", "may": ["manage-tokens:acme"]], 403),
                (["name": "short", "expires_at": .string((service.clock.now + .seconds(60)).description)], 201),
            ] as [(JSONValue, Int)] {
                let answer = try await service.post(path, body, as: broker)
                #expect(answer.status == status, "\(answer.text)")
            }
            #expect(try await service.post("\(path)/\(id)/rotate", ["overlap": 0], as: broker).status == 201)
            #expect(try await service.get("/v1/users/me", as: job).status == 401)
            let (person, _) = try await Self.token(service, ["name": "a person's"])
            #expect(try await service.delete("\(path)/\(person)", as: broker).status == 204)

            // Nothing else.
            for (method, path, status) in [
                ("POST", "/v1/orgs/acme/service-accounts/reader/tokens", 403),
                ("GET", "/v1/orgs/acme/service-accounts/reader/tokens", 403),
                ("POST", "/v1/users/tom/service-accounts/mine/tokens", 403),
                ("POST", "/v1/orgs/acme/service-accounts/nobody/tokens", 404),
                ("POST", "/v1/users/tom/tokens", 403), ("GET", "/v1/users/tom/tokens", 403),
                ("GET", "/v1/orgs/acme/service-accounts", 403), ("GET", "/v1/orgs/acme/service-accounts/ci", 403),
                ("POST", "/v1/tokens/current/rotate", 403),
            ] {
                let body: JSONValue? = method == "POST" ? (path.hasSuffix("rotate") ? [:] : ["name": "n"]) : nil
                let answer = try await service.send(method, path, body, as: broker)
                #expect(answer.status == status, "\(method) \(path): \(answer.text)")
            }
            let log = try await service.get("/v1/changes?limit=50", as: Self.root).text
            #expect(log.contains(#""may":"manage-tokens:"#))
        }
    }

    @Test func `a right is worth nothing when its holder's place has changed`() async throws {
        try await Self.run { service async throws in
            let (_, secret) = try await Self.token(
                service, of: Self.robots + "/broker", ["name": "vault", "may": ["manage-tokens:acme"]])
            let path = Self.robots + "/ci/tokens"
            #expect(try await service.post(path, ["name": "job"], as: .bearer(secret)).status == 201)
            let moved = try await service.patch(Self.robots + "/broker", ["owner": "tom"], as: Self.root)
            #expect(moved.status == 200, "\(moved.text)")
            expectProblem(
                try await service.post(path, ["name": "job"], as: .bearer(secret)), 403, code: "forbidden")

            _ = try await service.put("/v1/orgs/acme/members/root", ["role": "owner"], as: Self.root)
            // Of a user, as long as they manage the organisation.
            _ = try await service.put("/v1/orgs/acme/members/tom", ["role": "owner"], as: Self.root)
            let (_, own) = try await Self.token(
                service, of: "/v1/users/tom", ["name": "script", "may": ["manage-tokens:acme"]])
            #expect(try await service.post(path, ["name": "job"], as: .bearer(own)).status == 201)
            expectProblem(
                try await service.post("/v1/users/tom/tokens", ["name": "n"], as: .bearer(own)), 403, code: "forbidden")
            _ = try await service.put("/v1/orgs/acme/members/tom", ["role": "member"], as: Self.root)
            expectProblem(try await service.post(path, ["name": "job"], as: .bearer(own)), 403, code: "forbidden")
        }
    }

    @Test func `what a token made goes when that is revoked, and stays when it is rotated`() async throws {
        try await Self.run { service async throws in
            let (id, secret) = try await Self.token(
                service, of: Self.robots + "/broker", ["name": "vault", "may": ["manage-tokens:acme", "rotate"]])
            let path = Self.robots + "/ci/tokens"
            let made = try await service.post(path, ["name": "job"], as: .bearer(secret))
            #expect(made.json["made_by"]?.string == id)
            let job = Credential.bearer(try #require(made.json["secret"]?.string))
            let rotated = try await service.post("/v1/tokens/current/rotate", ["overlap": 0], as: .bearer(secret))
            let next = try #require(rotated.json["id"]?.string)
            #expect(try await service.get("/v1/users", as: job).status == 200)
            let listed = try await service.get(path, as: Self.root).json["items"]?.elements
            #expect(listed?.map { $0["made_by"]?.string } == [next])
            _ = try await service.delete(Self.robots + "/broker/tokens/\(next)", as: Self.root)
            #expect(try await service.get("/v1/users", as: job).status == 401)
        }
    }

    @Test func `a token gets no other token's rights, and none for longer than itself`() async throws {
        try await Self.run { service async throws in
            let end = service.clock.now + .seconds(3_600)
            let (own, secret) = try await Self.token(
                service, of: Self.robots + "/broker",
                ["name": "vault", "expires_at": .string(end.description), "may": ["manage-tokens:acme"]])
            let broker = Credential.bearer(secret)
            let (able, _) = try await Self.token(service, ["name": "able", "may": ["rotate"]])
            for path in ["/broker/tokens/\(own)", "/ci/tokens/\(able)"] {
                expectProblem(
                    try await service.post(Self.robots + path + "/rotate", [:], as: broker), 403, code: "forbidden")
            }
            let (plain, _) = try await Self.token(service, ["name": "plain"])
            let rotated = try await service.post(Self.robots + "/ci/tokens/\(plain)/rotate", [:], as: broker)
            #expect(rotated.json["expires_at"]?.string == end.description, "\(rotated.text)")
        }
    }

    @Test func `of a line of tokens the last two are good`() async throws {
        try await Self.run { service async throws in
            var (_, secret) = try await Self.token(service, ["name": "line", "may": ["rotate"]])
            var secrets = [secret]
            for _ in 1...3 {
                let rotated = try await service.post("/v1/tokens/current/rotate", [:], as: .bearer(secret))
                secret = try #require(rotated.json["secret"]?.string)
                secrets.append(secret)
            }
            var good: [Bool] = []
            for secret in secrets {
                good.append(try await service.get("/v1/tokens/current", as: .bearer(secret)).status == 200)
            }
            #expect(good == [false, false, true, true])
        }
    }

    @Test func `a decision reader's tokens and a handover take a password`() async throws {
        try await Self.run { service async throws in
            let secret = try await service.newToken(for: "root", may: [.manageTokens(of: AccountName("acme"))])
            expectProblem(
                try await service.post(Self.robots + "/reader/tokens", ["name": "n"], as: .bearer(secret)), 403,
                code: "forbidden")
            expectProblem(
                try await service.patch(Self.robots + "/ci", ["owner": "tom"], as: .bearer(secret)), 403,
                code: "forbidden")
            // And what a service account's tokens may about the old owner is gone, also when it comes back.
            let (_, vault) = try await Self.token(
                service, of: Self.robots + "/broker", ["name": "vault", "may": ["manage-tokens:acme", "rotate"]])
            _ = try await service.patch(Self.robots + "/broker", ["owner": "tom"], as: Self.root)
            _ = try await service.patch("/v1/users/tom/service-accounts/broker", ["owner": "acme"], as: Self.root)
            #expect(try await service.get("/v1/tokens/current", as: .bearer(vault)).json["may"] == ["rotate"])
        }
    }

    @Test(arguments: ["", " ", "a\u{202E}b", "\u{200B}", "two\u{2028}lines", "\u{FEFF}x"])
    func `a name that cannot be read in a list is refused`(_ name: String) async throws {
        try await Self.run { service async throws in
            expectProblem(
                try await service.post(Self.robots + "/ci/tokens", ["name": .string(name)], as: Self.root), 400,
                code: "invalid")
        }
    }

    @Test(arguments: [
        ("rotat", "use rotate or manage-tokens:OWNER"), ("manage-tokens:", "account name"),
        ("manage-tokens:tom", "it is for service accounts of tom"), ("manage-tokens:nobody", "nobody"),
        ("manage-tokens:ACME!", "account name"),
    ])
    func `a right that cannot be used is refused`(_ right: String, _ words: String) async throws {
        try await Self.run { service async throws in
            let answer = try await service.post(
                Self.robots + "/ci/tokens", ["name": "n", "may": [.string(right)]], as: Self.root)
            #expect([400, 404].contains(answer.status) && answer.text.contains(words), "\(answer.text)")
        }
    }
}
