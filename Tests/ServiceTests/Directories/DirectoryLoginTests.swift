import AccessControl
import AccessModel
import TestSupport
import Testing

/// Logging in with a directory's password: by which names, how often it is asked, and what happens when it is down.
struct DirectoryLoginTests {
    private func world(
        _ change: @Sendable @escaping (inout [String: JSONValue]) -> Void = { _ in },
        _ body: (DirectoryWorld) async throws -> Void
    ) async throws {
        try await DirectoryWorld.run(change) { world in
            try world.addPeople(["ada", "bob"])
            try await body(world)
        }
    }

    private func login(
        _ name: String, _ password: String, at world: DirectoryWorld, from address: String = "192.0.2.1"
    ) async throws -> TestAnswer {
        try await world.service.send("GET", "/v1/users/me", as: .basic(login: name, secret: password), from: address)
    }

    @Test(arguments: [
        ("ada", 200), ("ADA", 200), ("WIN\\ada", 200), ("win\\Ada", 200), ("win.example.com\\ada", 200),
        ("ada@win.example.com", 200), ("Ada@WIN.Example.com", 200), ("OTHER\\ada", 401), ("ada@example.com", 401),
        ("\\ada", 401), ("@win.example.com", 401), ("WIN\\", 401), ("WIN\\root", 401), ("root@win.example.com", 401),
        ("ada@", 401), ("bob", 401),
    ])
    func `people log in by every name that is theirs, and by no other`(_ name: String, _ status: Int) async throws {
        try await world { world in
            _ = try await world.sync()
            let answer = try await login(name, "ada's password", at: world)
            #expect(answer.status == status, "\(answer.text)")
            if status == 200 { #expect(answer.json["name"] == "ada") }
        }
    }

    @Test func `a principal name of its own names its person, whatever the account is called`() async throws {
        try await world { world in
            let dn = try world.windows.addUser("estone", [("userPrincipalName", ["Elton.Stone@corp.example"])])
            world.windows.setPassword("elton's password", of: dn)
            _ = try await world.sync()
            let answer = try await login("elton.stone@CORP.example", "elton's password", at: world)
            #expect(answer.json["name"] == "estone")
            #expect(answer.json["directory"]?["principal_name"] == "elton.stone@corp.example")
            #expect(try await login("elton.stone", "elton's password", at: world).status == 401)
            // Moved to another name: the old one is nobody's from the next synchronisation on.
            try world.windows.replace(dn, "userPrincipalName", ["e.stone@corp.example"])
            _ = try await world.sync()
            #expect(try await login("e.stone@corp.example", "elton's password", at: world).status == 200)
            #expect(
                try await login("elton.stone@corp.example", "elton's password", at: world, from: "192.0.2.9").status
                    == 401)
        }
    }

    @Test func `the short name of the domain can be set`() async throws {
        try await world({ $0["netbios_name"] = "COMPANY" }) { world in
            _ = try await world.sync()
            #expect(try await login("company\\ada", "ada's password", at: world).status == 200)
            #expect(try await login("WIN\\ada", "ada's password", at: world).status == 401)
        }
    }

    @Test func `a token is the password of every name of its owner, and of nobody else's`() async throws {
        try await world { world in
            _ = try await world.sync()
            let token = try await world.service.newToken(for: "ada")
            for name in ["ada", "WIN\\ada", "ada@win.example.com"] {
                #expect(try await login(name, token, at: world).status == 200, "\(name)")
            }
            for name in ["bob", "WIN\\bob", "bob@win.example.com", "ada@example.com"] {
                #expect(try await login(name, token, at: world).status == 401, "\(name)")
            }
        }
    }

