public import AccessModel
import Synchronization

/// Commands and queries over one store: reads see the published graph, writes are serialised by the store and
/// published before they are answered.
public struct Transactions: Sendable {
    public let store: any Store
    public let published: PublishedGraph
    public let clock: WallClock
    let credentials: CredentialMemory
    /// The folder for backups; without one nobody makes them but who is on the machine.
    let backupDirectory: String?
    /// Files that a backup holds only when asked: what follows the backup's name, and the path.
    let keyFiles: [String: String]
    /// For those that read everything: exports, proofs.
    let longReadings = PastGate()
    let rehearsals = PastGate()
    let streams = StreamCount()
    public let figures = Figures()

    init(
        store: any Store, published: PublishedGraph, credentials: CredentialMemory, clock: WallClock,
        backupDirectory: String?, keyFiles: [String: String]
    ) {
        (self.store, self.published, self.credentials, self.clock) = (store, published, credentials, clock)
        (self.backupDirectory, self.keyFiles) = (backupDirectory, keyFiles)
    }

    /// Performs a command for `caller`. Its outcome is durable, and seen by every later check
    /// of this service, when the call returns.
    /// - Parameters:
    ///   - dryRun: find out what would change, and change nothing.
    ///   - patience: how long to wait for other writes, before `.storage(.busy)` is thrown.
    public func perform<C: Command>(
        _ command: C, as caller: Caller, dryRun: Bool = false, within patience: Duration = .seconds(5)
    ) async throws(AccessError) -> Committed<C.Result> {
        let (published, now) = (published, clock.now)
        let rehearsal = Mutex<Outcome<C.Result>?>(nil)
        let (figures, begin) = (figures, ContinuousClock.now)
        do throws(AccessError) {
            let outcome = try await store.write(as: caller.actor, within: patience) {
                (writer) throws(AccessError) -> Outcome<C.Result> in
                figures.add(ContinuousClock.now - begin, to: .writeWait)
                let (graph, missed) = try published.current.caughtUp(with: writer)
                let context = WriteContext(
                    writer: writer, graph: graph, caller: caller, now: now, keepsChanges: dryRun)
                let value = try command.perform(in: context)
                var touched = missed
                touched.formUnion(context.touched)
                let outcome = Outcome(
                    value: value, base: graph, graph: context.graph, touched: touched, changes: context.changes)
                if dryRun {
                    // What the store refuses is refused here, too.
                    try writer.settle()
                    rehearsal.withLock { $0 = outcome }
                    throw Self.endOfRehearsal
                }
                return outcome
            }
            // What other processes wrote was taken in as well, and touches credentials like our own.
            publish(outcome.graph, touched: outcome.touched)
            return Committed(
                value: outcome.value, revision: outcome.graph.revision, changes: outcome.changes, base: outcome.base)
        } catch {
            guard error == Self.endOfRehearsal, let outcome = rehearsal.withLock({ $0 }) else { throw error }
            return Committed(
                value: outcome.value, revision: published.current.revision, changes: outcome.changes, base: outcome.base
            )
        }
    }

    /// How many follow the change log.
    public var followerCount: Int { streams.count }

    /// Answers a query for `caller`, whose rights are judged by the rows that are read: what other processes wrote
    /// before is taken in first.
    public func ask<Q: Query>(_ query: Q, as caller: Caller) async throws(AccessError) -> Q.Result {
        let (published, now) = (published, clock.now)
        let (result, graph, touched) = try await store.read { (reader) throws(AccessError) in
            let (graph, touched) = try published.current.caughtUp(with: reader)
            let context = ReadContext(reader: reader, graph: graph, caller: caller, now: now)
            return (try query.answer(in: context), graph, touched)
        }
        publishIfNewer(graph, touched: touched)
        return result
    }

    /// Refuses early what a command would refuse anyway, before much is spent on it.
    public func require(_ right: ManagementRight, of caller: Caller, to doing: String) throws(AccessError) {
        guard published.current.allows(caller.actor, right, at: clock.now) else {
            throw .forbidden("you may not \(doing)")
        }
    }

    /// Takes in what other processes wrote since the last look.
    public func catchUp() async throws(AccessError) {
        let published = published
        let (graph, touched) = try await store.read { (reader) throws(AccessError) in
            try published.current.caughtUp(with: reader)
        }
        publishIfNewer(graph, touched: touched)
    }

    private func publishIfNewer(_ graph: AccessGraph, touched: TouchedCredentials) {
        if graph.revision > published.current.revision { publish(graph, touched: touched) }
    }

    private func publish(_ graph: AccessGraph, touched: TouchedCredentials) {
        published.publish(graph)
        credentials.forget(touched, revision: graph.revision)
    }

    private struct Outcome<Value: Sendable>: Sendable {
        let value: Value
        let base: AccessGraph
        let graph: AccessGraph
        let touched: TouchedCredentials
        let changes: [Change]
    }

    /// Thrown to make the store take back what a dry run wrote.
    private static let endOfRehearsal = AccessError.conflict(code: .dryRun, detail: "nothing was changed")
}
