public import AccessModel

/// Whether the caller may go on reading the log. Answers with the newest revision.
private struct MayFollow: Query {
    let query: ListChanges

    func answer(in context: ReadContext) throws(AccessError) -> Revision {
        // A stream outlives many requests: the token that it began with may have been revoked, or have ended.
        if case .token(let id) = context.caller.proof {
            guard let token = try context.reader.token(id), token.expiresAt.map({ context.now < $0 }) ?? true else {
                throw .unauthenticated("the token has been revoked, or has ended: begin anew with another one")
            }
        }
        _ = try query.subjectOfReader(in: context)
        return try context.reader.revision()
    }
}

/// A part of the change log, and up to which entry everything was looked at.
private struct ChangesSoFar: Query {
    let query: ListChanges

    func answer(in context: ReadContext) throws(AccessError) -> (entries: [NamedChange], end: Revision) {
        let last = try MayFollow(query: query).answer(in: context)
        let entries = try query.answer(in: context)
        // A full answer may have left some out.
        return (entries, entries.count < query.limit ? last : entries.last?.entry.revision ?? query.selection.after)
    }
}

extension Transactions {
    /// Follows the change log from `query.selection.after` on, whatever order that says: every entry that the query asks for, once and in
    /// order, whichever process writes it. Returns when the service stops, and after ten minutes, so that
    /// whoever goes on proves anew who they are. Throws when the task is cancelled, when the caller may not
    /// read it any more, and for a beginning that lies in the future.
    /// - Parameters:
    ///   - heartbeat: how long nothing may come before `send` is called with nothing.
    ///   - send: gets the entries as they come.
    public func follow(
        _ query: ListChanges, as caller: Caller, heartbeat: Duration = .seconds(15),
        send: ([NamedChange]) async throws -> Void
    ) async throws {
        var query = query
        query.limit = 1_000
        query.selection.order = .oldest
        try await checkFollowing(query, as: caller)
        try streams.begin(caller.actor)
        defer { streams.end(caller.actor) }
        let end = ContinuousClock.now + .seconds(600)
        while !published.hasEnded, ContinuousClock.now < end {
            try Task.checkCancellation()
            let found = try await ask(ChangesSoFar(query: query), as: caller)
            if !found.entries.isEmpty { try await send(found.entries) }
            query.selection.after = found.end
            guard found.entries.count < query.limit else { continue }
            if await !published.reach(query.selection.after + 1, within: heartbeat), !published.hasEnded {
                try Task.checkCancellation()
                // Whoever may not any more is told so now, and not with the next change.
                _ = try await ask(MayFollow(query: query), as: caller)
                try await send([])
            }
        }
    }

    /// Throws the errors that `follow` would throw at its start.
    public func checkFollowing(_ query: ListChanges, as caller: Caller) async throws(AccessError) {
        try streams.check(caller.actor)
        let last = try await ask(MayFollow(query: query), as: caller)
        guard query.selection.after <= last else {
            throw .invalid(
                field: "after", value: String(query.selection.after),
                reason: "the newest revision is \(last): begin there")
        }
    }
}
