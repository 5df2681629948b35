import AccessControl
import AccessModel
import Foundation
import TestSupport
import Testing

/// `POST /token` and the refresh tokens that docker keeps instead of a password.
@Suite struct RefreshTokenTests {
    private static let password = Credential.basic(login: "tom", secret: "correct horse")

    private static func run(_ body: (TestService) async throws -> Void) async throws {
        try await TestService.run(RegistryTokenTests.world) { service async throws in
            try await service.setPassword(of: "tom", to: "correct horse")
            try await body(service)
        }
    }

    private static func login(_ service: TestService) async throws -> String {
        let answer = try await service.get(
            "/token?service=registry&account=tom&client_id=docker&offline_token=true", as: password)
        return try #require(answer.json["refresh_token"]?.string)
    }

    private static func refresh(
        _ service: TestService, _ secret: String, _ scope: String = "repository:acme/web:pull",
        registry: String = "registry"
    ) async throws -> TestAnswer {
        try await service.form(
            "grant_type=refresh_token&service=\(registry)&client_id=docker&refresh_token=\(secret)&scope=\(scope)")
    }

    @Test func `a refresh token is for whoever asks for it with a password, and stays the same`() async throws {
        try await Self.run { service async throws in
            let plain = try await service.get("/token?service=registry", as: Self.password)
            #expect(plain.json["refresh_token"] == nil)
            let byToken = try await service.get("/token?service=registry&offline_token=true", as: "tom")
            #expect(byToken.status == 200 && byToken.json["refresh_token"] == nil, "a token is as good itself")
            let secret = try await Self.login(service)
            for _ in 1...3 {
                let answer = try await Self.refresh(service, secret)
                #expect(answer.status == 200)
                #expect(answer.json["refresh_token"]?.string == secret, "docker keeps the first one for ever")
                #expect(try RegistryToken(answer).access == ["repository:acme/web:pull"])
                #expect(answer.json["scope"] == "repository:acme/web:pull")
            }
        }
    }

    @Test func `it is good for registry tokens of its service, and for nothing else`() async throws {
        try await Self.run { service async throws in
            let secret = try await Self.login(service)
            #expect(try await service.get("/v1/users/me", as: .bearer(secret)).status == 401)
            #expect(try await service.get("/token", as: .basic(login: "tom", secret: secret)).status == 401)
            #expect(try await Self.refresh(service, secret, registry: "other").status == 400)
            #expect(try await Self.refresh(service, secret + "x").status == 401)
            #expect(try await Self.refresh(service, "").status == 400)
            let token = try await service.newToken(for: "tom")
            #expect(try await Self.refresh(service, token).status == 401, "an access token is no refresh token")
        }
    }

    @Test func `it ends with the password, with the account, and when it is revoked`() async throws {
        try await Self.run { service async throws in
            let first = try await Self.login(service)
            try await service.setPassword(of: "tom", to: "another horse")
            #expect(try await Self.refresh(service, first).status == 401)
            try await service.setPassword(of: "tom", to: "correct horse")
            let second = try await Self.login(service)
            let listed = try await service.get("/v1/users/tom/tokens", as: "root").json["items"]?.elements ?? []
            let logins = listed.filter { $0["kind"] == "registry-login" }
            #expect(logins.count == 1 && logins[0]["registry_service"] == "registry")
            let id = try #require(logins.first?["id"]?.string)
            #expect(try await service.delete("/v1/users/tom/tokens/\(id)", as: "root").status == 204)
            #expect(try await Self.refresh(service, second).status == 401)
            let third = try await Self.login(service)
            _ = try await service.patch("/v1/users/tom", ["active": false], as: "root")
            _ = try await service.patch("/v1/users/tom", ["active": true], as: "root")
            #expect(try await Self.refresh(service, third).status == 401, "reactivation brings no token back")
        }
    }

