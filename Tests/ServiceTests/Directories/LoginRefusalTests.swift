import TestSupport
import Testing

/// Why a directory refused somebody's login, where it was not the password.
struct LoginRefusalTests {
    @Test func `an administrator sees the last refusal until a login is accepted`() async throws {
        try await DirectoryWorld.run { world in
            try world.addPeople(["ada", "bob"])
            _ = try await world.sync()
            let ada = "CN=ada,\(WindowsDirectory.users)"
            func login() async throws -> Int {
                try await world.service.get(
                    "/token?service=registry", as: .basic(login: "ada", secret: "ada's password")
                ).status
            }
            func refusal(as user: String = "root") async throws -> TestSupport.JSONValue? {
                try await world.service.get("/v1/users/ada", as: .user(user)).json["directory"]?["login_refused"]
            }
            func step() async throws -> TestSupport.JSONValue? {
                let answer = try await world.service.post(
                    "/v1/directories/corp/test", ["user": "ada"], as: .user("root"))
                return answer.json["steps"]?.elements.first { $0["step"] == "login" }
            }
            #expect(try await refusal() == .null)
            #expect(try await step() == nil)
            world.windows.refuse(ada, with: "773")
            #expect(try await login() == 401)
            #expect(try await refusal()?["reason"]?.string?.contains("must be changed") == true)
            #expect(try await refusal()?["at"]?.string != nil)
            #expect(try await refusal(as: "bob") == nil, "others learn nothing of it")
            #expect(try await step()?["outcome"] == "warning")
            #expect(try await step()?["saw"]?.string?.contains("must be changed") == true)
            world.windows.refuse(ada, with: nil)
            world.service.clock.advance(by: .seconds(11))
            #expect(try await login() == 200)
            #expect(try await refusal() == .null)
            #expect(try await step() == nil)
            // A wrong password is no such refusal.
            _ = try await world.service.get("/token?service=registry", as: .basic(login: "bob", secret: "wrong"))
            let bob = try await world.service.get("/v1/users/bob", as: .user("root"))
            #expect(bob.json["directory"]?["login_refused"] == .null)
        }
    }
}
