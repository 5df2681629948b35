import TestSupport
import Testing

/// Names that are nearly somebody's, and secrets shown for another use.
@Suite struct LoginNameTests {
    @Test(arguments: [
        "\u{212A}ate", "kate ", " kate", "kate\u{0}", "kat\u{E9}", "ｋate", "kate\u{200B}", "kate@", "\\kate",
    ])
    func `only the letters of ASCII have two cases, and nothing is trimmed`(_ name: String) async throws {
        let lines: [SeedLine] = [.user("root", admin: true), .user("kate"), .repository("kate/any")]
        try await TestService.run(lines) { service async throws in
            try await service.setPassword(of: "kate", to: "a long password")
            let token = try await service.newToken(for: "kate")
            #expect(try await service.get("/v1/users/me", as: .basic(login: "KATE", secret: token)).status == 200)
            for secret in ["a long password", token] {
                let answer = try await service.get("/v1/users/me", as: .basic(login: name, secret: secret))
                #expect(answer.status == 401, "\(answer.text)")
            }
            for (id, mayPull) in [("kate", true), ("KATE", true), (name, false)] {
                let question: JSONValue = [
                    "subject": ["type": "user", "id": .string(id)], "action": ["name": "pull"],
                    "resource": ["type": "repository", "id": "kate/any"],
                ]
                let answer = try await service.post("/access/v1/evaluation", question, as: "root")
                #expect((answer.json["decision"] == true) == mayPull, "\(id): \(answer.text)")
            }
        }
    }

    @Test(arguments: ["bearer", "bearer token", "", "login", "6:bearer", "1:6:bearer", "kate", "comparison"])
    func `a token that is remembered as one is nobody's password`(_ login: String) async throws {
        try await TestService.run([.user("ann")]) { service async throws in
            let token = try await service.newToken(for: "ann")
            #expect(try await service.get("/v1/users/me", as: .bearer(token)).status == 200)
            for secret in [token, "bearer \(token)", "token\u{0}\(token)"] {
                let answer = try await service.get("/v1/users/me", as: .basic(login: login, secret: secret))
                #expect(answer.status == 401, "\(answer.text)")
            }
        }
    }

    @Test(arguments: [
        "u10 ", " u10", "  U10  ", "\u{FF55}10", "WIN\\ u10", "u10 @win.example.com", " u10@win.example.com",
    ])
    func `a directory's idea of the same name makes no account`(_ name: String) async throws {
        try await DirectoryWorld.run({ $0["just_in_time"] = true }) { world async throws in
            try world.addPeople(["u10"])
            let before = world.service.service.transactions.published.current.revision
            let answer = try await world.service.get(
                "/v1/users/me", as: .basic(login: name, secret: "u10's password"))
            #expect(answer.status == 401, "\(answer.text)")
            #expect(world.service.service.transactions.published.current.revision == before)
            #expect(
                try await world.service.get("/v1/users/me", as: .basic(login: "U10", secret: "u10's password")).status
                    == 200)
        }
    }
}
