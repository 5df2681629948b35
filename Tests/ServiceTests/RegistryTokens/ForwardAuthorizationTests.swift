import AccessModel
import TestSupport
import Testing

/// What a proxy in front of a registry asks.
@Suite struct ForwardAuthorizationTests {
    private static func ask(
        _ service: TestService, _ method: String, _ target: String, as credential: Credential = .anonymous
    ) async throws -> TestAnswer {
        try await service.get(
            "/registry/authorize", as: credential, headers: ["X-Original-Method": method, "X-Original-URI": target])
    }

    @Test(
        arguments: [
            ("tom", "GET", "/v2/", 200), ("", "GET", "/v2/", 401), ("tom", "GET", "/v2/acme/web/manifests/1", 200),
            ("tom", "PUT", "/v2/acme/web/manifests/1", 200), ("tom", "PUT", "/v2/acme/ro/manifests/1", 403),
            ("tom", "GET", "/v2/acme/ro/manifests/1", 200), ("tom", "GET", "/v2/acme/hid/manifests/1", 403),
            ("tom", "GET", "/v2/acme/none/manifests/1", 403), ("tom", "DELETE", "/v2/acme/web/manifests/1", 200),
            ("", "GET", "/v2/acme/open/manifests/1", 200), ("", "PUT", "/v2/acme/open/manifests/1", 401),
            ("", "GET", "/v2/acme/web/manifests/1", 401), ("tom", "GET", "/v2/_catalog", 403),
            ("root", "GET", "/v2/_catalog", 200), ("tom", "POST", "/v2/acme/web/blobs/uploads/?from=acme/hid", 403),
            ("tom", "POST", "/v2/acme/web/blobs/uploads/?from=acme/ro", 200), ("root", "GET", "/v2/../v1/users", 403),
            ("root", "GET", "/metrics", 403),
        ])
    func `a request is let through as a check says`(
        _ user: String, _ method: String, _ target: String, _ status: Int
    ) async throws {
        try await TestService.run(RegistryTokenTests.world) { service async throws in
            let credential: Credential = user.isEmpty ? .anonymous : .user(user)
            let headers = try await Self.ask(service, method, target, as: credential)
            #expect(headers.status == status, "\(headers.text)")
            if status == 401 { #expect(headers["WWW-Authenticate"]?.hasPrefix("Basic ") == true) }
            if status == 200 { #expect(headers["X-Portreeve-User"] == (user.isEmpty ? "anonymous" : user)) }
            // Envoy asks with the method and the path themselves.
            guard target.hasPrefix("/v2"), !target.contains("..") else { return }
            let path = try await service.send(method, "/registry/authorize" + target, as: credential)
            #expect(path.status == status, "\(path.text)")
        }
    }

    @Test func `a client cannot say for the proxy what is asked`() async throws {
        try await TestService.run(RegistryTokenTests.world) { service async throws in
            let mine = ["X-Original-Method": "GET", "X-Original-URI": "/v2/acme/open/manifests/1"]
            let theirs = ["X-Forwarded-Method": "GET", "X-Forwarded-Uri": "/v2/acme/web/manifests/1"]
            let both = try await service.get("/registry/authorize", headers: mine.merging(theirs) { $1 })
            #expect(both.status == 400)
            #expect(try await service.get("/registry/authorize").status == 400)
            #expect(try await service.get("/registry/authorize", headers: theirs).status == 401)
            let form = try await service.get(
                "/registry/authorize", as: "root",
                headers: [
                    "X-Original-Method": "POST", "X-Original-URI": "/v2/acme/web/blobs/uploads/",
                    "Content-Type": "application/x-www-form-urlencoded",
                ])
            #expect(form.status == 403, "its body could name what to mount")
            let path = "/registry/authorize/v2/acme/web/manifests/1"
            #expect(try await service.get(path, headers: mine).status == 401, "the path counts")
        }
    }

    @Test func `a wrong password is 401, a limited token its limit`() async throws {
        try await TestService.run(RegistryTokenTests.world) { service async throws in
            let wrong = try await Self.ask(
                service, "GET", "/v2/acme/open/manifests/1", as: .basic(login: "tom", secret: "wrong"))
            #expect(wrong.status == 401)
            let nobody = Credential.basic(login: "", secret: "")
            #expect(try await Self.ask(service, "GET", "/v2/acme/open/manifests/1", as: nobody).status == 200)
            #expect(try await Self.ask(service, "GET", "/v2/acme/web/manifests/1", as: nobody).status == 401)
            try await service.setPassword(of: "tom", to: "correct horse")
            let made = try await service.post(
                "/v1/users/tom/tokens",
                ["name": "n", "scope": ["actions": ["pull"], "repositories": ["acme/web"]]],
                as: .basic(login: "tom", secret: "correct horse"))
            let limited = Credential.basic(login: "tom", secret: try #require(made.json["secret"]?.string))
            #expect(try await Self.ask(service, "GET", "/v2/acme/web/manifests/1", as: limited).status == 200)
            #expect(try await Self.ask(service, "PUT", "/v2/acme/web/manifests/1", as: limited).status == 403)
            #expect(try await Self.ask(service, "GET", "/v2/acme/ro/manifests/1", as: limited).status == 403)
            #expect(try await Self.ask(service, "GET", "/v2/", as: limited).status == 200)
        }
    }
}
