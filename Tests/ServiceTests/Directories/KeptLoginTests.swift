import AccessModel
import Foundation
import TestSupport
import Testing

/// What docker keeps after a login with a directory's password.
struct KeptLoginTests {
    private func world(_ body: (DirectoryWorld) async throws -> Void) async throws {
        try await DirectoryWorld.run { world in
            try world.addPeople(["ada", "bob"])
            try await body(world)
        }
    }

    private func keptLogin(at world: DirectoryWorld, _ password: String = "ada's password") async throws -> String? {
        let answer = try await world.service.get(
            "/token?service=registry&offline_token=true", as: .basic(login: "ada", secret: password))
        #expect(answer.status == 200, "\(answer.text)")
        return answer.json["refresh_token"]?.string
    }

    private func refresh(_ secret: String, at world: DirectoryWorld) async throws -> Int {
        let body = "grant_type=refresh_token&service=registry&refresh_token=\(secret)"
        return try await world.service.send(
            "POST", "/token", bytes: Data(body.utf8), headers: ["Content-Type": "application/x-www-form-urlencoded"]
        ).status
    }

    @Test func `a login that docker keeps ends with the password in the directory`() async throws {
        try await world { world in
            let ada = "CN=ada,\(WindowsDirectory.users)"
            _ = try await world.sync()
            #expect(try await keptLogin(at: world) == nil, "a directory that does not tell gets none")
            try world.windows.replace(ada, "pwdLastSet", ["133000000000000000"])
            let secret = try #require(try await keptLogin(at: world))
            let asked = world.windows.count(.search)
            for _ in 1...3 { #expect(try await refresh(secret, at: world) == 200) }
            #expect(world.windows.count(.search) - asked == 1, "asked once in five minutes")
            // Out of reach: nobody is logged out.
            world.service.clock.advance(by: .seconds(301))
            world.proxy.stop()
            #expect(try await refresh(secret, at: world) == 200)
        }
    }

    @Test func `a changed password, a person who is gone and logins switched off end what docker keeps`() async throws {
        try await world { world in
            let ada = "CN=ada,\(WindowsDirectory.users)"
            try world.windows.replace(ada, "pwdLastSet", ["1"])
            _ = try await world.sync()
            let first = try #require(try await keptLogin(at: world))
            #expect(try await refresh(first, at: world) == 200)
            world.windows.setPassword("ada's new password", of: ada)
            try world.windows.replace(ada, "pwdLastSet", ["2"])
            #expect(try await refresh(first, at: world) == 200, "not asked again yet")
            world.service.clock.advance(by: .seconds(301))
            #expect(try await refresh(first, at: world) == 401)
            // A remembered password is not enough for a login that is kept.
            let old = try await world.service.get(
                "/token?service=registry&offline_token=true", as: .basic(login: "ada", secret: "ada's password"))
            #expect(old.status == 401)
            let second = try #require(try await keptLogin(at: world, "ada's new password"))
            try await world.put { $0["login"] = false }
            #expect(try await refresh(second, at: world) == 401)
            try await world.put()
            #expect(try await refresh(second, at: world) == 200)
            world.service.clock.advance(by: .seconds(301))
            try world.windows.delete(ada)
            #expect(try await refresh(second, at: world) == 401)
        }
    }
}
