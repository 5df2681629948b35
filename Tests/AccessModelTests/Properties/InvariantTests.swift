import AccessModel
import ReferenceModel
import Testing

/// The invariants of the permission model, each by its sentence.
@Suite struct InvariantTests {
    @Test func `default deny`() {
        Worlds.each { world, chance in
            var bare = world
            bare.grants = []
            bare.organizationMembers = world.organizationMembers.map {
                var member = $0; member.role = .member; return member
            }
            bare.accounts = world.accounts.map {
                var account = $0; account.isSystemAdmin = false; return account
            }
            bare.repositories = world.repositories.map {
                var fact = $0; fact.visibility = .private; return fact
            }
            let graph = try bare.graph
            for principal in bare.askers {
                for path in bare.questions where principal != .user(path.namespace) {
                    for action in Action.allCases {
                        chance.compared += 1
                        let decision = graph.check(principal, action, path, at: world.now)
                        if decision.isAllowed { return "\(principal) \(action.rawValue) \(path): \(decision)" }
                    }
                }
            }
            return nil
        }
    }

    @Test func `an inactive principal has nothing`() {
        Worlds.each { world, chance in
            for account in world.accounts where account.kind == .user {
                var after = account
                after.isActive = false
                guard let change = Change.update(.account(account), to: .account(after)) else { continue }
                let graph = try world.graph.applying([change], revision: 2)
                let robots = world.serviceAccounts.filter { $0.owner == account.id }
                let suspended: [Actor] = [.user(account.id)] + robots.map { .serviceAccount($0.id) }
                for actor in suspended {
                    guard let principal = world.principal(actor) else { continue }
                    if let found = anything(principal, actor, graph, world, &chance) { return found }
                }
            }
            return nil
        }
    }

    private func anything(
        _ principal: Principal, _ actor: Actor, _ graph: AccessGraph, _ world: World, _ chance: inout Worlds.Chance
    ) -> String? {
        for action in Action.allCases {
            for path in world.questions {
                chance.compared += 1
                let decision = graph.check(principal, action, path, at: world.now)
                if decision.isAllowed || decision.level != nil || decision.denial != .inactivePrincipal {
                    return "\(principal) \(action.rawValue) \(path): \(decision)"
                }
            }
            guard graph.whatMay(principal, action, at: world.now).isEmpty else { return "\(principal) may \(action)" }
        }
        let right = world.rights.first { graph.allows(actor, $0, at: world.now) }
        return right.map { "\(principal) has the right \($0)" }
    }

    @Test func `order and duplicates of grants do not matter`() {
        Worlds.each { world, chance in
            let others = world.facts.filter { $0.kind != .grant }
            let grants = world.grants.map(Fact.grant)
            let again = (grants + grants.filter { _ in chance.random.chance(percent: 50) }).shuffled(
                using: &chance.random)
            let shuffled = try AccessGraph(facts: others + again, revision: 1)
            return difference(try world.graph, shuffled, in: world, &chance)
        }
    }

    @Test func `adding a grant never takes access away`() {
        Worlds.each { world, chance in
            guard let grant = chance.random.pick(world.grants) else { return nil }
            var editor = WorldEditor(world)
            editor.remove(.grant(grant))
            let (before, after) = (try editor.world.graph, try world.graph)
            for principal in world.askers {
                for path in world.questions {
                    for action in Action.allCases {
                        chance.compared += 1
                        let had = before.check(principal, action, path, at: world.now)
                        let has = after.check(principal, action, path, at: world.now)
                        if had.isAllowed && !has.isAllowed
                            || (had.level.map { has.level.map { $0 } ?? .readOnly < $0 } ?? false)
                        {
                            return "\(principal) \(action.rawValue) \(path): \(had), then \(has), with \(grant)"
                        }
                    }
                }
            }
            return nil
        }
    }

    @Test func `removing and re-adding a member changes nothing`() {
        Worlds.each { world, chance in
            let members =
                world.teamMembers.map(Fact.teamMember) + world.organizationMembers.map(Fact.organizationMember)
            guard let member = chance.random.pick(members) else { return nil }
            var editor = WorldEditor(world)
            editor.remove(member)
            // Coming back brings back what leaving took: its teams and its direct grants.
            let returned = editor.changes + editor.changes.reversed().map(\.undone)
            return difference(try world.graph, try world.graph.applying(returned, revision: 1), in: world, &chance)
        }
    }

    @Test func `nested teams equal their flattening`() {
        Worlds.each { world, chance in
            var flat = world
            flat.teams = world.teams.map {
                var team = $0; team.parent = nil; return team
            }
            for user in world.accounts where user.kind == .user {
                let direct = Set(world.teamMembers.filter { $0.user == user.id }.map(\.team))
                for team in ReferenceEvaluator.teams(above: direct, in: world).subtracting(direct) {
                    flat.teamMembers.append(TeamMember(team: team, user: user.id, role: .member))
                }
            }
            let (nested, flattened) = (try world.graph, try flat.graph)
            for path in world.questions {
                for action in Action.allCases {
                    chance.compared += 1
                    let (one, other) = (
                        nested.whoMay(action, path, at: world.now), flattened.whoMay(action, path, at: world.now)
                    )
                    if one != other { return "who may \(action.rawValue) \(path): \(one), flattened \(other)" }
                    for principal in world.askers {
                        chance.compared += 1
                        let one = nested.check(principal, action, path, at: world.now)
                        let other = flattened.check(principal, action, path, at: world.now)
                        if one != other { return "\(principal) \(action.rawValue) \(path): \(one), flattened \(other)" }
                    }
                }
            }
            return nil
        }
    }

    @Test
    func
        `the graph patched by changes equals the graph rebuilt from the rows, and equals the graph replayed from the change log`()
    {
        Worlds.eachHistory(events: 30) { history, chance in
            var world = history.start
            var patched = try AccessGraph(facts: world.facts, revision: 0)
            for (place, change) in history.changes.enumerated() {
                world.apply(change)
                try patched.patch(change, revision: Revision(place + 1))
                // A whole comparison at each change would spend the time on histories rather than worlds.
                guard place % 15 == 14 || place == history.changes.count - 1 else { continue }
                let rebuilt = try AccessGraph(facts: world.facts, revision: Revision(place + 1))
                if let found = difference(patched, rebuilt, in: world, &chance) {
                    return "patched or rebuilt: \(found)"
                }
            }
            let log = history.start.facts.map(Change.insert) + history.changes
            let replayed = try AccessGraph().applying(log, revision: Revision(history.changes.count))
            if let found = difference(patched, replayed, in: world, &chance) { return "patched or replayed: \(found)" }
            return disagreement(patched, ReferenceEvaluator(world), &chance)
        }
    }

    @Test func `undoing every change brings back every decision`() {
        Worlds.eachHistory { history, chance in
            let start = try history.start.graph
            let back = history.changes + history.changes.reversed().map(\.undone)
            return difference(start, try start.applying(back, revision: 1), in: history.start, &chance)
        }
    }

    @Test func `a graph that was copied does not change with its copy`() {
        Worlds.eachHistory { history, chance in
            let graph = try history.start.graph
            _ = try graph.applying(history.changes, revision: 2)
            return difference(graph, try history.start.graph, in: history.start, &chance)
        }
    }
}
