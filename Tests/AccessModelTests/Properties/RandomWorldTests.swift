import AccessModel
import ReferenceModel
import Testing

/// The proofs are worth what their worlds are worth.
@Suite struct RandomWorldTests {
    @Test func `random worlds, and all that happens in them, are possible`() {
        Worlds.eachHistory { history, _ in
            var world = history.start
            guard world.problems.isEmpty else { return "at the start: \(world.problems)" }
            for change in history.changes {
                if let before = change.before, !world.facts.contains(before) {
                    return "\(before) is not there to change"
                }
                if change.before == nil, let after = change.after, world.facts.contains(where: { $0.key == after.key })
                {
                    return "\(after) is there already"
                }
                world.apply(change)
                guard world.problems.isEmpty else { return "after \(change): \(world.problems)" }
            }
            return nil
        }
    }

    @Test func `the same seed makes the same world`() {
        #expect(RandomWorld.make(seed: 42) == RandomWorld.make(seed: 42))
        #expect(RandomWorld.make(seed: 42) != RandomWorld.make(seed: 43))
    }

    @Test func `random worlds meet every reason, every denial and every coincidence`() throws {
        var met: Set<String> = []
        for seed in 0..<UInt64(60) {
            let world = RandomWorld.make(seed: seed)
            let graph = try world.graph
            for principal in world.principals {
                for path in world.questions {
                    let decision = graph.explain(principal, .push, path, at: world.now)
                    met.formUnion(decision.reasons.map(\.kind.rawValue))
                    switch decision.denial {
                    case .inactivePrincipal: met.insert("inactive")
                    case .nothingThere: met.insert("nothing there")
                    case .insufficientLevel: met.insert("insufficient")
                    case nil: break
                    }
                    for case .team(_, let path, _) in decision.reasons.map(\.source) where path.count > 2 {
                        met.insert("deep team")
                    }
                    if decision.validUntil != nil { met.insert("ends") }
                }
            }
            if world.grants.contains(where: { $0.expiresAt == world.now }) { met.insert("ends now") }
            if world.repositories.contains(where: { $0.name.contains("/") }) { met.insert("several components") }
            for service in world.serviceAccounts where world.account(service.owner)?.isActive == false {
                met.insert("inactive owner")
            }
        }
        let expected: Set<String> = [
            "system-administrator", "namespace-owner", "organization-owner", "team-grant", "direct-grant",
            "public-repository", "create-on-push", "inactive", "nothing there", "insufficient", "deep team", "ends",
            "ends now", "several components", "inactive owner",
        ]
        #expect(expected.subtracting(met).isEmpty)
    }

    @Test func `shrinking keeps what fails and takes the rest away`() {
        let world = RandomWorld.make(events: 120, seed: 5)
        let fails = { (world: World) in world.teams.contains { $0.parent != nil } }
        let smallest = world.shrunk(while: fails)
        #expect(fails(smallest))
        #expect(smallest.problems.isEmpty)
        #expect(smallest.facts.count == 3, "one organisation and two teams: \(Scenario(smallest).text)")
    }

    @Test func `a generated world is possible, has the size asked for and is skewed`() throws {
        let size = WorldGenerator.Size.medium.multiplied(by: 0.004)
        let facts = Array(WorldGenerator(size, seed: 3))
        let world = World(now: RandomWorld.now, facts: facts)
        #expect(world.problems.isEmpty)
        #expect(
            Fact.Kind.allCases.flatMap { kind in facts.filter { $0.kind == kind } } == facts, "in the order of kinds")
        #expect(world.accounts.count == size.users + size.organizations)
        #expect(world.teams.count == size.teams)
        #expect(world.repositories.count == size.repositories)
        #expect(world.organizationMembers.count == size.organizationMembers)
        #expect(world.teamMembers.count == size.teamMembers)
        #expect(world.serviceAccounts.count == size.serviceAccounts)
        #expect(world.grants.count == size.grants)
        #expect(Array(WorldGenerator(size, seed: 3)) == facts)
        #expect(Array(WorldGenerator(size, seed: 4)) != facts)
        _ = try AccessGraph(facts: facts, revision: 1)
    }
}
