import TestSupport
import Testing

@Suite struct NotificationTests {
    private static let settings = ["registry.events-secret": "only the registry knows"]
    private static let registry = Credential.bearer("only the registry knows")

    private static func event(_ action: String, _ repository: String, _ type: String) -> JSONValue {
        [
            "events": [
                [
                    "action": .string(action), "actor": ["name": "ann"],
                    "target": ["repository": .string(repository), "mediaType": .string(type)],
                ]
            ]
        ]
    }

    private static func run(_ body: (TestService) async throws -> Void) async throws {
        try await TestService.run(RegistryTokenTests.world, settings: settings) { service async throws in
            _ = try await service.patch("/v1/orgs/acme", ["create_on_push": true], as: "root")
            try await body(service)
        }
    }

    @Test func `a pushed manifest makes its repository where create-on-push is on, once`() async throws {
        try await Self.run { service async throws in
            let push = Self.event("push", "acme/fresh", "application/vnd.oci.image.manifest.v1+json")
            #expect(try await service.post("/registry/events", push, as: Self.registry).status == 200)
            let made = try await service.get("/v1/repositories/acme/fresh", as: "root")
            #expect(made.json["visibility"] == "private")
            let revision = service.service.published.current.revision
            #expect(try await service.post("/registry/events", push, as: Self.registry).status == 200)
            #expect(service.service.published.current.revision == revision)
        }
    }

    @Test(arguments: [
        event("pull", "acme/fresh", "application/vnd.oci.image.manifest.v1+json"),
        event("push", "acme/fresh", "application/octet-stream"),
        event("push", "acme/UPPER", "application/vnd.oci.image.manifest.v1+json"),
        event("push", "tom/fresh", "application/vnd.oci.image.manifest.v1+json"),
        event("push", "nobody/fresh", "application/vnd.oci.image.manifest.v1+json"),
        ["events": "none"], [:],
    ])
    func `anything else is answered 200 and makes nothing`(_ body: JSONValue) async throws {
        try await Self.run { service async throws in
            let revision = service.service.published.current.revision
            #expect(try await service.post("/registry/events", body, as: Self.registry).status == 200)
            #expect(service.service.published.current.revision == revision)
        }
    }

    @Test(arguments: [Credential.anonymous, .bearer("guessed"), .user("root")])
    func `who does not know the secret tells nothing`(_ credential: Credential) async throws {
        try await Self.run { service async throws in
            let push = Self.event("push", "acme/fresh", "application/vnd.oci.image.manifest.v1+json")
            expectProblem(
                try await service.post("/registry/events", push, as: credential), 401, code: "unauthenticated")
            #expect(try await service.get("/v1/repositories/acme/fresh", as: "root").status == 404)
        }
    }
}
