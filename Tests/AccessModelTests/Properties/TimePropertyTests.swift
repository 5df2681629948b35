import AccessModel
import ReferenceModel
import Testing

@Suite struct TimePropertyTests {
    @Test func `every decision is the reference's at each moment at which a grant ends`() {
        Worlds.each { world, chance in
            let graph = try world.graph
            let ends = Set(world.grants.compactMap(\.expiresAt))
            for moment in Set(ends.flatMap { [$0, $0 + .microseconds(-1), $0 + .microseconds(1)] }).sorted() {
                let reference = ReferenceEvaluator(world, at: moment)
                for principal in world.principals {
                    for path in world.questions {
                        chance.compared += 1
                        let level = graph.check(principal, .view, path, at: moment).level
                        let isPushing = graph.check(principal, .push, path, at: moment).isAllowed
                        guard level == reference.level(of: principal, on: path),
                            isPushing == reference.check(principal, .push, path)
                        else { return "\(principal) on \(path) at \(moment): \(level as Any), push \(isPushing)" }
                    }
                }
            }
            return nil
        }
    }

    @Test func `an allowed decision holds until its end and no longer`() {
        Worlds.each { world, chance in
            let reference = { (moment: Timestamp) in ReferenceEvaluator(world, at: moment) }
            let graph = try world.graph
            let late = world.now + .seconds(1_000_000_000)
            for principal in world.principals {
                for path in world.questions {
                    for action in [Action.pull, .push, .manageAccess] {
                        let decision = graph.check(principal, action, path, at: world.now)
                        guard decision.isAllowed else { continue }
                        chance.compared += 1
                        let last = decision.validUntil.map { $0 + .microseconds(-1) } ?? late
                        guard reference(last).check(principal, action, path) else {
                            return "\(principal) \(action.rawValue) \(path): not until \(last): \(decision)"
                        }
                        if let end = decision.validUntil, reference(end).check(principal, action, path) {
                            return "\(principal) \(action.rawValue) \(path): still at \(end): \(decision)"
                        }
                    }
                }
            }
            return nil
        }
    }

    @Test func `the reasons of a decision are what its level comes from`() {
        Worlds.each { world, chance in
            let graph = try world.graph
            for principal in world.askers {
                for path in world.paths {
                    chance.compared += 1
                    let decision = graph.explain(principal, .push, path, at: world.now)
                    guard decision.reasons.map(\.level).max() == decision.level,
                        decision.reasons.map(\.level) == decision.reasons.map(\.level).sorted(by: >),
                        Set(decision.reasons).count == decision.reasons.count,
                        decision.reasons.allSatisfy({ $0.expiresAt.map { world.now < $0 } ?? true })
                    else { return "\(principal) on \(path): \(decision)" }
                    let check = graph.check(principal, .push, path, at: world.now)
                    guard check.reasons.isEmpty, check.isAllowed == decision.isAllowed, check.level == decision.level,
                        check.validUntil == decision.validUntil, check.denial == decision.denial
                    else { return "\(principal) on \(path): check \(check), explain \(decision)" }
                }
            }
            return nil
        }
    }
}
