import AccessControl
import AccessModel
import Foundation
import ReferenceModel
import Synchronization
import TestSupport
import Testing

/// Random requests of random people and service accounts, the way they would send them. `make test` sends some
/// thousand; `PORTREEVE_RANDOM_REQUESTS` says how many else.
@Suite struct RandomRequestTests {
    private static let perWorld = 300
    private static let worlds: ClosedRange<UInt64> = {
        let wanted = ProcessInfo.processInfo.environment["PORTREEVE_RANDOM_REQUESTS"].flatMap(Int.init) ?? 2_400
        return 1...UInt64(max(1, wanted / perWorld))
    }()

    @Test(arguments: worlds)
    func `no request makes an actor able to do what the table does not allow`(_ seed: UInt64) async throws {
        var random = SplitMix64(seed: seed &* 7_919)
        let world = Self.world(seed, using: &random)
        try await TestService.run(world) { service async throws in
            let people = Senders(service)
            var facts = try await service.facts()
            var before = Moments(facts.world)
            var allowed = 0
            // Who was given which token, and so may do what its holder may for as long as it is there.
            var lent: [TokenID: Actor] = [:]
            for _ in 0..<Self.perWorld {
                guard let actor = random.pick(Self.actors(facts.world)), let me = facts.world.principal(actor) else {
                    break
                }
                let request = RandomRequest.next(in: facts.world, tokens: facts.tokens, by: me, using: &random)
                let (answer, revision) = try await people.send(request, as: me, withToken: random.chance(percent: 40))
                #expect(answer.status < 500, "\(me): \(request): \(answer.text)")
                guard (200..<300).contains(answer.status) else {
                    #expect(
                        service.service.transactions.published.current.revision == revision,
                        "\(request) was refused and changed something")
                    continue
                }
                allowed += 1
                facts = try await service.facts()
                #expect(facts.world.withoutGrantsToOwners.problems == [], "\(request)")
                let after = Moments(facts.world)
                let lender = request.lends.flatMap { before.world.principal($0.actor) }
                for problem in before.problems(actor, lender: lender, to: after) {
                    Issue.record("seed \(seed): \(me): \(request): \(problem)")
                }
                if request.lends != nil, !before.administers(actor), let id = answer.json["id"]?.string {
                    lent[TokenID(rawValue: id)] = actor
                }
                for token in facts.tokens {
                    guard let knower = lent[token.id], let holder = facts.world.principal(token.holder.actor) else {
                        continue
                    }
                    for problem in after.problems(knower, lender: holder) {
                        Issue.record("seed \(seed): \(me): \(request): \(knower) \(problem)")
                    }
                }
                before = after
            }
            #expect(allowed > 0, "too little was allowed for this to mean something")
        }
    }

    @Test func `every writing operation is among the random requests`() async throws {
        // What asks, and what a registry sends on behalf of its own clients.
        let others: Set<String> = [
            "POST /access/v1/evaluation", "POST /access/v1/evaluations", "POST /access/v1/search/subject",
            "POST /access/v1/search/resource", "POST /access/v1/search/action", "POST /token",
        ]
        try await TestService.run { service async throws in
            let writing = service.routes.routes.filter {
                $0.method != "GET" && !$0.template.contains("/authorize")
            }.map { "\($0.method) \($0.template)" }
            let random = Set(RandomOperation.all.map(\.name)).union(RandomControlRequest.names)
            #expect(Set(writing).subtracting(others) == random)
        }
    }

    /// A random world whose service accounts have powers of every sort, some of them suspended or with an end, and
    /// whose grants are many of them for a time.
    private static func world(_ seed: UInt64, using random: inout SplitMix64) -> World {
        var world = RootedWorld.make(seed: seed, events: 250)
        for place in world.serviceAccounts.indices {
            world.serviceAccounts[place].isDecisionReader = random.chance(percent: 50)
            if random.chance(percent: 30) { world.serviceAccounts[place].isActive.toggle() }
            if random.chance(percent: 30) {
                world.serviceAccounts[place].expiresAt = world.now + .seconds(random.below(100_000) - 20_000)
            }
        }
        // Rights for a time, with which much may be tried.
        for place in world.grants.indices {
            if random.chance(percent: 40) { world.grants[place].level = .admin }
            if random.chance(percent: 50) {
                world.grants[place].expiresAt = world.now + .seconds(1 + random.below(100_000))
            }
        }
        return world
    }

    private static func actors(_ world: World) -> [Actor] {
        let reference = ReferenceEvaluator(world)
        let people = world.accounts.filter { $0.kind == .user && $0.name.rawValue != RootedWorld.root }
        return (people.map { Actor.user($0.id) } + world.serviceAccounts.map { .serviceAccount($0.id) }).filter {
            world.principal($0).map(reference.isActive) ?? false
        }
    }
}