    @Test func `a right password is asked once for as long as the settings say`() async throws {
        for (memory, asked) in [(60, 1), (0, 3)] {
            try await world({ $0["login_memory"] = .integer(Int64(memory)) }) { world in
                _ = try await world.sync()
                let before = world.windows.count(.bind)
                for _ in 0..<3 { #expect(try await login("ada", "ada's password", at: world).status == 200) }
                #expect(world.windows.count(.bind) - before == asked)
            }
        }
    }

    @Test func `two wrong passwords of an address reach the directory, and its next one waits`() async throws {
        try await world { world in
            _ = try await world.sync()
            let before = world.windows.count(.bind)
            for (guess, status) in [
                ("one", 401), ("one", 401), ("two", 401), ("three", 429), ("four", 429), ("one", 401),
            ] {
                #expect(try await login("ada", guess, at: world).status == status)
            }
            #expect(world.windows.count(.bind) - before == 2)
            let right = try await login("ada", "ada's password", at: world)
            expectProblem(right, 429, code: "too-many-attempts")
            #expect(right["Retry-After"] == "1800")
            #expect(try await login("bob", "bob's password", at: world).status == 200)
            world.service.clock.advance(by: .seconds(1_801))
            #expect(try await login("ada", "ada's password", at: world).status == 200)
        }
    }

    @Test func `many at once reach the directory as seldom as one after the other`() async throws {
        try await world({ $0["login_memory"] = 0 }) { world in
            _ = try await world.sync()
            let before = world.windows.count(.bind)
            let names = ["ada", "WIN\\ada", "win.example.com\\ada", "ada@win.example.com"]
            func guess(_ guesses: [String], _ statuses: Set<Int>) async throws {
                try await withThrowingTaskGroup { group in
                    for (number, guess) in guesses.enumerated() {
                        let address = "192.0.2.\(number)"
                        group.addTask {
                            try await login(names[number % names.count], guess, at: world, from: address).status
                        }
                    }
                    for try await status in group { #expect(statuses.contains(status)) }
                }
            }
            try await guess(Array(repeating: "stale", count: 20), [401])
            #expect(world.windows.count(.bind) - before == 1)
            try await guess((0..<20).map { "guess \($0)" }, [401, 429])
            #expect(world.windows.count(.bind) - before == 3)
        }
    }

    @Test func `a server that is silent is asked last for a while, and nobody twice for one login`() async throws {
        try await world { world in
            _ = try await world.sync()
            world.proxy.action = .silence
            world.proxy.message = 1
            let connections = world.proxy.connections
            let port = world.windows.port
            try await world.put {
                $0["urls"] = [.string("ldap://127.0.0.1:\(world.proxy.port)"), .string("ldap://127.0.0.1:\(port)")]
                $0["login_memory"] = 0
            }
            // It has the password: asking another one too would count a wrong one twice.
            let binds = world.windows.count(.bind)
            #expect(try await login("ada", "ada's password", at: world).status == 503)
            #expect(world.windows.count(.bind) - binds <= 1)
            for name in ["ada", "bob", "ada"] {
                #expect(try await login(name, "\(name)'s password", at: world).status == 200)
            }
            #expect(world.proxy.connections - connections == 1)
        }
    }

    @Test func `while the directory is down the known and cached go on, and nobody waits for it`() async throws {
        try await world { world in
            _ = try await world.sync()
            #expect(try await login("ada", "ada's password", at: world).status == 200)
            let token = try await world.service.newToken(for: "bob")
            world.proxy.stop()
            #expect(try await login("ada", "ada's password", at: world).status == 200, "remembered")
            let registry = try await world.service.send(
                "GET", "/token?service=registry&account=ada", as: .basic(login: "ada", secret: "ada's password"))
            #expect(registry.status == 200)
            #expect(try await login("bob", token, at: world).status == 200, "a token needs no directory")
            #expect(try await login("bob", "bob's password", at: world).status == 503)
            #expect(try await login("nobody", "a password", at: world).status == 503, "names cannot be told apart")
            try await world.service.setPassword(of: "root", to: "a local password")
            #expect(try await login("root", "a local password", at: world).status == 200, "break glass")
            world.service.clock.advance(by: .seconds(61))
            #expect(try await login("ada", "ada's password", at: world).status == 503, "forgotten")
        }
    }

    @Test func `a directory that was out of reach a moment ago is not waited for again`() async throws {
        try await world { world in
            _ = try await world.sync()
            world.proxy.action = .silence
            world.proxy.message = 1
            #expect(try await login("ada", "ada's password", at: world).status == 503)
            let tried = world.proxy.connections
            for _ in 0..<5 { #expect(try await login("ada", "ada's password", at: world).status == 503) }
            #expect(world.proxy.connections == tried)
            world.proxy.message = nil
            world.service.clock.advance(by: .seconds(11))
            #expect(try await login("ada", "ada's password", at: world).status == 200)
        }
    }

    @Test func `a disabled account stops at the next synchronisation with its tokens`() async throws {
        try await world { world in
            _ = try await world.sync()
            let token = try await world.service.newToken(for: "ada")
            try world.windows.replace("CN=ada,\(WindowsDirectory.users)", "userAccountControl", ["514"])
            _ = try await world.sync()
            #expect(try await login("ada", "ada's password", at: world).status == 401)
            #expect(try await login("ada", token, at: world).status == 401)
            #expect(try await world.members() == ["bob"])
        }
    }

    @Test func `an account whose time is over stops by itself, without any change in the directory`() async throws {
        try await world { world in
            // 2026-03-01T13:00:00Z, an hour from now, in the intervals of 100 ns since 1601 that Windows counts.
            try world.windows.replace(
                "CN=ada,\(WindowsDirectory.users)", "accountExpires", ["134168436000000000"])
            _ = try await world.sync()
            #expect(try await world.members() == ["ada", "bob"])
            world.service.clock.advance(by: .seconds(3_700))
            let run = try await world.sync()
            #expect(run["read"] == "incremental" && run["entries_changed"] == 0)
            #expect(run.planned == ["remove-from-team ada", "deactivate ada"])
        }
    }

    // MARK: - Accounts made at the first login

    @Test func `just in time an account is made at the first login and by nothing else`() async throws {
        try await world({ $0["just_in_time"] = true }) { world in
            #expect(try await world.sync().planned == [])
            #expect(try await login("ada", "wrong", at: world).status == 401)
            #expect(try await login("nobody", "ada's password", at: world).status == 401)
            #expect(try await world.service.get("/v1/users/ada", as: "root").status == 404)
            let first = try await login("WIN\\ada", "ada's password", at: world)
            #expect(first.status == 200 && first.json["directory"]?["name"] == "corp")
            // Asked for by the login; the service's scheduler would do it at once.
            #expect(world.service.service.synchronization.takeRequestedSyncs() == ["corp"])
            #expect(try await world.sync().planned == ["add-to-organization ada", "add-to-team ada"])
            #expect(try await world.service.get("/v1/users/bob", as: "root").status == 404)
        }
    }

    @Test func `just in time makes no account for the disabled, nor while the directory is down`() async throws {
        try await world({ $0["just_in_time"] = true }) { world in
            try world.windows.replace("CN=ada,\(WindowsDirectory.users)", "userAccountControl", ["514"])
            #expect(try await login("ada", "ada's password", at: world).status == 401)
            world.proxy.stop()
            #expect(try await login("bob", "bob's password", at: world).status == 503)
            #expect(try await world.service.get("/v1/users/bob", as: "root").status == 404)
        }
    }

    @Test func `an answer that is not full is no outage`() async throws {
        try await world({ $0["just_in_time"] = true }) { world in
            let first = try await login("ada", "ada's password", at: world)
            #expect(first.status == 200)
            world.windows.onSearch = { $0.filter.contains("stranger") ? .result(11) : nil }
            #expect(try await login("stranger", "a password", at: world).status == 401)
            world.service.clock.advance(by: .seconds(61))
            #expect(try await login("ada", "ada's password", at: world).status == 200)
            // Who was found is found, whatever else was not.
            world.windows.onSearch = { $0.filter.contains("=bob)") ? .result(4, afterEntries: 1) : nil }
            #expect(try await login("bob", "bob's password", at: world).status == 200)
        }
    }

    @Test func `just in time takes nobody's name`() async throws {
        try await world({ $0["just_in_time"] = true }) { world in
            let dn = try world.windows.addUser("nerd-dinner")
            world.windows.setPassword("a password", of: dn)
            #expect(try await login("nerd-dinner", "a password", at: world).status == 401)
        }
    }

    // MARK: - Linking

    @Test func `an account is handed to a person by command only, and given back`() async throws {
        try await world { world in
            try await world.service.load([.user("cyd"), .teamMember("nerd-dinner/web", "cyd")])
            try await world.service.setPassword(of: "cyd", to: "a local password")
            let dn = try world.windows.addUser("cyd", [("displayName", ["Cyd Vale"])])
            world.windows.setPassword("cyd's password", of: dn)
            let plan = try await world.sync()
            let note = plan["plan"]?["notes"]?.elements.first { $0["kind"] == "refused-person" }
            let identity = try world.windows.guid(dn)
            #expect(note?["text"]?.string?.contains("held by a local user") == true)
            #expect(note?["text"]?.string?.contains(identity) == true)
            #expect(try await login("cyd", "cyd's password", at: world).status == 401)

            let path = "/v1/users/cyd/directory"
            let body: JSONValue = ["directory": "corp", "external_id": .string("{\(identity.uppercased())}")]
            expectProblem(try await world.service.put(path, body, as: "ada"), 403, code: "forbidden")
            expectProblem(
                try await world.service.put(path, ["directory": "corp", "external_id": "cyd"], as: "root"), 400,
                code: "invalid")
            expectProblem(
                try await world.service.put(path, ["directory": "none", "external_id": .string(identity)], as: "root"),
                404, code: "not-found")
            #expect(try await world.service.put(path, body, as: "root").status == 200)
            expectProblem(
                try await world.service.put("/v1/users/root/directory", body, as: "root"), 409,
                code: "directory-managed")
            #expect(try await login("cyd", "a local password", at: world).status == 401)
            _ = try await world.sync()
            let linked = try await login("cyd", "cyd's password", at: world)
            #expect(linked.json["full_name"] == "Cyd Vale")
            #expect(try await world.members(of: "nerd-dinner/web") == ["cyd"])

            #expect(try await world.service.delete(path, as: "root").json["directory"] == .null)
            #expect(try await login("cyd", "cyd's password", at: world).status == 401)
            expectProblem(try await world.service.delete(path, as: "root"), 409, code: "not-linked")
            #expect(try await world.members(of: "nerd-dinner/web") == ["cyd"])
        }
    }

    @Test func `whoever administers last by a password of this service is not handed over`() async throws {
        try await world { world in
            let identity = try world.windows.guid("CN=ada,\(WindowsDirectory.users)")
            let body: JSONValue = ["directory": "corp", "external_id": .string(identity)]
            let path = "/v1/users/root/directory"
            for question in [path, "\(path)?dry_run=true"] {
                expectProblem(
                    try await world.service.put(question, body, as: "root"), 409, code: "last-administrator")
            }
            try await world.service.load([.user("second", admin: true)])
            expectProblem(
                try await world.service.put(path, body, as: "root"), 409, code: "last-administrator")
            try await world.service.setPassword(of: "second", to: "a local password")
            #expect(try await world.service.put(path, body, as: "root").status == 200)
            expectProblem(
                try await world.service.put("/v1/users/second/directory", body, as: "second"), 409,
                code: "directory-managed")
        }
    }

    @Test func `linking and unlinking ask for the state that was seen`() async throws {
        try await world { world in
            try await world.service.load([.user("cyd")])
            let identity = try world.windows.guid("CN=ada,\(WindowsDirectory.users)")
            let body: JSONValue = ["directory": "corp", "external_id": .string(identity)]
            let path = "/v1/users/cyd/directory"
            func status(_ method: String, _ body: JSONValue? = nil, _ revision: String) async throws -> Int {
                try await world.service.send(
                    method, path, body, as: "root", headers: ["if-match": "\"\(revision)\""]
                ).status
            }
            let seen = try await world.service.get("/v1/users/cyd", as: "root").json["revision"]?.integer ?? 0
            #expect(try await status("PUT", body, "1") == 412)
            #expect(try await status("PUT", body, "\(seen)") == 200)
            #expect(try await status("DELETE", nil, "\(seen)") == 412)
            #expect(try await status("DELETE", nil, "\(seen + 1)") == 200)
        }
    }
}
