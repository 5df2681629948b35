import Foundation
import Synchronization
import TestSupport
import Testing

/// What a registry and the service have to do with each other over time.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct RegistryLifeTests {
    private static let secret = "only the registry knows"
    private let web = "nerd-dinner/nerd-dinner-web"

    /// A service that knows where its registry is, and the registry.
    private struct World: Sendable {
        let server: PortreeveProcess
        let registry: RegistryProcess
        let skopeo: Skopeo
        let elton = Skopeo.Login("elton", PortreeveInstallation.password(of: "elton"))
        var installation: PortreeveInstallation { server.installation }

        init(telling: Bool = true) async throws {
            let port = try Loopback.freePort()
            server = try await PortreeveProcess.start(
                try PortreeveInstallation(settings: [
                    "PORTREEVE_REGISTRY_EVENTS_SECRET": RegistryLifeTests.secret,
                    "PORTREEVE_REGISTRY_URL": "http://127.0.0.1:\(port)",
                ]))
            let installation = server.installation
            try await installation.run(["import", Checkout.path("Sample-Data/nerd-dinner.jsonl")]).required()
            try await installation.makeUsers("elton")
            try await installation.run(["team", "add", "nerd-dinner/ops", "elton"]).required()
            registry = try await RegistryProcess.start(
                trusting: installation, eventsSecret: telling ? RegistryLifeTests.secret : nil, port: port)
            skopeo = try Skopeo(for: registry)
        }

        func json(_ arguments: String...) async throws -> [String: Any] {
            let outcome = try await installation.ask(arguments + ["--json"]).required()
            return try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        }

        func tags(_ repository: String) async throws -> [String] {
            let items = try await json("repository", "tags", repository)["items"] as? [[String: Any]] ?? []
            return items.compactMap { $0["name"] as? String }
        }

        func remove() async throws {
            try await server.remove()
            try await registry.remove()
        }
    }

    @Test func `what is pushed, pulled and deleted is known within moments`() async throws {
        let world = try await World()
        try await world.installation.ask(["namespace", "update", "nerd-dinner", "--create-on-push", "on"]).required()
        try await world.installation.ask(["grant", "put", "team:nerd-dinner/ops", "nerd-dinner/", "read-write"])
            .required()
        let made = "nerd-dinner/made-by-push"
        try await world.skopeo.push(made, tag: "1", as: world.elton).required()
        try await poll(for: .seconds(60), "the pushed repository") {
            try await world.installation.ask(["repository", "show", made]).status == 0 ? () : nil
        }
        try await poll(for: .seconds(60), "the tag") { try await world.tags(made) == ["1"] ? () : nil }
        // Asking whether it is there is no pull.
        try await world.skopeo.tags(of: made, as: world.elton).required()
        #expect(try await world.json("repository", "show", made)["last_pulled_by"] is NSNull)
        try await world.skopeo.pull(made, tag: "1", as: world.elton).required()
        let pulled = try await poll(for: .seconds(60), "the pull") {
            try await world.json("repository", "show", made)["last_pulled_by"] as? String
        }
        #expect(pulled == "elton")
        #expect(try await world.json("repository", "show", made)["last_pushed_by"] as? String == "elton")
        try await world.skopeo.push(made, as: world.elton).required()
        try await poll(for: .seconds(60), "the second tag") {
            try await world.tags(made) == ["1", "latest"] ? () : nil
        }
        try await world.skopeo.delete(made, as: world.elton).required()
        try await poll(for: .seconds(60), "the deletion, of every tag on it") {
            try await world.tags(made).isEmpty ? () : nil
        }
        try await world.remove()
    }

    @Test func `what was missed is found in the catalogue`() async throws {
        let world = try await World(telling: false)
        try await world.skopeo.push(web, tag: "1", as: world.elton).required()
        try await world.skopeo.push(web, tag: "2", as: world.elton).required()
        #expect(try await world.tags(web) == [])
        let dry = try await world.installation.ask(["registry", "reconcile", "--dry-run"]).required()
        #expect(dry.output.contains("tags: 2 would be added"), "\(dry)")
        #expect(try await world.tags(web) == [])
        let found = try await world.json("registry", "reconcile")
        #expect(found["listed"] as? Int == 1 && found["tags_added"] as? Int == 2)
        #expect((found["empty"] as? [String])?.contains("nerd-dinner/nerd-dinner-homepage") == true)
        #expect(try await world.tags(web) == ["1", "2"])
        // Forgotten here, and still there: told, and nobody's.
        try await world.installation.ask(["repository", "delete", web, "--yes"]).required()
        #expect(try await world.json("registry", "reconcile")["unknown"] as? [String] == [web])
        try await world.installation.ask(["repository", "create", web]).required()
        _ = try await world.json("registry", "reconcile")
        #expect(try await world.tags(web) == ["1", "2"])
        try await world.registry.remove()
        let refused = try await world.installation.ask(["registry", "reconcile"])
        #expect(refused.status != 0 && refused.errors.contains("could not be asked"), "\(refused)")
        try await world.server.remove()
    }

    @Test(arguments: ["ES256", "RS256"])
    func `a key is exchanged under continuous push and pull, and nobody is refused`(_ algorithm: String) async throws {
        let world = try await World(telling: false)
        try await world.skopeo.push(web, as: world.elton).required()
        // A repository each: a registry on a file system answers 500 while the same manifest is written twice.
        let second = "nerd-dinner/second"
        try await world.installation.ask(["repository", "create", second]).required()
        try await world.installation.ask(["grant", "put", "team:nerd-dinner/ops", second, "read-write"]).required()
        let work = Work()
        let clients = [web, second].map { repository in
            Task {
                while !work.isOver.withLock({ $0 }) {
                    try await work.run { try await world.skopeo.push(repository, as: world.elton) }
                    try await work.run { try await world.skopeo.pull(repository, as: world.elton) }
                    work.count.withLock { $0 += 2 }
                }
            }
        }
        func more(_ what: String) async throws {
            let now = work.count.withLock { $0 }
            try await poll(for: .seconds(60), "pushes and pulls \(what)") {
                work.count.withLock { $0 } >= now + 6 ? () : nil
            }
        }
        try await more("with the first key")
        try await world.installation.ask(["registry", "key", "next", "--algorithm", algorithm]).required()
        // The registry does not know it yet, and says so.
        let early = try await world.installation.ask(["registry", "key", "activate"])
        #expect(early.status != 0 && early.errors.contains("does not trust the next key"), "\(early)")
        let bundle = try await world.installation.ask(["registry", "certificate"]).required().output
        work.isRestarting.withLock { $0 = true }
        try await world.registry.restart(trusting: bundle)
        work.isRestarting.withLock { $0 = false }
        try await more("with both known")
        let activated = try await world.installation.ask(["registry", "key", "activate"]).required()
        #expect(activated.output.contains("retire"))
        try await more("with the second key")
        let soon = try await world.installation.ask(["registry", "key", "retire"])
        #expect(soon.status != 0 && soon.errors.contains("good until"), "\(soon)")
        work.isOver.withLock { $0 = true }
        for client in clients { try await client.value }
        let keys = try await world.json("registry", "key", "list")["items"] as? [[String: Any]] ?? []
        #expect(keys.map { $0["role"] as? String } == ["signing", "previous"])
        #expect(keys.first?["algorithm"] as? String == algorithm)
        try await world.remove()
    }

    /// Pushes and pulls that go on.
    private final class Work: Sendable {
        let isOver = Mutex(false)
        let isRestarting = Mutex(false)
        /// How many went well.
        let count = Mutex(0)

        /// Until it goes well while the registry starts again, which answers nobody, or 500, for a moment; once otherwise.
        func run(_ body: @Sendable () async throws -> Outcome) async throws {
            try await poll(for: .seconds(60), "the registry to answer") { [self] () -> Void? in
                let began = isRestarting.withLock { $0 }
                let outcome = try await body()
                let isDown = ["connection refused", "EOF", "connection reset", "500 Internal Server Error"]
                    .contains { outcome.errors.contains($0) }
                if outcome.status != 0, isDown, began || isRestarting.withLock({ $0 }) { return nil }
                try outcome.required()
                return ()
            }
        }
    }

    @Test func `whoever loses a right is refused at the next token, and at the end of the one they have`() async throws
    {
        let world = try await World(telling: false)
        try await world.skopeo.push(web, as: world.elton).required()
        for (revoked, restored) in [
            (["team", "remove", "nerd-dinner/ops", "elton"], ["team", "add", "nerd-dinner/ops", "elton"]),
            (["user", "update", "elton", "--no-active"], ["user", "update", "elton", "--active"]),
        ] {
            let began = ContinuousClock.now
            try await world.installation.ask(revoked).required()
            #expect(try await world.skopeo.push(web, as: world.elton).status != 0)
            #expect(began.duration(to: .now) < .seconds(60), "at once, and not when something is over")
            try await world.installation.ask(restored).required()
            try await world.skopeo.push(web, as: world.elton).required()
        }
        let made = try Made(try await world.installation.run(["token", "create", "elton", "t", "--json"]).required())
        let token = Skopeo.Login("elton", made.secret)
        try await world.skopeo.push(web, as: token).required()
        try await world.installation.ask(["token", "delete", "elton", made.id]).required()
        #expect(try await world.skopeo.push(web, as: token).status != 0)
        try await world.remove()
    }

    @Test(arguments: ForwardProxy.allCases)
    func `a proxy before a registry lets through what the service allows`(_ proxy: ForwardProxy) async throws {
        let world = try await RegistryWorld.shared.value
        let guarded = try await GuardedRegistry.start(behind: proxy, askedOf: world.installation)
        let folder = try TemporaryFolder("guarded-client")
        defer { folder.remove() }
        let skopeo = Skopeo(host: guarded.host, folder: folder.root)
        try await skopeo.login(as: world.elton).required()
        let wrong = try await skopeo.login(as: .init("elton", "a wrong password"))
        #expect(wrong.status != 0 && wrong.errors.contains("invalid username/password"), "\(wrong)")
        try await skopeo.push(web, as: world.elton).required()
        try await skopeo.pull(web, as: world.paula).required()
        #expect(try await skopeo.push(web, tag: "mine", as: world.paula).status != 0)
        #expect(try await skopeo.pull(web, as: world.frida).status != 0)
        #expect(try await skopeo.pull(web, as: nil).status != 0)
        let open = "nerd-dinner/nerd-dinner-homepage"
        try await skopeo.push(open, as: world.admin).required()
        try await skopeo.pull(open, as: nil).required()
        #expect(try await skopeo.delete(web, as: world.paula).status != 0)
        try await skopeo.delete(web, as: world.elton).required()
    }
}
