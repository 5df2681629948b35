import AccessControl
import AccessModel
import TestSupport
import Testing

/// Service accounts: made, logged in, rotated, suspended, ended, handed over.
@Suite struct ServiceAccountTests {
    private static let root = Credential.basic(login: "root", secret: "correct horse")
    private static let robots = "/v1/orgs/acme/service-accounts"

    private static func run(_ body: (TestService) async throws -> Void) async throws {
        try await TestService.run(RegistryTokenTests.world) { service async throws in
            try await service.setPassword(of: "root", to: "correct horse")
            let made = try await service.post(robots, ["name": "ci", "description": "builds"], as: root)
            #expect(made.status == 201, "\(made.text)")
            #expect(made.json["login"] == "acme+ci" && made.json["working"] == true)
            #expect(made["Location"] == "/v1/orgs/acme/service-accounts/ci")
            _ = try await service.put(
                "/v1/repositories/acme/web/grants/service-accounts/ci", ["level": "read-write"], as: root)
            try await body(service)
        }
    }

    private static func token(
        _ service: TestService, _ more: JSONValue = ["name": "pipeline"]
    ) async throws -> (id: String, secret: String) {
        let made = try await service.post(robots + "/ci/tokens", more, as: root)
        #expect(made.status == 201, "\(made.text)")
        return (try #require(made.json["id"]?.string), try #require(made.json["secret"]?.string))
    }

    private static func access(_ service: TestService, _ secret: String) async throws -> [String]? {
        let answer = try await service.get(
            "/token?scope=repository:acme/web:pull,push", as: .basic(login: "acme+ci", secret: secret))
        return answer.status == 200 ? try RegistryToken(answer).access : nil
    }

    @Test func `it logs in with its token and its own name, and gets what it was granted`() async throws {
        try await Self.run { service async throws in
            let (_, secret) = try await Self.token(service)
            #expect(try await Self.access(service, secret) == ["repository:acme/web:pull,push"])
            for login in ["acme+other", "tom", "ci", "acme"] {
                #expect(try await service.get("/token", as: .basic(login: login, secret: secret)).status == 401)
            }
            #expect(try await service.get("/token", as: .basic(login: "ACME+CI", secret: secret)).status == 200)
            let token = try RegistryToken(try await service.get("/token", as: .bearer(secret)))
            #expect(token.claims["sub"] == "acme+ci")
            #expect(try await service.get("/token", as: .basic(login: "acme+ci", secret: "a password")).status == 401)
        }
    }

    @Test func `a token shows when and from where it was used last, and where it is kept`() async throws {
        try await Self.run { service async throws in
            let (id, secret) = try await Self.token(service)
            func listed() async throws -> JSONValue? {
                try await service.get(Self.robots + "/ci/tokens", as: Self.root).json["items"]?.elements
                    .first { $0["id"]?.string == id }
            }
            #expect(try await listed()?["last_used_at"] == .null)
            _ = try await service.send(
                "GET", "/token", as: .basic(login: "acme+ci", secret: secret), from: "198.51.100.7")
            let used = service.clock.now
            #expect(try await listed()?["last_used_at"]?.string == used.description)
            #expect(try await listed()?["last_used_address"] == "198.51.100.7")
            let revision = service.service.transactions.published.current.revision
            try await service.service.authentication.keepTokenUses()
            #expect(service.service.transactions.published.current.revision == revision, "a use is no change")
            #expect(try await listed()?["last_used_at"]?.string == used.description)
            #expect(try await listed()?["last_used_address"] == "198.51.100.7")
        }
    }

    @Test func `rotation overlaps`() async throws {
        try await Self.run { service async throws in
            let end = service.clock.now + .seconds(10 * 86_400)
            let (id, old) = try await Self.token(
                service, ["name": "pipeline", "expires_at": .string(end.description)])
            service.clock.advance(by: .seconds(86_400))
            let rotated = try await service.post(
                Self.robots + "/ci/tokens/\(id)/rotate", ["overlap": 3_600], as: Self.root)
            #expect(rotated.status == 201)
            #expect(rotated.json["name"] == "pipeline")
            #expect(
                rotated.json["expires_at"]?.string == (end + .seconds(86_400)).description, "as long as the first one")
            let new = try #require(rotated.json["secret"]?.string)
            service.clock.advance(by: .seconds(3_599))
            #expect(try await Self.access(service, old) != nil)
            #expect(try await Self.access(service, new) != nil)
            service.clock.advance(by: .seconds(61))
            #expect(try await Self.access(service, old) == nil)
            #expect(try await Self.access(service, new) != nil)
            expectProblem(
                try await service.post(Self.robots + "/ci/tokens/\(id)/rotate", [:], as: Self.root), 409,
                code: "rotated")
            let newID = try #require(rotated.json["id"]?.string)
            let third = try await service.post(
                Self.robots + "/ci/tokens/\(newID)/rotate", ["overlap": 3_600], as: Self.root)
            #expect(third.status == 201)
            expectProblem(
                try await service.post(Self.robots + "/ci/tokens/\(newID)/rotate", [:], as: Self.root), 409,
                code: "rotated")
            expectProblem(
                try await service.post(Self.robots + "/ci/tokens/\(newID)/rotate", [:], as: "root"), 403,
                code: "forbidden")
            let thirdID = try #require(third.json["id"]?.string)
            let last = try #require(third.json["secret"]?.string)
            #expect(try await Self.access(service, last) != nil)
            _ = try await service.post(
                Self.robots + "/ci/tokens/\(thirdID)/rotate", ["overlap": 0], as: Self.root)
            #expect(try await Self.access(service, last) == nil, "no overlap: gone at once")
            for overlap in [-1, 2_592_001] as [JSONValue] {
                expectProblem(
                    try await service.post(Self.robots + "/ci/tokens/x/rotate", ["overlap": overlap], as: Self.root),
                    400, code: "invalid")
            }
        }
    }

