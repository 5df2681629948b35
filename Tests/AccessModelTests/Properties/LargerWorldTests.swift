import AccessModel
import ReferenceModel
import Testing

/// Random worlds are small; this one has several chunks of everything that the graph keeps in chunks.
@Suite struct LargerWorldTests {
    @Test func `a graph of several chunks stays right while it is patched, and its copies stay as they were`() throws {
        let size = WorldGenerator.Size(
            users: 300, organizations: 260, teams: 520, repositories: 300, organizationMembers: 700, teamMembers: 800,
            serviceAccounts: 300, grants: 700)
        let start = World(now: RandomWorld.now, facts: WorldGenerator(size, seed: Worlds.seed))
        var random = SplitMix64(seed: Worlds.seed)
        var world = start
        let original = try start.graph
        var patched = original
        for _ in 0..<40 {
            let changes = RandomChange.next(in: &world, growth: 60, using: &random)
            patched = try patched.applying(changes, revision: 1)
        }
        try agree(original, start, &random)
        try agree(patched, world, &random)
    }

    /// Asks of both sides what chance picks, half of it where the principal is at home.
    private func agree(_ graph: AccessGraph, _ world: World, _ random: inout SplitMix64) throws {
        let reference = ReferenceEvaluator(world)
        let rebuilt = try world.graph
        let (principals, paths) = (world.principals, world.paths)
        for number in 0..<100 {
            guard let path = random.pick(paths), let action = random.pick(Action.allCases) else { continue }
            let insiders = graph.whoMay(.view, path, at: world.now).map(\.principal)
            let principal = random.pick(random.chance(percent: 50) ? insiders : principals) ?? .anonymous
            let decision = graph.explain(principal, action, path, at: world.now)
            #expect(decision == rebuilt.explain(principal, action, path, at: world.now), "\(principal) on \(path)")
            #expect(insiders == rebuilt.whoMay(.view, path, at: world.now).map(\.principal), "who may view \(path)")
            let holdings = graph.whatMay(principal, action, at: world.now)
            #expect(holdings == rebuilt.whatMay(principal, action, at: world.now), "what may \(principal)")
            // The reference takes its time with so many facts.
            guard number < 8 else { continue }
            #expect(decision.isAllowed == reference.check(principal, action, path), "\(principal) \(action) \(path)")
            #expect(decision.level == reference.level(of: principal, on: path), "\(principal) on \(path)")
        }
        Tally.add(decisions: 300, worlds: 1, disagreements: 0)
    }
}
