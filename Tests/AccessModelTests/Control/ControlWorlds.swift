import AccessModel
import ReferenceModel

extension World {
    /// Collections that are there, private ones that are no facts, and some that are not there.
    var collectionQuestions: [CollectionPath] {
        let own = accounts.map { CollectionPath.privates.appending(CollectionName(trusted: $0.name.rawValue)) }
        let missing = collectionPaths.map { $0.appending(CollectionName(trusted: "nothing")) }
        return Array(Set(collectionPaths + own + missing)).sorted()
    }

    var controlOperations: [ControlOperation] { RandomControlChange.questions }

    func control(_ principal: Principal, _ operation: ControlOperation, _ path: CollectionPath) -> ControlQuestion {
        ControlQuestion(subject: principal, operations: [operation], resource: ControlResource(path))
    }
}

/// The first decision on which two graphs differ, over everybody and every collection of `world`, in any way at all.
func controlDifference(
    _ first: AccessGraph, _ second: AccessGraph, in world: World, _ chance: inout Worlds.Chance
) -> String? {
    let now = world.now
    for path in world.collectionQuestions {
        for operation in world.controlOperations {
            for principal in world.askers {
                chance.compared += 1
                let question = world.control(principal, operation, path)
                let (one, other) = (first.explain(question, at: now), second.explain(question, at: now))
                if one != other { return "\(principal) \(operation) \(path): \(one) or \(other)" }
            }
            let (one, other) = (first.whoMay(operation, in: path, at: now), second.whoMay(operation, in: path, at: now))
            if one != other { return "who may \(operation) in \(path): \(one) or \(other)" }
        }
    }
    for principal in world.askers {
        for operation in world.controlOperations {
            let (one, other) = (
                first.whatMay(principal, operation, at: now), second.whatMay(principal, operation, at: now)
            )
            if one != other { return "what may \(principal) \(operation): \(one) or \(other)" }
        }
    }
    return nil
}

/// The first decision of the control plane on which the graph differs from the reference.
func controlDisagreement(
    _ graph: AccessGraph, _ reference: ReferenceEvaluator, _ chance: inout Worlds.Chance
) -> String? {
    let world = reference.world
    for principal in world.askers {
        for path in world.collectionQuestions {
            for operation in world.controlOperations {
                chance.compared += 1
                let decision = graph.check(world.control(principal, operation, path), at: world.now)
                guard decision.isAllowed == reference.may(principal, operation, in: path) else {
                    return "\(principal) \(operation) \(path): \(decision)"
                }
                guard !decision.isAllowed else { continue }
                let denial = graph.explain(world.control(principal, operation, path), at: world.now).denial
                let sees = reference.sees(principal, path)
                if case .lacking = denial, !sees { return "\(principal) is told of \(path)" }
                if denial == .nothingThere, sees { return "\(principal) is not told of \(path)" }
            }
        }
    }
    return nil
}
