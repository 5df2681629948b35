import AccessModel
import ReferenceModel

extension World {
    /// Of every second world a graph as a start makes it, of names in order.
    var graph: AccessGraph {
        get throws {
            var world = self
            if facts.count % 2 == 0 {
                let names = Dictionary(uniqueKeysWithValues: accounts.map { ($0.id, $0.name) })
                func path(_ repository: Repository) -> RepositoryPath {
                    RepositoryPath(trustedNamespace: names[repository.namespace]!, name: repository.name)
                }
                world.accounts.sort { $0.name < $1.name }
                world.repositories.sort { path($0) < path($1) }
            }
            return try AccessGraph(facts: world.facts, revision: 1)
        }
    }

    /// Those who are there and those who are not.
    var askers: [Principal] { principals + strangers }
    /// The same for repositories.
    var questions: [RepositoryPath] { paths + missingPaths }

    /// Every actor that decisions know.
    var actors: [Actor] {
        [.anonymous] + accounts.map { .user($0.id) } + serviceAccounts.map { .serviceAccount($0.id) }
    }

    /// Every right that there is about anything in this world.
    var rights: [ManagementRight] {
        var rights: [ManagementRight] = [.administer, .createOrganization, .readNames, .askAnyDecision]
        for account in accounts {
            rights += [.manageOrganization(account.id), .manageNamespace(account.id), .readChanges(of: account.id)]
            rights.append(account.kind == .user ? .editProfile(account.id) : .readOrganization(account.id))
        }
        for team in teams { rights += [.manageTeamMembers(team.id), .readTeamMembers(team.id)] }
        for repository in repositories { rights += [.manageRepository(repository.id), .viewRepository(repository.id)] }
        return rights
    }
}

/// The first decision on which two graphs differ, over everybody and every repository of
/// `world`, in any way at all: level, reasons, end, who may, what may, management rights. These
/// go by identity: graphs that only share their names are compared without.
func difference(
    _ first: AccessGraph, _ second: AccessGraph, in world: World, comparingRights: Bool = true,
    _ chance: inout Worlds.Chance
) -> String? {
    let now = world.now
    for path in world.questions {
        for principal in world.askers {
            for action in [Action.view, .push, .manageAccess] {
                chance.compared += 1
                let (one, other) = (
                    first.explain(principal, action, path, at: now), second.explain(principal, action, path, at: now)
                )
                if one != other { return "\(principal) \(action.rawValue) \(path): \(one) or \(other)" }
            }
        }
        for action in [Action.view, .pull, .push, .manageAccess] {
            chance.compared += 1
            let (one, other) = (first.whoMay(action, path, at: now), second.whoMay(action, path, at: now))
            if one != other { return "who may \(action.rawValue) \(path): \(one) or \(other)" }
        }
    }
    for principal in world.askers {
        for action in [Action.view, .push, .manageAccess] {
            chance.compared += 1
            let (one, other) = (first.whatMay(principal, action, at: now), second.whatMay(principal, action, at: now))
            if one != other { return "what may \(principal) \(action.rawValue): \(one) or \(other)" }
        }
    }
    for actor in world.actors where comparingRights {
        for right in world.rights {
            chance.compared += 1
            let (one, other) = (first.allows(actor, right, at: now), second.allows(actor, right, at: now))
            if one != other { return "\(actor.text) \(right): \(one) or \(other)" }
        }
    }
    return nil
}

/// The first decision on which the graph differs from the reference.
func disagreement(_ graph: AccessGraph, _ reference: ReferenceEvaluator, _ chance: inout Worlds.Chance) -> String? {
    let world = reference.world
    let now = reference.now
    for principal in world.askers {
        for path in world.questions {
            let level = reference.level(of: principal, on: path)
            for action in Action.allCases {
                chance.compared += 1
                let decision = graph.check(principal, action, path, at: now)
                let expected = reference.check(principal, action, path)
                if decision.isAllowed != expected || decision.level != level {
                    return "\(principal) \(action.rawValue) \(path): \(decision), expected \(expected), \(level as Any)"
                }
            }
        }
    }
    return nil
}
