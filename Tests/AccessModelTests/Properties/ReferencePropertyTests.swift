import AccessModel
import ReferenceModel
import Testing

@Suite struct ReferencePropertyTests {
    @Test func `every decision is the one that the reference makes`() {
        Worlds.each { world, chance in
            disagreement(try world.graph, ReferenceEvaluator(world), &chance)
        }
    }

    @Test func `who may and what may agree with check, in both directions`() {
        Worlds.each { world, chance in
            let graph = try world.graph
            let now = world.now
            for action in Action.allCases {
                for path in world.questions {
                    let allowed = world.askers.filter { graph.check($0, action, path, at: now).isAllowed }
                    let found = graph.whoMay(action, path, at: now)
                    chance.compared += found.count + 1
                    guard found.map(\.principal) == allowed.sorted() else {
                        return "who may \(action.rawValue) \(path): \(found), check allows \(allowed)"
                    }
                    for holder in found where world.repository(at: path) != nil {
                        let level = graph.check(holder.principal, action, path, at: now).level
                        guard level == holder.level else { return "\(holder) on \(path): the level is \(level as Any)" }
                    }
                }
                for principal in world.askers {
                    let allowed = world.paths.filter { graph.check(principal, action, $0, at: now).isAllowed }
                    let found = graph.whatMay(principal, action, at: now)
                    chance.compared += found.count + 1
                    guard found.map(\.repository) == allowed else {
                        return "what may \(principal) \(action.rawValue): \(found), check allows \(allowed)"
                    }
                    for holding in found {
                        let level = graph.check(principal, action, holding.repository, at: now).level
                        guard level == holding.level else { return "\(principal), \(holding): it is \(level as Any)" }
                    }
                }
            }
            return nil
        }
    }

    @Test func `who may and what may are those of the reference`() {
        Worlds.each { world, chance in
            let graph = try world.graph
            let reference = ReferenceEvaluator(world)
            for action in [Action.view, .pull, .push, .manageAccess] {
                for path in world.questions {
                    chance.compared += 1
                    let found = graph.whoMay(action, path, at: world.now).map(\.principal)
                    let expected = reference.whoMay(action, path)
                    guard found == expected else {
                        return "who may \(action.rawValue) \(path): \(found), not \(expected)"
                    }
                }
                for principal in world.askers {
                    chance.compared += 1
                    let found = graph.whatMay(principal, action, at: world.now).map(\.repository)
                    let expected = reference.whatMay(principal, action)
                    guard found == expected else { return "what may \(principal): \(found), not \(expected)" }
                }
            }
            return nil
        }
    }

    @Test func `every management right is the one that the table gives`() {
        Worlds.each { world, chance in
            let graph = try world.graph
            let reference = ReferenceEvaluator(world)
            for actor in world.actors + [.local("root"), .directory("corp"), .service] {
                for right in world.rights {
                    chance.compared += 1
                    let found = graph.allows(actor, right, at: world.now)
                    let expected = reference.allows(actor, right)
                    guard found == expected else {
                        return
                            "\(world.principal(actor)?.description ?? actor.text) \(right): \(found), not \(expected)"
                    }
                }
            }
            return nil
        }
    }

    @Test func `about others may ask who administers, who reads decisions, and whoever is admin there`() {
        Worlds.each { world, chance in
            let graph = try world.graph
            let reference = ReferenceEvaluator(world)
            for actor in world.actors {
                guard let principal = world.principal(actor) else { continue }
                for path in world.questions {
                    chance.compared += 1
                    let isManager =
                        reference.level(of: principal, on: path) == .admin
                        || world.account(named: path.namespace)
                            .map { reference.level(of: principal, onAllOf: $0.id) == .admin } ?? false
                    let expected = reference.allows(actor, .askAnyDecision) || isManager
                    guard graph.mayAskWho(actor, on: path, at: world.now) == expected else {
                        return "\(principal) asks who may on \(path): expected \(expected)"
                    }
                    for subject in world.askers where subject != principal && subject != .anonymous {
                        guard graph.mayAsk(actor, about: subject, on: path, at: world.now) == expected else {
                            return "\(principal) asks about \(subject) on \(path): expected \(expected)"
                        }
                    }
                }
            }
            return nil
        }
    }

    @Test func `the repositories that are listed are those that may be viewed`() {
        Worlds.each { world, chance in
            let graph = try world.graph
            let reference = ReferenceEvaluator(world)
            for actor in world.actors {
                guard let principal = world.principal(actor) else { continue }
                let expected = reference.whatMay(principal, .view)
                chance.compared += 1
                guard graph.viewableRepositories(for: actor, in: nil, at: world.now) == expected else {
                    return "\(principal) in all: expected \(expected)"
                }
                for namespace in world.accounts.map(\.name) {
                    chance.compared += 1
                    let part = expected.filter { $0.namespace == namespace }
                    guard graph.viewableRepositories(for: actor, in: namespace, at: world.now) == part else {
                        return "\(principal) in \(namespace): expected \(part)"
                    }
                }
            }
            return nil
        }
    }
}
