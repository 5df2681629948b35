import AccessModel
import ReferenceModel
import Testing

/// The invariants of the control plane, each by its sentence.
@Suite struct ControlInvariantTests {
    @Test func `every decision is that of the reference`() {
        Worlds.eachControlHistory { history, chance in
            let end = history.end
            return controlDisagreement(try end.graph, ReferenceEvaluator(end), &chance)
        }
    }

    @Test func `default deny`() {
        Worlds.eachControlHistory(events: 0) { history, chance in
            var bare = history.start
            bare.controlGrants = []
            bare.accounts = bare.accounts.map {
                var account = $0; account.isSystemAdmin = false; return account
            }
            let graph = try bare.graph
            for principal in bare.askers {
                for path in bare.collectionQuestions where !path.isAtOrBelow(own(principal)) {
                    for operation in bare.controlOperations {
                        chance.compared += 1
                        let decision = graph.check(bare.control(principal, operation, path), at: bare.now)
                        if decision.isAllowed { return "\(principal) \(operation) \(path)" }
                    }
                }
            }
            return nil
        }
    }

    private func own(_ principal: Principal) -> CollectionPath {
        .privates.appending(CollectionName(trusted: principal.description))
    }

    @Test func `order and duplicates of grants do not matter`() {
        Worlds.eachControlHistory(events: 0) { history, chance in
            let world = history.start
            let grants = world.controlGrants.map(Fact.controlGrant)
            let doubled = (grants + grants.filter { _ in chance.random.chance(percent: 50) }).shuffled(
                using: &chance.random)
            let others = world.facts.filter { $0.kind != .controlGrant }
            let before = others.filter { $0.kind.isBefore(.controlGrant) }
            let after = others.filter { !$0.kind.isBefore(.controlGrant) }
            let shuffled = try AccessGraph(facts: before + doubled + after, revision: 1)
            return controlDifference(try world.graph, shuffled, in: world, &chance)
        }
    }

    @Test func `adding a grant, an operation to a role, or a member never takes access away`() {
        Worlds.eachControlHistory(events: 0) { history, chance in
            let world = history.start
            var editor = WorldEditor(world)
            let removable: [Fact] =
                world.controlGrants.map(Fact.controlGrant) + world.teamMembers.map(Fact.teamMember)
                + world.organizationMembers.map(Fact.organizationMember)
            if chance.random.chance(percent: 30), let role = chance.random.pick(world.roles) {
                var fewer = role
                fewer.operations = Array(role.operations.dropFirst())
                editor.update(.role(role), to: .role(fewer))
            } else if let fact = chance.random.pick(removable) {
                editor.remove(fact)
            }
            let (before, after) = (try editor.world.graph, try world.graph)
            for principal in world.askers {
                for path in world.collectionQuestions {
                    for operation in world.controlOperations {
                        chance.compared += 1
                        let question = world.control(principal, operation, path)
                        if before.check(question, at: world.now).isAllowed,
                            !after.check(question, at: world.now).isAllowed
                        {
                            return "\(principal) \(operation) \(path)"
                        }
                    }
                }
            }
            return nil
        }
    }

    @Test func `a grant on a collection is a grant on each below it, and on none beside it`() {
        Worlds.eachControlHistory(events: 0) { history, chance in
            let world = history.start
            guard let collection = chance.random.pick(world.collections), let role = chance.random.pick(world.roles),
                let user = chance.random.pick(world.accounts.filter { $0.kind == .user && $0.isActive }),
                let path = world.path(of: collection)
            else { return nil }
            var bare = world
            bare.controlGrants = []
            let grant = ControlGrant(subject: .user(user.id), role: role.id, collection: collection.id)
            bare.controlGrants = [grant]
            let graph = try bare.graph
            for other in bare.collectionPaths where !user.isSystemAdmin && !other.isAtOrBelow(own(.user(user.name))) {
                for operation in bare.controlOperations {
                    chance.compared += 1
                    let isAllowed = graph.check(bare.control(.user(user.name), operation, other), at: bare.now)
                        .isAllowed
                    let covers = role.operations.contains { $0.covers(operation) }
                    if isAllowed != (covers && other.isAtOrBelow(path)) {
                        return "\(operation) on \(other) by \(grant)"
                    }
                }
            }
            return nil
        }
    }