    @Test func `a password that is changed while it is verified gives no login`() async throws {
        try await Self.run { service async throws in
            let caller = try await service.service.authentication.authenticate(
                login: "tom", secret: "correct horse", address: "192.0.2.1", isForRefreshToken: true)
            service.clock.advance(by: .milliseconds(1))
            try await service.setPassword(of: "tom", to: "another horse")
            let request = RegistryTokenRequest(service: "registry", scopes: [], isOffline: true)
            await #expect(throws: AccessError.self) {
                try await service.service.registry.issueRegistryToken(request, as: caller, from: "192.0.2.1")
            }
            // Nor does one that is remembered.
            _ = try await service.get("/token", as: .basic(login: "tom", secret: "another horse"))
            let remembered = try await service.service.authentication.authenticate(
                login: "tom", secret: "another horse", address: "192.0.2.1")
            #expect(
                try await service.service.registry.issueRegistryToken(request, as: remembered, from: "192.0.2.1")
                    .refreshToken == nil)
        }
    }

    @Test func `it ends thirty days after its last use, and half a year after the login`() async throws {
        try await Self.run { service async throws in
            let secret = try await Self.login(service)
            for _ in 1...6 {
                service.clock.advance(by: .seconds(29 * 86_400))
                #expect(try await Self.refresh(service, secret).status == 200)
                // Another start knows of the use as well.
                try await service.service.authentication.keepTokenUses()
            }
            service.clock.advance(by: .seconds(6 * 86_400 + 1))
            #expect(try await Self.refresh(service, secret).status == 401, "180 days")
            let idle = try await Self.login(service)
            service.clock.advance(by: .seconds(30 * 86_400))
            #expect(try await Self.refresh(service, idle).status == 401)
        }
    }

    @Test func `there are so many logins, and the first one makes room`() async throws {
        try await Self.run { service async throws in
            let first = try await Self.login(service)
            service.clock.advance(by: .seconds(1))
            let second = try await Self.login(service)
            for _ in 1...49 {
                service.clock.advance(by: .seconds(1))
                _ = try await Self.login(service)
            }
            #expect(try await Self.refresh(service, first).status == 401)
            #expect(try await Self.refresh(service, second).status == 200)
        }
    }

    @Test func `a password may be posted, with scopes once or repeated`() async throws {
        try await Self.run { service async throws in
            for scopes in [
                "scope=repository:acme/web:pull&scope=repository:acme/ro:pull",
                "scope=repository%3Aacme%2Fweb%3Apull+repository:acme/ro:pull",
            ] {
                let answer = try await service.form(
                    "grant_type=password&username=tom&password=correct+horse&service=registry&\(scopes)")
                #expect(try RegistryToken(answer).access == ["repository:acme/web:pull", "repository:acme/ro:pull"])
                #expect(answer.json["refresh_token"] == nil)
                #expect(answer.json["scope"] == "repository:acme/web:pull repository:acme/ro:pull")
            }
            let offline = try await service.form(
                "grant_type=password&username=tom&password=correct%20horse&service=registry&access_type=offline")
            #expect(offline.json["refresh_token"]?.string?.hasPrefix("prt_") == true)
        }
    }

    @Test(
        arguments: [
            ("grant_type=password&username=tom&password=wrong", 401, "UNAUTHORIZED"),
            ("grant_type=password&username=tom", 400, "UNSUPPORTED"),
            ("grant_type=client_credentials", 400, "UNSUPPORTED"), ("", 400, "UNSUPPORTED"),
            ("grant_type=%zz", 400, "UNSUPPORTED"),
            ("grant_type=refresh_token", 400, "UNSUPPORTED"),
        ])
    func `what cannot be granted is told in the registry's form`(_ body: String, _ status: Int, _ code: String)
        async throws
    {
        try await Self.run { service async throws in
            let answer = try await service.form(body)
            #expect(answer.status == status)
            #expect(answer.json["errors"]?[0]?["code"]?.string == code)
            #expect(answer.json["errors"]?[0]?["message"]?.string?.isEmpty == false)
        }
    }

    @Test func `another type of body is refused`() async throws {
        try await Self.run { service async throws in
            let answer = try await service.post("/token", ["grant_type": "password"])
            #expect(answer.status == 415 && answer.json["errors"]?[0]?["code"] == "UNSUPPORTED")
        }
    }
}

extension TestService {
    fileprivate func form(_ body: String) async throws -> TestAnswer {
        try await send(
            "POST", "/token", bytes: Data(body.utf8), headers: ["Content-Type": "application/x-www-form-urlencoded"])
    }
}
