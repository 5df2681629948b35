public import AccessModel

/// What a command would change, as far as its caller may know of it.
public struct Effect: Sendable {
    public let changes: [Change]
    /// Whose level would be another, of those about whom the caller may ask.
    public let access: [AccessDifference]
}

extension Transactions {
    /// Finds out what a command would change, and changes nothing.
    public func rehearse<C: Command>(_ command: C, as caller: Caller) async throws(AccessError) -> Effect {
        try effect(of: try await perform(command, as: caller, dryRun: true), for: caller)
    }

    /// What was found out by a dry run.
    public func effect<Value>(of done: Committed<Value>, for caller: Caller) throws(AccessError) -> Effect {
        let now = clock.now
        do throws(GraphError) {
            let access = try done.base.accessDifferences(after: done.changes, at: now).filter {
                done.base.mayAsk(caller.actor, about: $0.principal, on: $0.repository, at: now)
            }
            return Effect(changes: done.changes, access: access)
        } catch {
            throw .storage(.damaged("the facts do not fit together: \(error)"))
        }
    }
}