    @Test func `moving a collection equals deleting and making it anew there with its grants`() {
        Worlds.eachControlHistory(events: 0) { history, chance in
            var editor = WorldEditor(history.start)
            let movable = editor.world.collections.filter { $0.owner == nil && !$0.isFixed }
            guard let collection = chance.random.pick(movable), let path = editor.world.path(of: collection) else {
                return nil
            }
            let targets = editor.world.collections.filter { other in
                editor.world.path(of: other).map { !$0.isAtOrBelow(path) } ?? false
                    && !editor.world.collections.contains { $0.parent == other.id && $0.name == collection.name }
            }
            guard let target = chance.random.pick(targets) else { return nil }
            let world = editor.world
            var moved = collection
            moved.parent = target.id
            editor.update(.collection(collection), to: .collection(moved))
            let movedGraph = try world.graph.applying(editor.changes, revision: 1)
            // Everything below it, its grants and what is in it, taken away and made again below the other.
            var again = WorldEditor(world)
            again.remove(.collection(collection))
            var facts = again.changes.reversed().compactMap(\.before)
            facts = facts.map { fact in
                if case .collection(let made) = fact, made.id == collection.id { .collection(moved) } else { fact }
            }
            let anew = try world.graph.applying(again.changes + facts.map(Change.insert), revision: 1)
            return controlDifference(movedGraph, anew, in: editor.world, &chance)
        }
    }

    @Test func `nested teams equal their flattening, and an organisation the union of its members`() {
        Worlds.eachControlHistory(events: 0) { history, chance in
            let world = history.start
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
            flat.controlGrants = world.controlGrants.flatMap { grant -> [ControlGrant] in
                guard case .organization(let id) = grant.subject else { return [grant] }
                return world.organizationMembers.filter { $0.organization == id }.map {
                    ControlGrant(
                        subject: .user($0.user), role: grant.role, collection: grant.collection,
                        expiresAt: grant.expiresAt)
                }
            }
            // Of two grants of one role to one person the later end counts.
            let byKey = Dictionary(grouping: flat.controlGrants, by: \.key)
            flat.controlGrants = byKey.values.compactMap { grants in
                grants.max { ($0.expiresAt ?? .last) < ($1.expiresAt ?? .last) }
            }
            let (nested, flattened) = (try world.graph, try flat.graph)
            for path in world.collectionQuestions {
                for operation in world.controlOperations {
                    if nested.whoMay(operation, in: path, at: world.now)
                        != flattened.whoMay(operation, in: path, at: world.now)
                    {
                        return "who may \(operation) in \(path)"
                    }
                    for principal in world.askers {
                        chance.compared += 1
                        let question = world.control(principal, operation, path)
                        let (one, other) = (
                            nested.check(question, at: world.now), flattened.check(question, at: world.now)
                        )
                        if one != other { return "\(principal) \(operation) \(path): \(one), flattened \(other)" }
                    }
                }
            }
            return nil
        }
    }

    @Test func `inactive principals have nothing`() {
        Worlds.eachControlHistory(events: 0) { history, chance in
            let world = history.start
            var idle = world
            idle.accounts = world.accounts.map {
                var account = $0; account.isActive = account.kind != .user; return account
            }
            let graph = try idle.graph
            for account in idle.accounts where account.kind == .user {
                let principal = Principal.user(account.name)
                for path in idle.collectionQuestions {
                    for operation in idle.controlOperations {
                        chance.compared += 1
                        let decision = graph.explain(idle.control(principal, operation, path), at: idle.now)
                        if decision.denial != .inactivePrincipal {
                            return "\(principal) \(operation) \(path): \(decision)"
                        }
                    }
                    if !graph.operations(of: principal, in: path, at: idle.now).isEmpty {
                        return "\(principal) \(path)"
                    }
                }
            }
            return nil
        }
    }