    @Test func `it is suspended by itself and with its owner, and brings its tokens back`() async throws {
        try await Self.run { service async throws in
            let (_, secret) = try await Self.token(service)
            #expect(try await Self.access(service, secret) != nil)
            _ = try await service.patch(Self.robots + "/ci", ["active": false], as: Self.root)
            #expect(try await Self.access(service, secret) == nil)
            _ = try await service.patch(Self.robots + "/ci", ["active": true], as: Self.root)
            #expect(try await Self.access(service, secret) != nil)
            // Of a user, with the user.
            let made = try await service.post("/v1/users/tom/service-accounts", ["name": "mine"], as: Self.root)
            #expect(made.status == 201)
            let token = try await service.post(
                "/v1/users/tom/service-accounts/mine/tokens", ["name": "t"], as: Self.root)
            let mine = try #require(token.json["secret"]?.string)
            #expect(try await service.get("/token", as: .bearer(mine)).status == 200)
            _ = try await service.patch("/v1/users/tom", ["active": false], as: "root")
            #expect(try await service.get("/token", as: .bearer(mine)).status == 401)
            _ = try await service.patch("/v1/users/tom", ["active": true], as: "root")
            #expect(try await service.get("/token", as: .bearer(mine)).status == 200)
        }
    }

    @Test func `it ends at its time, and a registry token with it`() async throws {
        try await Self.run { service async throws in
            let (_, secret) = try await Self.token(service)
            let end = service.clock.now + .seconds(100)
            _ = try await service.patch(Self.robots + "/ci", ["expires_at": .string(end.description)], as: Self.root)
            let answer = try await service.get(
                "/token?scope=repository:acme/web:pull", as: .basic(login: "acme+ci", secret: secret))
            #expect(answer.json["expires_in"] == 100)
            service.clock.advance(by: .seconds(100))
            #expect(try await Self.access(service, secret) == nil)
            #expect(try await service.get(Self.robots + "/ci", as: Self.root).json["working"] == false)
            let decision = try await service.post(
                "/access/v1/evaluation",
                [
                    "subject": ["type": "service-account", "id": "acme+ci"], "action": ["name": "pull"],
                    "resource": ["type": "repository", "id": "acme/web"], "context": ["explain": true],
                ], as: "root")
            #expect(decision.json["decision"] == false)
            #expect(
                decision.json["context"]?["remedies"]?[0]?["text"]?.string?.contains("ended at") == true,
                "\(decision.text)")
            _ = try await service.patch(Self.robots + "/ci", ["expires_at": .null], as: Self.root)
            #expect(try await Self.access(service, secret) != nil)
        }
    }

    @Test func `it is handed over with its tokens and without its grants`() async throws {
        try await Self.run { service async throws in
            try await service.load([.org("other"), .repository("other/x")])
            let (_, secret) = try await Self.token(service)
            let rehearsed = try await service.patch(
                Self.robots + "/ci?dry_run=true", ["owner": "other"], as: Self.root)
            #expect(rehearsed.text.contains("acme/web"), "\(rehearsed.text)")
            let moved = try await service.patch(Self.robots + "/ci", ["owner": "other"], as: Self.root)
            #expect(moved.json["login"] == "other+ci")
            let old = try await service.get("/token", as: .basic(login: "acme+ci", secret: secret))
            #expect(old.status == 401)
            let new = try await service.get(
                "/token?scope=repository:acme/web:pull", as: .basic(login: "other+ci", secret: secret))
            #expect(try RegistryToken(new).access == [])
            #expect(try await service.get(Self.robots + "/ci", as: Self.root).status == 404)
            // Who manages only one of the two hands nothing over.
            try await service.load([.user("olga"), .member("other", "olga", "owner")])
            let theirs = "/v1/orgs/other/service-accounts/ci"
            #expect(try await service.patch(theirs, ["owner": "acme"], as: "olga").status == 403)
            #expect(try await service.patch(theirs, ["description": "mine"], as: "olga").status == 200)
            // What only administrators give is not carried away.
            _ = try await service.patch(theirs, ["decision_reader": true], as: Self.root)
            #expect(try await service.patch(theirs, ["owner": "olga"], as: "olga").status == 403)
            #expect(try await service.patch(theirs, ["owner": "tom"], as: Self.root).status == 200)
        }
    }

    @Test func `it is gone with its tokens and grants, by itself and with its owner`() async throws {
        try await Self.run { service async throws in
            let (_, secret) = try await Self.token(service)
            #expect(try await Self.access(service, secret) != nil)
            #expect(try await service.delete(Self.robots + "/ci", as: Self.root).status == 204)
            #expect(try await Self.access(service, secret) == nil)
            #expect(
                try await service.get("/v1/repositories/acme/web/grants", as: Self.root).text.contains("ci") == false)
            _ = try await service.post("/v1/users/paul/service-accounts", ["name": "mine"], as: Self.root)
            let token = try await service.post(
                "/v1/users/paul/service-accounts/mine/tokens", ["name": "t"], as: Self.root)
            let mine = try #require(token.json["secret"]?.string)
            #expect(try await service.get("/token", as: .bearer(mine)).status == 200)
            #expect(try await service.delete("/v1/users/paul", as: Self.root).status == 204)
            #expect(try await service.get("/token", as: .bearer(mine)).status == 401)
            let verified = try await service.get("/v1/verify", as: Self.root)
            #expect(verified.json["faults"] == [], "\(verified.text)")
        }
    }

    @Test func `what cannot be is refused`() async throws {
        try await Self.run { service async throws in
            expectProblem(
                try await service.post(Self.robots, ["name": "ci"], as: Self.root), 409, code: "name-taken")
            expectProblem(try await service.post(Self.robots, ["name": "Not OK"], as: Self.root), 400, code: "invalid")
            let past: JSONValue = ["name": "late", "expires_at": "2020-01-01T00:00:00Z"]
            expectProblem(try await service.post(Self.robots, past, as: Self.root), 400, code: "invalid")
            #expect(try await service.get("/v1/users/acme/service-accounts", as: Self.root).status == 404)
            #expect(try await service.get("/v1/orgs/tom/service-accounts", as: Self.root).status == 404)
            #expect(try await service.get(Self.robots + "/none/tokens", as: Self.root).status == 404)
            _ = try await service.patch(Self.robots + "/ci", ["active": false], as: Self.root)
            expectProblem(
                try await service.post(Self.robots + "/ci/tokens", ["name": "t"], as: Self.root), 409, code: "inactive")
            expectProblem(
                try await service.post(Self.robots + "/ci/tokens", ["name": "t"], as: "root"), 403, code: "forbidden")
        }
    }

    @Test func `what has ended is exported and imported, and gives the same bytes`() async throws {
        try await Self.run { service async throws in
            let end = service.clock.now + .seconds(10)
            _ = try await service.patch(Self.robots + "/ci", ["expires_at": .string(end.description)], as: Self.root)
            service.clock.advance(by: .seconds(11))
            let text = try await service.get("/v1/export", as: Self.root).body
            try await TestService.run(clock: service.clock) { other async throws in
                let lines = try await other.service.transactions.perform(ImportLines(text: text), as: .service)
                #expect(lines.value.lines > 0)
                let again = try await other.service.transactions.ask(ExportLines(), as: .service)
                #expect(String(decoding: again, as: UTF8.self) == String(decoding: text, as: UTF8.self))
            }
        }
    }

    @Test func `an end is exported and imported`() async throws {
        try await Self.run { service async throws in
            let end = service.clock.now + .seconds(86_400)
            _ = try await service.patch(Self.robots + "/ci", ["expires_at": .string(end.description)], as: Self.root)
            let text = try await service.get("/v1/export", as: Self.root).body
            try await TestService.run([.user("admin", admin: true)]) { other async throws in
                let imported = try await other.send(
                    "POST", "/v1/import", bytes: text, as: "admin", headers: ["Content-Type": "application/x-ndjson"])
                #expect(imported.status == 200, "\(imported.text)")
                let robot = try await other.get(Self.robots + "/ci", as: "admin")
                #expect(robot.json["expires_at"]?.string == end.description)
            }
        }
    }
}
