public import AccessModel

/// What a command works with, inside one transaction: the rows, the graph as of this moment,
/// and the only means of changing a fact.
public final class WriteContext {
    public let writer: any StoreWriter
    public let caller: Caller
    public let now: Timestamp
    public private(set) var graph: AccessGraph
    /// In a dry run what was changed, in order; else nothing.
    private(set) var changes: [Change] = []
    private let keepsChanges: Bool
    /// How many changes were recorded.
    private(set) var changeCount = 0
    private(set) var touched = TouchedCredentials()
    private var identifiers: IdentifierSource
    /// Those that were looked up: the lines of an import name the same ones again and again.
    private var accounts: [AccountName: Stored<Account>] = [:]

    init(writer: any StoreWriter, graph: AccessGraph, caller: Caller, now: Timestamp, keepsChanges: Bool) {
        self.writer = writer
        self.graph = graph
        self.caller = caller
        self.now = now
        self.keepsChanges = keepsChanges
        identifiers = IdentifierSource(now: now)
    }

    public var actor: Actor { caller.actor }

    public func newIdentifier<Entity>() -> Identifier<Entity> { identifiers.next() }

    func row(ofAccount name: AccountName) throws(AccessError) -> Stored<Account>? {
        if let known = accounts[name] { return known }
        let found = try writer.account(named: name)
        if accounts.count < 200_000 { accounts[name] = found }
        return found
    }

    @discardableResult
    public func insert(_ fact: Fact, reason: String? = nil, secret: [UInt8]? = nil) throws(AccessError) -> Revision {
        try record(.insert(fact), reason: reason, secret: secret)
    }

    /// Changes a fact; an equal one is left as it is, without an entry in the log.
    /// - Returns: the number of the change; nil when nothing changed.
    @discardableResult
    public func update(
        _ before: Fact, to after: Fact, reason: String? = nil, secret: [UInt8]? = nil
    ) throws(AccessError) -> Revision? {
        guard before != after || secret != nil else { return nil }
        guard let change = Change.update(before, to: after) else {
            throw .storage(.failed("a change may not turn one thing into another"))
        }
        return try record(change, reason: reason, secret: secret)
    }

    @discardableResult
    public func delete(_ fact: Fact, reason: String? = nil) throws(AccessError) -> Revision {
        try record(.delete(fact), reason: reason, secret: nil)
    }

    private func record(_ change: Change, reason: String?, secret: [UInt8]?) throws(AccessError) -> Revision {
        let revision = try writer.record(change, reason: reason, secret: secret)
        do throws(GraphError) {
            try graph.patch(change, revision: revision)
        } catch {
            throw .storage(.failed("a change does not fit what is there: \(error)"))
        }
        for case .account(let account)? in [change.before, change.after] { accounts[account.name] = nil }
        changeCount += 1
        touched.note(change)
        if keepsChanges { changes.append(change) }
        return revision
    }
}