    @Test
    func `who-may and what-may agree with check both ways, and the operations of somebody are those that check allows`()
    {
        Worlds.eachControlHistory(events: 0) { history, chance in
            let world = history.start
            let (graph, now) = (try world.graph, world.now)
            for operation in world.controlOperations {
                for path in world.collectionQuestions {
                    let holders = graph.whoMay(operation, in: path, expands: true, at: now)
                    for principal in world.askers {
                        chance.compared += 1
                        let decision = graph.check(world.control(principal, operation, path), at: now)
                        if holders.principals.contains(principal) != decision.isAllowed {
                            return "\(principal) \(operation) \(path): \(holders)"
                        }
                        let reached = graph.whatMay(principal, operation, at: now).contains {
                            path.isAtOrBelow($0.collection)
                        }
                        // Below somebody's own that is no fact there is nothing to ask about.
                        if reached != decision.isAllowed, world.exists(path) {
                            return "what may \(principal) \(operation) \(path)"
                        }
                        let has = graph.operations(of: principal, in: path, at: now).contains { $0.covers(operation) }
                        let isForeign = if case .other = operation { true } else { false }
                        if has != decision.isAllowed, !isForeign {
                            return "operations of \(principal) in \(path): \(operation)"
                        }
                    }
                }
            }
            return nil
        }
    }

    @Test func `the patched graph equals the rebuilt one and the one replayed from the log`() {
        Worlds.eachControlHistory(events: 24) { history, chance in
            var world = history.start
            var patched = try AccessGraph(facts: world.facts, revision: 0)
            for (place, change) in history.changes.enumerated() {
                world.apply(change)
                try patched.patch(change, revision: Revision(place + 1))
            }
            let revision = Revision(history.changes.count)
            let rebuilt = try AccessGraph(facts: world.facts, revision: revision)
            if let found = controlDifference(patched, rebuilt, in: world, &chance) { return "rebuilt: \(found)" }
            let log = history.start.facts.map(Change.insert) + history.changes
            let replayed = try AccessGraph().applying(log, revision: revision)
            if let found = controlDifference(patched, replayed, in: world, &chance) { return "replayed: \(found)" }
            let undone = try patched.applying(history.changes.reversed().map(\.undone), revision: 0)
            let start = try AccessGraph(facts: history.start.facts, revision: 0)
            return controlDifference(start, undone, in: history.start, &chance).map { "undone: \($0)" }
        }
    }

    @Test func `no fact of one plane changes a decision of the other`() {
        Worlds.eachControlHistory(events: 0) { history, chance in
            var world = history.start
            let graph = try world.graph
            let control: Set<Fact.Kind> = [.role, .collection, .controlGrant, .site, .placement, .controlSettings]
            let registry: Set<Fact.Kind> = [.repository, .grant]
            var (ofControl, ofRegistry): ([Change], [Change]) = ([], [])
            for _ in 0..<10 { ofControl += RandomControlChange.next(in: &world, growth: 30, using: &chance.random) }
            let middle = world
            for _ in 0..<20 {
                let changes = RandomChange.next(in: &world, growth: 40, using: &chance.random)
                // People and teams are shared: only what is the registry's own.
                if changes.allSatisfy({ registry.contains($0.fact?.kind ?? .account) }) {
                    ofRegistry += changes
                } else {
                    world = middle.applying(ofRegistry)
                }
            }
            guard ofControl.allSatisfy({ control.contains($0.fact?.kind ?? .account) }) else {
                return "not of the plane"
            }
            let withControl = try graph.applying(ofControl, revision: 1)
            if let found = difference(graph, withControl.numbered(graph.revision), in: history.start, &chance) {
                return "registry: \(found)"
            }
            let withRegistry = try withControl.applying(ofRegistry, revision: 1)
            return controlDifference(withControl, withRegistry, in: middle, &chance).map { "control: \($0)" }
        }
    }
}

extension Fact.Kind {
    fileprivate func isBefore(_ other: Self) -> Bool {
        let all = Self.allCases
        return all.firstIndex(of: self) ?? 0 < all.firstIndex(of: other) ?? 0
    }
}
