public import AccessModel

/// A part of the change log, and how far it goes.
private struct ChangesSoFar: Query {
    let query: ListChanges

    struct Result: Sendable {
        var entries: [LoggedChange]
        /// Everything up to this entry was looked at.
        var end: Revision
    }

    func answer(in context: ReadContext) throws(AccessError) -> Result {
        let entries = try query.answer(in: context)
        // A full answer may have left some out.
        let end = entries.count < query.limit ? try context.reader.revision() : entries.last?.revision ?? query.after
        return Result(entries: entries, end: max(end, query.after))
    }
}

extension AccessService {
    /// Follows the change log from `query.after` on: every entry that the query asks for, once and in
    /// order, whichever process writes it. Returns when the service stops; throws when the task is
    /// cancelled, and when the caller may not read it any more.
    /// - Parameters:
    ///   - heartbeat: how long nothing may come before `send` is called with nothing.
    ///   - send: gets the entries as they come.
    public func follow(
        _ query: ListChanges, as caller: Caller, heartbeat: Duration = .seconds(15),
        send: ([LoggedChange]) async throws -> Void
    ) async throws {
        var query = query
        query.limit = 1_000
        while !published.hasEnded {
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
}
