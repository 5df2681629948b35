import TestSupport
import Testing

/// While a directory is down nobody learns by the answers whose password is kept where.
@Suite struct DirectoryOutageTests {
    private static let wrong: [(String, String)] = [
        ("root", "a wrong one"), ("ada", "a wrong one"), ("ada", "ada's password"), ("nobody", "any"), ("root", ""),
        ("nerd-dinner", "any"), ("WIN\\ada", "any"), ("ada@win.example.com", "any"), ("nerd-dinner+ci", "any"),
        ("gone", "any"),
    ]

    private static func run(
        justInTime: Bool = false, _ body: (DirectoryWorld) async throws -> Void
    ) async throws {
        try await DirectoryWorld.run({
            $0["login_memory"] = 0
            $0["just_in_time"] = .bool(justInTime)
        }) { world async throws in
            try world.addPeople(["ada"])
            _ = try await world.sync()
            try await world.service.load([.user("gone", active: false), .serviceAccount("nerd-dinner+ci")])
            try await world.service.setPassword(of: "root", to: "a local password")
            try await world.service.setPassword(of: "gone", to: "a local password")
            try await body(world)
        }
    }

    @Test(arguments: [false, true], wrong.indices)
    func `every wrong pair gets one answer, whoever asks first`(_ justInTime: Bool, _ first: Int) async throws {
        try await Self.run(justInTime: justInTime) { world async throws in
            world.service.clock.advance(by: .seconds(60))
            world.proxy.stop()
            var details: Set<String> = []
            for (login, secret) in Self.wrong[first...] + Self.wrong[..<first] {
                let answer = try await world.service.get("/v1/users/me", as: .basic(login: login, secret: secret))
                expectProblem(answer, 503, code: "directory-unavailable")
                #expect(answer["Retry-After"] == "10", "\(login)")
                details.insert(answer.json["detail"]?.string ?? "")
                let registry = try await world.service.get(
                    "/token?service=registry", as: .basic(login: login, secret: secret))
                #expect(registry.status == 503 && registry["Retry-After"] == "10", "\(login): \(registry.text)")
            }
            #expect(details.count == 1, "\(details)")
            let local = Credential.basic(login: "root", secret: "a local password")
            #expect(try await world.service.get("/v1/users/me", as: local).status == 200)
            #expect(try await world.service.get("/token?service=registry", as: local).status == 200)
        }
    }

    @Test func `whoever has used up what reaches the directory is told the same`() async throws {
        try await Self.run { world async throws in
            for number in 0..<3 {
                _ = try await world.service.send(
                    "GET", "/v1/users/me", as: .basic(login: "ada", secret: "guess \(number)"),
                    from: "203.0.113.\(number)")
            }
            let guess = Credential.basic(login: "ada", secret: "one more")
            #expect(try await world.service.get("/v1/users/me", as: guess).status == 429)
            world.service.clock.advance(by: .seconds(60))
            world.proxy.stop()
            #expect(try await world.service.get("/v1/users/me", as: guess).status == 503)
        }
    }

    @Test func `a burst at a silent directory gets one answer`() async throws {
        try await Self.run { world async throws in
            world.service.clock.advance(by: .seconds(60))
            world.proxy.action = .silence
            world.proxy.message = 1
            let statuses = try await withThrowingTaskGroup { group in
                for number in 0..<27 {
                    let login = ["ada", "nobody-\(number)", "root"][number % 3]
                    group.addTask {
                        try await world.service.send(
                            "GET", "/v1/users/me", as: .basic(login: login, secret: "guess \(number)"),
                            from: "203.0.113.\(number)"
                        ).status
                    }
                }
                return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
            }
            #expect(statuses == [503])
        }
    }

    @Test func `once it is back, wrong is wrong again`() async throws {
        try await Self.run { world async throws in
            world.service.clock.advance(by: .seconds(60))
            world.proxy.action = .silence
            world.proxy.message = 1
            let wrong = Credential.basic(login: "root", secret: "a wrong one")
            #expect(try await world.service.get("/v1/users/me", as: wrong).status == 503)
            world.proxy.message = nil
            world.service.clock.advance(by: .seconds(11))
            #expect(try await world.service.get("/v1/users/me", as: wrong).status == 401)
        }
    }

    @Test func `guesses at local passwords are counted all the same`() async throws {
        try await Self.run { world async throws in
            world.proxy.stop()
            for number in 0..<20 {
                let guess = Credential.basic(login: "root", secret: "guess \(number)")
                #expect([401, 503].contains(try await world.service.get("/v1/users/me", as: guess).status))
            }
            let guess = Credential.basic(login: "root", secret: "one more")
            #expect(try await world.service.get("/v1/users/me", as: guess).status == 429)
        }
    }

    @Test func `a directory without logins is nobody's concern`() async throws {
        try await DirectoryWorld.run({ $0["login"] = false }) { world async throws in
            world.proxy.stop()
            try await world.service.setPassword(of: "root", to: "a local password")
            let wrong = Credential.basic(login: "root", secret: "a wrong one")
            #expect(try await world.service.get("/v1/users/me", as: wrong).status == 401)
        }
    }
}
