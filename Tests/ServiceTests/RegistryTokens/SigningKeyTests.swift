import AccessControl
import AccessModel
import Foundation
import TestSupport
import Testing

/// The exchange of the signing key.
@Suite struct SigningKeyExchangeTests {
    private static let keys = "/v1/registry/keys"

    private static func roles(_ service: TestService) async throws -> [String] {
        try await service.get(keys, as: "root").json["items"]?.elements
            .map { "\($0["role"]?.string ?? "") \($0["algorithm"]?.string ?? "")" } ?? []
    }

    private static func kid(_ service: TestService) async throws -> String {
        let token = try RegistryToken(try await service.get("/token", as: "tom"))
        return try #require(token.header["kid"]?.string)
    }

    @Test(arguments: ["ES256", "RS256"]) func `a key is published before it signs, and after`(
        _ algorithm: String
    ) async throws {
        try await TestService.run(RegistryTokenTests.world) { service async throws in
            let old = try await Self.kid(service)
            #expect(try await Self.roles(service) == ["signing ES256"])
            let made = try await service.post(Self.keys, ["algorithm": .string(algorithm)], as: "root")
            #expect(made.status == 201, "\(made.text)")
            #expect(try await Self.roles(service) == ["signing ES256", "next \(algorithm)"])
            #expect(try await Self.kid(service) == old)
            let bundle = try await service.get("/v1/registry/certificate", as: "root").text
            #expect(bundle.components(separatedBy: "BEGIN CERTIFICATE").count == 3)
            let published = try await service.get("/.well-known/jwks.json").json["keys"]?.elements ?? []
            #expect(published.count == 4, "each by both its names")
            expectProblem(try await service.post(Self.keys, [:], as: "root"), 409, code: "key-waiting")

            let activate = "/v1/registry/key-activation"
            expectProblem(try await service.post(activate, [:], as: "root"), 409, code: "key-not-trusted")
            #expect(try await service.post(activate, ["trusted": true], as: "root").status == 200)
            let new = try await Self.kid(service)
            #expect(new != old && published.contains { $0["kid"]?.string == new })
            #expect(try await Self.roles(service) == ["signing \(algorithm)", "previous ES256"])
            let token = try RegistryToken(try await service.get("/token", as: "tom"))
            #expect(token.header["alg"]?.string == algorithm)
            #expect(try await service.get("/v1/registry/certificate", as: "root").text.contains(bundle.suffix(80)))

            expectProblem(try await service.delete(Self.keys + "/previous", as: "root"), 409, code: "key-in-use")
            // Since when it is the previous one is told by its file, and so by the real clock.
            let until = Int64(Date.now.timeIntervalSince1970) + 3_661 - service.clock.now.seconds
            service.clock.advance(by: .seconds(max(3_661, until)))
            #expect(try await service.delete(Self.keys + "/previous", as: "root").status == 204)
            #expect(try await Self.roles(service) == ["signing \(algorithm)"])
        }
    }

    @Test func `what is not there is not removed, and nothing takes the key away that signs`() async throws {
        try await TestService.run(RegistryTokenTests.world) { service async throws in
            for role in ["next", "previous", "signing", "other"] {
                #expect(try await service.delete("\(Self.keys)/\(role)", as: "root").status == 404)
            }
            expectProblem(
                try await service.post("/v1/registry/key-activation", ["trusted": true], as: "root"), 409,
                code: "no-next-key")
            expectProblem(
                try await service.post(Self.keys, ["algorithm": "HS256"], as: "root"), 400, code: "invalid")
            _ = try await service.post(Self.keys, [:], as: "root")
            #expect(try await service.delete(Self.keys + "/next", as: "root").status == 204)
            #expect(try await Self.roles(service) == ["signing ES256"])
        }
    }

    @Test func `keys are files that only their owner may open, and others' changes are noticed`() async throws {
        try await TestService.run(RegistryTokenTests.world) { service async throws in
            _ = try await service.post(Self.keys, [:], as: "root")
            let path = service.folder.path("portreeve.db.registry-key-next.pem")
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            // Another process takes it away.
            try FileManager.default.removeItem(atPath: path)
            try await poll(for: .seconds(30), "the change to be noticed") {
                try await Self.roles(service) == ["signing ES256"] ? () : nil
            }
        }
    }
}
