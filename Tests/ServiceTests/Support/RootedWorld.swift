import AccessControl
import AccessModel
import ReferenceModel
import TestSupport

/// A random world with an administrator who may ask everything.
enum RootedWorld {
    static let root = "zz-root"

    static func make(seed: UInt64, events: Int? = nil) -> World {
        var world = RandomWorld.make(events: events, seed: seed)
        world.accounts.append(
            Account(
                id: AccountID(rawValue: "zzzzzzzzzzzzzzz"), kind: .user, name: AccountName(trusted: root),
                isSystemAdmin: true))
        return world
    }
}

extension TestService {
    /// Runs `body` with a service that holds a random world, at the world's moment.
    static func run(
        world seed: UInt64, events: Int? = nil, _ body: (TestService, ReferenceEvaluator) async throws -> Void
    ) async throws {
        let world = RootedWorld.make(seed: seed, events: events)
        try await run(world) { try await body($0, ReferenceEvaluator(world)) }
    }

    /// Runs `body` with a service that holds a world, at the world's moment.
    static func run(_ world: World, _ body: (TestService) async throws -> Void) async throws {
        try await run(clock: TestClock(at: world.now)) { service async throws in
            try await service.load(world)
            try await body(service)
        }
    }

    private func load(_ world: World) async throws {
        let facts = world.facts.filter { !$0.isBuiltIn }
        try await service.transactions.store.write(as: .service) { (writer) throws(AccessError) in
            for fact in facts { try writer.record(.insert(fact), reason: nil, secret: nil) }
        }
        try await service.transactions.catchUp()
    }

    /// What decisions rest on now, from the rows, and every token there is.
    func facts() async throws -> (world: World, tokens: [AccessToken]) {
        let facts = try await service.transactions.store.read { (reader) throws(AccessError) in
            var facts: [Fact] = []
            try reader.forEachFact { (fact) throws(AccessError) in facts.append(fact) }
            return facts
        }
        let tokens = facts.compactMap { fact -> AccessToken? in
            guard case .accessToken(let token) = fact else { return nil }
            return token
        }
        return (World(now: clock.now, facts: facts), tokens)
    }

    /// Decisions about one principal, in the order of the questions.
    func check(_ principal: Principal, _ questions: [(RepositoryPath, Action)]) async throws -> [Bool] {
        var answers: [Bool] = []
        for start in stride(from: 0, to: questions.count, by: 1_000) {
            let items = questions[start..<min(start + 1_000, questions.count)].map { path, action -> JSONValue in
                [
                    "action": ["name": .string(action.rawValue)],
                    "resource": ["type": "repository", "id": .string(path.description)],
                ]
            }
            let answer = try await post(
                "/access/v1/evaluations",
                [
                    "subject": ["type": .string(principal.kind), "id": .string(principal.description)],
                    "evaluations": .array(items),
                ], as: .user(RootedWorld.root))
            answers += answer.json["evaluations"]?.elements.compactMap { $0["decision"]?.bool } ?? []
        }
        return answers
    }
}
