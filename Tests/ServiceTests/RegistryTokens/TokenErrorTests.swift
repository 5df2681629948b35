import Foundation
import TestSupport
import Testing

/// What `POST /token` says of a request that gives no token: in the registry's form and in that of RFC 6749, 5.2.
struct TokenErrorTests {
    @Test(
        arguments: [
            ("grant_type=password&service=registry&username=ann&password=wrong", 401, "invalid_grant", "UNAUTHORIZED"),
            ("grant_type=refresh_token&service=registry&refresh_token=nothing", 401, "invalid_grant", "UNAUTHORIZED"),
            ("grant_type=refresh_token&service=registry", 400, "invalid_request", "UNSUPPORTED"),
            ("grant_type=refresh_token&service=registry&refresh_token=", 400, "invalid_request", "UNSUPPORTED"),
            ("grant_type=&service=registry", 400, "invalid_request", "UNSUPPORTED"),
            ("grant_type=password&grant_type=password&service=registry", 400, "invalid_request", "UNSUPPORTED"),
            ("grant_type=client_credentials&service=registry", 400, "unsupported_grant_type", "UNSUPPORTED"),
            ("service=registry", 400, "invalid_request", "UNSUPPORTED"),
            ("grant_type=password&service=registry", 400, "invalid_request", "UNSUPPORTED"),
        ])
    func `an error has both forms`(form: String, status: Int, error: String, code: String) async throws {
        try await TestService.run([.user("ann")]) { service async throws in
            let answer = try await service.send(
                "POST", "/token", bytes: Data(form.utf8), headers: ["Content-Type": "application/x-www-form-urlencoded"]
            )
            #expect(answer.status == status, "\(answer.text)")
            #expect(answer.json["error"]?.string == error)
            let first = answer.json["errors"]?.elements.first
            #expect(first?["code"]?.string == code)
            #expect(answer.json["error_description"] == first?["message"])
        }
    }

    @Test func `the other way to a token has the registry's form alone`() async throws {
        try await TestService.run([.user("ann")]) { service async throws in
            let answer = try await service.get("/token?service=registry", as: .basic(login: "ann", secret: "wrong"))
            #expect(answer.status == 401 && answer.json["errors"] != nil && answer.json["error"] == nil)
        }
    }
}
