import TestSupport
import Testing

@Suite struct DirectoryPasswordTests {
    private static func settings(_ url: String, _ bind: [String: JSONValue]) -> JSONValue {
        [
            "preset": "openldap", "urls": [.string(url)], "tls": ["mode": "ldaps"],
            "bind": .object(bind.merging(["dn": "cn=svc,dc=example,dc=com"]) { $1 }),
            "users": ["base": "ou=People,dc=example,dc=com"], "groups": ["base": "ou=Groups,dc=example,dc=com"],
            "rules": [],
        ]
    }

    @Test func `a kept password stays for the same server, and is forgotten on the way to another`() async throws {
        try await TestService.run([.user("root", admin: true)]) { service async throws in
            let (here, elsewhere) = ("ldaps://dc1.example.com", "ldaps://dc2.example.com")
            func put(_ url: String, _ bind: [String: JSONValue]) async throws -> TestAnswer {
                try await service.put("/v1/directories/corp", Self.settings(url, bind), as: "root")
            }
            #expect(try await put(here, ["password": "a secret"]).status == 201)
            #expect(try await put(here, [:]).json["has_password"] == true)
            expectProblem(try await put(elsewhere, [:]), 400, code: "invalid")
            // With a file the kept one is for nothing any more: no second step may send it elsewhere.
            #expect(try await put(elsewhere, ["password_file": "bind"]).json["has_password"] == false)
            expectProblem(try await put(elsewhere, [:]), 400, code: "invalid")
            expectProblem(try await put(here, [:]), 400, code: "invalid")
        }
    }
}
