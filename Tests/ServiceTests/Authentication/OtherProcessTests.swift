import AccessControl
import Foundation
import Server
import TestSupport
import Testing

@Suite struct OtherProcessTests {
    @Test func `a token revoked on the file is refused even when our own write comes first`() async throws {
        try await TestService.run([.user("root", admin: true), .user("ann")]) { service async throws in
            let token = try await service.newToken(for: "ann")
            #expect(try await service.get("/v1/users/me", as: .bearer(token)).status == 200)
            let tokens = try await service.get("/v1/users/ann/tokens", as: "root").items
            let id = try #require(tokens.first?["id"]?.string)

            let file = try await LocalService.open(service.assembly.settings)
            let path = "/v1/users/ann/tokens/\(id)"
            #expect(try await file.respond(method: "DELETE", path: path, headers: [], body: nil).status == 204)
            await file.close()

            // This write takes in what the other process did, and has to forget what it touched.
            #expect(try await service.patch("/v1/users/ann", ["full_name": "Ann"], as: "root").status == 200)
            #expect(try await service.get("/v1/users/me", as: .bearer(token)).status == 401)
        }
    }
}