/// Now, and when all that ends has ended: a right for a time must not become one for ever.
private struct Moments {
    let world: World
    private let now: Standing
    private let end: Standing

    init(_ world: World) {
        self.world = world
        now = Standing(world, at: world.now)
        end = Standing(world, at: .last)
    }

    func administers(_ actor: Actor) -> Bool { now.reference.allows(actor, .administer) }

    /// Powers beyond a namespace that came to a secret after somebody had been given it. What its owner granted it
    /// is the owner's to take back, as from somebody who leaves.
    func problems(_ knower: Actor, lender: Principal) -> [String] {
        now.readers.contains(lender) && !now.reference.allows(knower, .askAnyDecision)
            ? ["asks everything as \(lender)"] : []
    }

    func problems(_ me: Actor, lender: Principal?, to after: Moments) -> [String] {
        let later = end.problems(me, lender: lender, to: after.end, present: now).map { "in the end \($0)" }
        return now.problems(me, lender: lender, to: after.now, present: now) + later
    }
}

/// Everybody's credentials: a password, or a token that is made anew once it is gone.
private final class Senders: Sendable {
    private let service: TestService
    private let tokens = Mutex<[Principal: String]>([:])
    private let passwords = Mutex<Set<Principal>>([])

    init(_ service: TestService) { self.service = service }

    /// - Returns: the answer, and the revision before the request.
    func send(
        _ request: RandomRequest, as sender: Principal, withToken: Bool
    ) async throws -> (TestAnswer, Revision) {
        if case .user(let name) = sender, !withToken {
            if passwords.withLock({ $0.insert(sender).inserted }) {
                try await service.setPassword(of: name.rawValue, to: "a long password")
            }
            return try await send(request, .basic(login: name.rawValue, secret: "a long password"))
        }
        if let token = tokens.withLock({ $0[sender] }) {
            let sent = try await send(request, .bearer(token))
            if sent.0.status != 401 { return sent }
        }
        let token = try await newToken(for: sender)
        tokens.withLock { $0[sender] = token }
        return try await send(request, .bearer(token))
    }

    private func send(_ request: RandomRequest, _ credential: Credential) async throws -> (TestAnswer, Revision) {
        let revision = service.service.transactions.published.current.revision
        let type = request.path == "/v1/import" ? "application/x-ndjson" : "application/json"
        let answer = try await service.send(
            request.method, request.path, request.body, as: credential, headers: ["Content-Type": type])
        return (answer, revision)
    }

    private func newToken(for sender: Principal) async throws -> String {
        let (holder, owner): (TokenHolderName, AccountName)
        switch sender {
        case .anonymous: throw TestServiceError("nobody has a token")
        case .user(let name): (holder, owner) = (.user(name), name)
        case .serviceAccount(let name, let service):
            (holder, owner) = (.serviceAccount(owner: name, name: service), name)
        }
        return try await service.service.authentication.createToken(
            of: holder, TokenTerms(name: "sender", may: [.rotate, .manageTokens(of: owner)]), as: .service
        ).value.secret
    }
}

extension World {
    /// What a user is given on their own repository means nothing, and the reference has no word for it.
    fileprivate var withoutGrantsToOwners: World {
        var world = self
        world.grants.removeAll { grant in
            world.repositories.contains { grant.target == .repository($0.id) && grant.subject == .user($0.namespace) }
        }
        return world
    }
}
