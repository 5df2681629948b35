public import AccessModel

/// A part of the change log, and how far it goes.
private struct ChangesSoFar: Query {
    let query: ListChanges

    struct Result: Sendable {
        var entries: [LoggedChange]
        /// Everything up to this entry was looked at.
        var end: Revision
        /// The newest there is.
        var last: Revision
    }

    func answer(in context: ReadContext) throws(AccessError) -> Result {
        // A stream outlives many requests: the token that it began with may have been revoked, or have ended.
        if case .token(let id) = context.caller.proof {
            guard let token = try context.reader.token(id), token.expiresAt.map({ context.now < $0 }) ?? true else {
                throw .unauthenticated("the token has been revoked, or has ended: begin anew with another one")
            }
        }
        let entries = try query.answer(in: context)
        // A full answer may have left some out.
        let last = try context.reader.revision()
        let end = entries.count < query.limit ? last : entries.last?.revision ?? query.after
        return Result(entries: entries, end: max(end, query.after), last: last)
    }
}

extension AccessService {
    /// Follows the change log from `query.after` on: every entry that the query asks for, once and in
    /// order, whichever process writes it. Returns when the service stops, and after ten minutes, so that
    /// whoever goes on proves anew who they are. Throws when the task is cancelled, when the caller may not
    /// read it any more, and for a beginning that lies in the future.
    /// - Parameters:
    ///   - heartbeat: how long nothing may come before `send` is called with nothing.
    ///   - send: gets the entries as they come.
    public func follow(
        _ query: ListChanges, as caller: Caller, heartbeat: Duration = .seconds(15),
        send: ([LoggedChange]) async throws -> Void
    ) async throws {
        var query = query
        query.limit = 1_000
        try await checkFollowing(query, as: caller)
        let end = ContinuousClock.now + .seconds(600)
        while !published.hasEnded, ContinuousClock.now < end {
            try Task.checkCancellation()
            let found = try await ask(ChangesSoFar(query: query), as: caller)
            if !found.entries.isEmpty { try await send(found.entries) }
            query.after = found.end
            guard found.entries.count < query.limit else { continue }
            if await !published.reach(query.after + 1, within: heartbeat), !published.hasEnded {
                try Task.checkCancellation()
                // Whoever may not any more is told so now, and not with the next change.
                _ = try await ask(ChangesSoFar(query: query), as: caller)
                try await send([])
            }
        }
    }

    /// Throws what `follow` would begin with.
    public func checkFollowing(_ query: ListChanges, as caller: Caller) async throws(AccessError) {
        var first = query
        first.limit = 1
        let last = try await ask(ChangesSoFar(query: first), as: caller).last
        guard query.after <= last else {
            throw .invalid(
                field: "after", value: String(query.after), reason: "the newest revision is \(last): begin there")
        }
    }
}
