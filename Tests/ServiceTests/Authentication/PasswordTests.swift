import TestSupport
import Testing

@Suite struct PasswordTests {
    private static let path = "/v1/users/elton/password"

    private static func run(_ body: (TestService, Credential) async throws -> Void) async throws {
        let lines: [SeedLine] = [.user("root", admin: true), .user("elton"), .user("ann")]
        try await TestService.run(lines) { service async throws in
            try await service.setPassword(of: "elton", to: "correct horse")
            try await body(service, .basic(login: "elton", secret: "correct horse"))
        }
    }

    @Test func `one's own password needs the old one`() async throws {
        try await Self.run { service, me async throws in
            expectProblem(try await service.put(Self.path, ["password": "another one"], as: me), 400, code: "invalid")
            let wrong = try await service.put(Self.path, ["password": "another one", "old_password": "wrong"], as: me)
            #expect([401, 403].contains(wrong.status))
            let right = try await service.put(
                Self.path, ["password": "another one", "old_password": "correct horse"], as: me)
            #expect(right.status == 204)
        }
    }

    @Test func `a token is no old password`() async throws {
        try await Self.run { service, me async throws in
            let token = try await service.newToken(for: "elton")
            let answer = try await service.put(
                Self.path, ["password": "another one", "old_password": .string(token)], as: me)
            #expect([401, 403].contains(answer.status))
        }
    }

    @Test func `a changed password counts at once`() async throws {
        try await Self.run { service, me async throws in
            #expect(try await service.get("/v1/users/me", as: me).status == 200)
            _ = try await service.put(Self.path, ["password": "another one", "old_password": "correct horse"], as: me)
            #expect(try await service.get("/v1/users/me", as: me).status == 401)
            #expect(
                try await service.get("/v1/users/me", as: .basic(login: "elton", secret: "another one")).status == 200)
        }
    }

    @Test func `an administrator sets another's password without the old one, and nobody else does`() async throws {
        try await Self.run { service, me async throws in
            try await service.setPassword(of: "root", to: "root's password")
            let root = Credential.basic(login: "root", secret: "root's password")
            #expect(try await service.put(Self.path, ["password": "set by root"], as: root).status == 204)
            #expect(try await service.get("/v1/users/me", as: me).status == 401)
            let elton = Credential.basic(login: "elton", secret: "set by root")
            expectProblem(
                try await service.put("/v1/users/ann/password", ["password": "guessed it"], as: elton), 403,
                code: "forbidden")
        }
    }

    @Test(arguments: ["", "seven77", String(repeating: "x", count: 1_025), "prt_looks-like-a-token"])
    func `a password that cannot be is refused`(_ password: String) async throws {
        try await Self.run { service, me async throws in
            let answer = try await service.put(
                Self.path, ["password": .string(password), "old_password": "correct horse"], as: me)
            expectProblem(answer, 400, code: "invalid")
            #expect(answer.json["field"] == "password")
            #expect(password.isEmpty || !answer.text.contains(password), "a secret is not repeated")
        }
    }

    @Test(arguments: ["eight888", "with spaces and ünïcödé", String(repeating: "x", count: 1_024), "a:b:c:d:e"])
    func `no composition rules`(_ password: String) async throws {
        try await Self.run { service, me async throws in
            let answer = try await service.put(
                Self.path, ["password": .string(password), "old_password": "correct horse"], as: me)
            #expect(answer.status == 204)
            #expect(try await service.get("/v1/users/me", as: .basic(login: "elton", secret: password)).status == 200)
        }
    }

    @Test func `wrong secrets are slowed after 20 a minute for their address and account only`() async throws {
        try await Self.run { service, me async throws in
            try await service.setPassword(of: "ann", to: "ann's password")
            let wrong = Credential.basic(login: "Elton", secret: "wrong")
            for _ in 1...20 {
                #expect(try await service.send("GET", "/v1/users/me", as: wrong, from: "198.51.100.7").status == 401)
            }
            for credential in [wrong, me] {
                let slowed = try await service.send("GET", "/v1/users/me", as: credential, from: "198.51.100.7")
                expectProblem(slowed, 429, code: "too-many-attempts")
                #expect((1...60).contains(Int(slowed["Retry-After"] ?? "") ?? 0))
            }
            let ann = Credential.basic(login: "ann", secret: "ann's password")
            #expect(try await service.send("GET", "/v1/users/me", as: ann, from: "198.51.100.7").status == 200)
            #expect(try await service.send("GET", "/v1/users/me", as: me, from: "198.51.100.8").status == 200)
            service.clock.advance(by: .seconds(60))
            #expect(try await service.send("GET", "/v1/users/me", as: me, from: "198.51.100.7").status == 200)
        }
    }

    @Test func `the address of a trusted proxy's client counts, and of nobody else's`() async throws {
        let lines: [SeedLine] = [.user("elton")]
        try await TestService.run(lines, settings: ["proxy.trusted": "203.0.113.0/24"]) { service async throws in
            try await service.setPassword(of: "elton", to: "correct horse")
            func status(_ secret: String, _ client: String, through proxy: String) async throws -> Int {
                try await service.send(
                    "GET", "/v1/users/me", as: .basic(login: "elton", secret: secret),
                    headers: ["X-Forwarded-For": client], from: proxy
                ).status
            }
            for _ in 1...20 { _ = try await status("wrong", "198.51.100.7", through: "203.0.113.9") }
            #expect(try await status("correct horse", "198.51.100.7", through: "203.0.113.9") == 429)
            #expect(
                try await status("wrong", "10.1.1.1, 198.51.100.7", through: "203.0.113.9") == 429,
                "what a client claims is nothing")
            #expect(try await status("wrong", "198.51.100.7", through: "192.0.2.1") == 401, "no proxy of ours")
            #expect(try await status("correct horse", "198.51.100.8", through: "203.0.113.9") == 200)
        }
    }

    @Test(arguments: [
        ("198.51.100.7:5000", "198.51.100.7"), ("[2001:db8::5]:443", "2001:db8::5"), ("2001:DB8:0:0::5", "2001:db8::5"),
        ("::ffff:9.9.9.9", "9.9.9.9"), ("fe80::1%<script>junk", "fe80::1"), ("[2001:db8::5]junk", "unknown"),
        ("198.51.100.7:x", "unknown"), ("<script>", "unknown"), ("", "unknown"), ("1.2.3.4, junk", "unknown"),
        ("junk, 1.2.3.4", "1.2.3.4"),
    ])
    func `an address from a proxy is kept in its usual form, and junk never`(
        _ header: String, _ kept: String
    ) async throws {
        try await TestService.run([.user("elton")], settings: ["proxy.trusted": "203.0.113.0/24"]) {
            service async throws in
            let token = Credential.bearer(try await service.newToken(for: "elton"))
            let answer = try await service.send(
                "GET", "/v1/users/elton/tokens", as: token, headers: ["X-Forwarded-For": header], from: "203.0.113.9")
            #expect(answer.items.first?["last_used_address"] == .string(kept), "\(answer.text)")
        }
    }
}
