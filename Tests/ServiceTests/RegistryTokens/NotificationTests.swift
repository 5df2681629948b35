import AccessModel
import TestSupport
import Testing

@Suite struct NotificationTests {
    private static let settings = ["registry.events-secret": "only the registry knows"]
    private static let registry = Credential.bearer("only the registry knows")

    private static let manifest = "application/vnd.oci.image.manifest.v1+json"

    private static func event(
        _ action: String, _ repository: String, _ type: String = manifest, tag: String? = nil,
        digest: String? = "sha256:1",
        by: String = "ann", method: String = "GET", at time: Timestamp? = nil
    ) -> JSONValue {
        [
            "events": [
                [
                    "action": .string(action), "actor": ["name": .string(by)], "request": ["method": .string(method)],
                    "timestamp": JSONValue(time?.description),
                    "target": [
                        "repository": .string(repository), "mediaType": .string(type), "tag": JSONValue(tag),
                        "digest": JSONValue(digest),
                    ],
                ]
            ]
        ]
    }

    private static func tell(_ service: TestService, _ event: JSONValue) async throws {
        #expect(try await service.post("/registry/events", event, as: registry).status == 200)
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
            let revision = service.service.transactions.published.current.revision
            #expect(try await service.post("/registry/events", push, as: Self.registry).status == 200)
            #expect(service.service.transactions.published.current.revision == revision)
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
            let revision = service.service.transactions.published.current.revision
            #expect(try await service.post("/registry/events", body, as: Self.registry).status == 200)
            #expect(service.service.transactions.published.current.revision == revision)
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

    @Test func `pushes and pulls are told with whom and when, once, and a later one wins`() async throws {
        try await Self.run { service async throws in
            let (now, path) = (service.clock.now, "/v1/repositories/acme/web")
            #expect(try await service.get(path, as: "root").json["last_pushed_at"] == .null)
            let revision = service.service.transactions.published.current.revision
            for _ in 1...2 {
                try await Self.tell(service, Self.event("push", "acme/web", tag: "1", at: now + .seconds(-60)))
                try await Self.tell(service, Self.event("pull", "acme/web", by: "tom", at: now + .seconds(-50)))
            }
            // Older ones come late, others are no pull, or within a minute of the last one.
            try await Self.tell(service, Self.event("push", "acme/web", tag: "1", by: "eve", at: now + .seconds(-90)))
            try await Self.tell(service, Self.event("pull", "acme/web", by: "eve", method: "HEAD", at: now))
            try await Self.tell(service, Self.event("pull", "acme/web", "application/octet-stream", by: "eve", at: now))
            try await Self.tell(service, Self.event("pull", "acme/web", by: "tom", at: now + .seconds(-10)))
            let told = try await service.get(path, as: "root").json
            #expect(told["last_pushed_at"]?.string == (now + .seconds(-60)).description)
            #expect(told["last_pushed_by"] == "ann")
            #expect(told["last_pulled_at"]?.string == (now + .seconds(-50)).description)
            #expect(told["last_pulled_by"] == "tom")
            #expect(service.service.transactions.published.current.revision == revision, "no change, and in no log")
            // Who pulls is for whoever manages it.
            let seen = try await service.get(path, as: "tom").json
            #expect(seen["last_pushed_by"] == "ann" && seen["last_pulled_by"] == .null)
            // A clock that is ahead does not hold later ones off.
            try await Self.tell(service, Self.event("push", "acme/web", tag: "1", at: now + .seconds(9_000)))
            #expect(
                try await service.get(path, as: "root").json["last_pushed_at"]?.string == now.description)
        }
    }

    @Test func `what follows a push that makes its repository in the same list is taken as if it came alone`()
        async throws
    {
        try await Self.run { service async throws in
            let now = service.clock.now
            let events = [
                Self.event("push", "acme/fresh", tag: "1", at: now + .seconds(-60)),
                Self.event("push", "acme/fresh", tag: "2", at: now + .seconds(-50)),
                Self.event("pull", "acme/fresh", by: "tom", at: now + .seconds(-40)),
                Self.event("delete", "acme/fresh", tag: "1", at: now + .seconds(-30)),
            ]
            let all = JSONValue.array(events.flatMap { $0["events"]?.elements ?? [] })
            try await Self.tell(service, ["events": all])
            let answer = try await service.get("/v1/repositories/acme/fresh", as: "root")
            #expect(answer.json["last_pulled_by"] == "tom")
            let tags = try await service.get("/v1/repositories/acme/fresh/tags", as: "root")
            #expect(tags.items.map { $0["name"]?.string } == ["2"])
        }
    }

    @Test func `tags are known until they are deleted`() async throws {
        try await Self.run { service async throws in
            func tags() async throws -> [String] {
                try await service.get("/v1/repositories/acme/web/tags", as: "tom").json["items"]?.elements
                    .map { "\($0["name"]?.string ?? "?") \($0["digest"]?.string ?? "?")" } ?? []
            }
            try await Self.tell(service, Self.event("push", "acme/web", tag: "2", digest: "sha256:b"))
            try await Self.tell(service, Self.event("push", "acme/web", tag: "1", digest: "sha256:a"))
            try await Self.tell(service, Self.event("push", "acme/web", tag: "latest", digest: "sha256:b"))
            try await Self.tell(service, Self.event("push", "acme/web", digest: "sha256:c"))
            #expect(try await tags() == ["1 sha256:a", "2 sha256:b", "latest sha256:b"])
            try await Self.tell(service, Self.event("push", "acme/web", tag: "1", digest: "sha256:d"))
            try await Self.tell(service, Self.event("delete", "acme/web", "", digest: "sha256:a"))
            #expect(try await tags() == ["1 sha256:d", "2 sha256:b", "latest sha256:b"])
            // Registry 2 deletes by digest, every tag on it; registry 3 by tag as well.
            try await Self.tell(service, Self.event("delete", "acme/web", "", tag: "2", digest: nil))
            try await Self.tell(service, Self.event("delete", "acme/web", "", digest: "sha256:b"))
            #expect(try await tags() == ["1 sha256:d"])
            // Told late, of what was there before it was pushed again.
            let earlier = service.clock.now + .seconds(-60)
            try await Self.tell(service, Self.event("delete", "acme/web", "", tag: "1", digest: nil, at: earlier))
            try await Self.tell(service, Self.event("delete", "acme/web", "", digest: "sha256:d", at: earlier))
            #expect(try await tags() == ["1 sha256:d"])
            #expect(try await service.delete("/v1/repositories/acme/web", as: "root").status == 204)
            try await service.load([.repository("acme/web")])
            #expect(try await service.get("/v1/repositories/acme/web/tags", as: "root").json["items"] == [])
        }
    }
}
