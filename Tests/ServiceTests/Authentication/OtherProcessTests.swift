import AccessControl
import Foundation
import Server
import TestSupport
import Testing

@Suite struct OtherProcessTests {
    @Test func `a grant taken away on the file is in no registry token from then on`() async throws {
        let world: [SeedLine] = [
            .user("root", admin: true), .user("ann"), .org("acme"), .repository("acme/web"),
            .grant("ann", "acme/web", .readWrite),
        ]
        try await TestService.run(world) { service async throws in
            let path = "/token?scope=repository:acme/web:pull,push"
            let ann = Credential.basic(login: "ann", secret: try await service.newToken(for: "ann"))
            let before = try RegistryToken(try await service.get(path, as: ann))
            #expect(before.access == ["repository:acme/web:pull,push"])

            let file = try await LocalService.open(service.assembly.settings)
            let grant = "/v1/repositories/acme/web/grants/users/ann"
            #expect(try await file.respond(method: "DELETE", path: grant, headers: [], body: nil).status == 204)
            await file.close()

            let after = try RegistryToken(try await service.get(path, as: ann))
            #expect(after.access == [])
        }
    }

    @Test func `a token revoked on the file is refused even when our own write comes first`() async throws {
        try await TestService.run([.user("root", admin: true), .user("ann"), .user("bob")]) { service async throws in
            let token = try await service.newToken(for: "ann")
            #expect(try await service.get("/v1/users/me", as: .bearer(token)).status == 200)
            let tokens = try await service.get("/v1/users/ann/tokens", as: "root").items
            let id = try #require(tokens.first?["id"]?.string)

            let file = try await LocalService.open(service.assembly.settings)
            let path = "/v1/users/ann/tokens/\(id)"
            #expect(try await file.respond(method: "DELETE", path: path, headers: [], body: nil).status == 204)
            await file.close()

            // This write is about somebody else. It takes in what the other process did, and has to forget
            // what that touched.
            #expect(try await service.patch("/v1/users/bob", ["full_name": "Bob"], as: "root").status == 200)
            #expect(try await service.get("/v1/users/me", as: .bearer(token)).status == 401)
        }
    }
}
