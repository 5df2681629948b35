import AccessControl
import AccessModel
import Foundation
import ReferenceModel
import TestSupport
import Testing

/// "Nobody can give what they do not have", in random worlds with random delegates. `PORTREEVE_RANDOM_REQUESTS` says how many
/// requests are sent.
@Suite struct DelegateTests {
    private static let perWorld = 150
    private static let worlds: ClosedRange<UInt64> = {
        let wanted = ProcessInfo.processInfo.environment["PORTREEVE_RANDOM_REQUESTS"].flatMap(Int.init) ?? 1_500
        return 1...UInt64(max(1, wanted / perWorld))
    }()

    @Test(arguments: worlds)
    func `no command of somebody who is no administrator gives anybody more than the actor had`(
        _ seed: UInt64
    ) async throws {
        var random = SplitMix64(seed: seed &* 104_729)
        let world = Self.world(using: &random)
        try await TestService.run(world) { service async throws in
            var (now, granted) = (try await service.facts().world, 0)
            var before = service.service.transactions.published.current
            for _ in 0..<Self.perWorld {
                let people = now.accounts.filter { $0.kind == .user && $0.isActive && !$0.isSystemAdmin }
                guard let actor = random.pick(people) else { break }
                // The token that stands for them, before anything is compared.
                _ = try await service.get("/v1/users/me", as: .user(actor.name.rawValue))
                before = service.service.transactions.published.current
                let request = RandomControlRequest.next(in: now, by: actor.id, using: &random)
                let answer = try await service.send(
                    request.method, request.path, request.body, as: .user(actor.name.rawValue))
                #expect(answer.status < 500, "\(actor.name): \(request): \(answer.text)")
                let after = service.service.transactions.published.current
                guard (200..<300).contains(answer.status) else {
                    #expect(after.revision == before.revision, "\(request) was refused and changed something")
                    continue
                }
                granted += 1
                now = try await service.facts().world
                #expect(now.problems == [], "\(request)")
                if let found = Self.excess(before, after, .user(actor.name), now) {
                    Issue.record("seed \(seed): \(actor.name): \(request): \(found)")
                    return
                }
            }
            #expect(granted > 3, "too little was allowed for this to mean something")
        }
    }

    /// Somebody who has something in a place that they had not, and that the actor had not there either.
    private static func excess(
        _ before: AccessGraph, _ after: AccessGraph, _ actor: Principal, _ world: World
    ) -> String? {
        // Grants end within hours.
        for time in [world.now, world.now + .seconds(100_000)] {
            for (new, old) in places(before, after, world) {
                for operation in RandomControlChange.questions {
                    func may(_ graph: AccessGraph, _ principal: Principal, _ resource: ControlResource) -> Bool {
                        graph.check(
                            ControlQuestion(subject: principal, operations: [operation], resource: resource), at: time
                        ).isAllowed
                    }
                    guard !may(before, actor, old) else { continue }
                    for principal in world.principals where may(after, principal, new) && !may(before, principal, old) {
                        return "\(principal) has \(operation) in \(new)"
                    }
                }
            }
        }
        return nil
    }

    /// Collections and namespaces as they are called now, and where what is there now was before.
    private static func places(
        _ before: AccessGraph, _ after: AccessGraph, _ world: World
    ) -> [(ControlResource, ControlResource)] {
        var places: [(ControlResource, ControlResource)] = []
        for path in world.collectionPaths {
            let known = after.collectionID(at: path).flatMap(before.path(of:))
            // What is new was a part of what it is in.
            var above: CollectionPath? = path
            while let place = above, known == nil, !before.hasCollection(at: place) { above = place.parent }
            places.append((ControlResource(path), ControlResource(known ?? above ?? .root)))
            // Labels and proxies name a path, whatever is there.
            var named = path
            while !before.hasCollection(at: named), let place = named.parent { named = place }
            places.append((ControlResource(path), ControlResource(named)))
        }
        for site in world.sites {
            for name in ["prod", "dev", "web", "shop"] {
                let namespace = ControlResource(type: "namespace", id: name, at: .init(site.form, site.name))
                if before.siteID(site.form, site.name) != nil { places.append((namespace, namespace)) }
            }
        }
        return places
    }

    /// People who may give, place and rename in some collections, and have some of what they might give.
    private static func world(using random: inout SplitMix64) -> World {
        var people = RandomWorld.make(events: 80, using: &random)
        for place in people.accounts.indices where random.chance(percent: 70) {
            people.accounts[place].isSystemAdmin = false
        }
        var world = RandomControlChange.begin(people, events: 60, using: &random)
        let keeper = Role(
            id: RoleID(rawValue: "keeper"), name: RoleName(trusted: "Keeper"),
            operations: [
                "collection.create", "collection.update", "collection.remove", "collection.grant", "collection.place",
            ].compactMap { try? ControlOperation(pattern: $0) })
        world.roles.append(keeper)
        for user in world.accounts where user.kind == .user && random.chance(percent: 85) {
            guard let place = random.pick(world.collections) else { continue }
            for role in [keeper.id] + world.roles.map(\.id).filter({ _ in random.chance(percent: 40) }) {
                let end: Timestamp? = random.chance(percent: 30) ? world.now + .seconds(5_000) : nil
                let grant = ControlGrant(subject: .user(user.id), role: role, collection: place.id, expiresAt: end)
                if !world.controlGrants.contains(where: { $0.key == grant.key }) { world.controlGrants.append(grant) }
            }
        }
        return world
    }
}
