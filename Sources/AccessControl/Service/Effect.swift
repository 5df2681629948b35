public import AccessModel
import Dispatch

/// What a command would change, as far as its caller may know of it.
public struct Effect: Sendable {
    public let changes: [NamedEffect]
    /// Whose level would be another, of those about whom the caller may ask.
    public let access: [AccessDifference]
    /// Who would have something else of the control plane, of those about whom the caller may ask.
    public let control: [ControlDifference]
}

/// One change, and the names of what it is about.
public struct NamedEffect: Sendable {
    public let change: Change
    public let names: String
}

extension Transactions {
    /// Finds out what a command would change, and changes nothing.
    /// - Throws: `.tooManyQuestions` where the caller, or all together, try out too much at once.
    public func rehearse<C: Command>(_ command: C, as caller: Caller) async throws(AccessError) -> Effect {
        try await rehearsals.pass(caller.actor) { () async throws(AccessError) in
            try await effect(of: try await perform(command, as: caller, dryRun: true), for: caller)
        }
    }

    /// What was found out by a dry run. It may take seconds, and the threads that answer requests are few.
    public func effect<Value>(of done: Committed<Value>, for caller: Caller) async throws(AccessError) -> Effect {
        let (base, changes, now) = (done.base, done.changes, clock.now)
        let result = await withCancellationFlag { isAbandoned in
            await withCheckedContinuation { (done: CheckedContinuation<Result<Effect, AccessError>, Never>) in
                DispatchQueue.global(qos: .utility).async {
                    done.resume(returning: base.effect(of: changes, for: caller.actor, at: now, unless: isAbandoned))
                }
            }
        }
        return try result.get()
    }
}

extension AccessGraph {
    fileprivate func effect(
        of changes: [Change], for actor: Actor, at now: Timestamp, unless isAbandoned: () -> Bool
    ) -> Result<Effect, AccessError> {
        do throws(GraphError) {
            guard let all = try accessDifferences(after: changes, at: now, unless: isAbandoned) else {
                return .failure(.storage(.abandoned))
            }
            let own = principal(of: actor)
            // Many are about one repository, which is asked for once.
            var managed: [RepositoryPath: Bool] = [:]
            let access = all.filter { difference in
                if difference.principal == own || difference.principal == .anonymous { return true }
                let path = difference.repository
                if let known = managed[path] { return known }
                let may = mayAskWho(actor, on: path, at: now)
                managed[path] = may
                return may
            }
            guard let control = try controlDifferences(after: changes, at: now, unless: isAbandoned) else {
                return .failure(
                    isAbandoned()
                        ? .storage(.abandoned)
                        : .invalid(
                            field: "dry_run", value: nil,
                            reason: "it would change too much to be listed: rehearse a part of it"))
            }
            let next = try applying(changes, revision: revision + Revision(changes.count))
            let named = changes.compactMap { change in
                change.fact.map {
                    NamedEffect(change: change, names: (change.after == nil ? self : next).names(in: $0))
                }
            }
            let shown = control.filter { difference in
                if let own, difference.subject == .principal(own) { return true }
                guard let path = difference.collection else {
                    return allows(actor, .askAnyDecision, at: now) || allows(actor, .administer, at: now)
                }
                return mayAskWho(actor, in: path, at: now) || next.mayAskWho(actor, in: path, at: now)
            }
            return .success(Effect(changes: named, access: access, control: shown))
        } catch {
            return .failure(.storage(.damaged("the facts do not fit together: \(error)")))
        }
    }
}
