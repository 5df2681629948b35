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
    private var known = KnownRows()

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
        known.note(change, revision)
        changeCount += 1
        touched.note(change)
        if keepsChanges { changes.append(change) }
        return revision
    }
}

// MARK: Rows by their names

/// The graph has every name, so that the store is asked for what is there only, and for each of them once: the lines of
/// an import name the same ones again and again.
extension WriteContext {
    func row(ofAccount name: AccountName) throws(AccessError) -> Stored<Account>? {
        guard graph.kind(ofAccount: name) != nil else { return nil }
        if let row = known.accounts[name] { return row }
        let row = try writer.account(named: name)
        known.keep(row)
        return row
    }

    func row(ofTeam name: TeamName, in organization: AccountID) throws(AccessError) -> Stored<Team>? {
        if let row = known.teams[organization]?[name] { return row }
        guard graph.teamID(named: name, in: organization) != nil else { return nil }
        let row = try writer.team(named: name, in: organization)
        known.keep(row)
        return row
    }

    func row(ofRepository path: RepositoryPath) throws(AccessError) -> Stored<Repository>? {
        try graph.repositoryID(at: path).flatMap { (id) throws(AccessError) in try writer.repository(id) }
    }

    func member(_ user: AccountID, of organization: AccountID) throws(AccessError) -> Stored<OrganizationMember>? {
        graph.role(of: user, in: organization) == nil ? nil : try writer.member(user, of: organization)
    }

    func member(_ user: AccountID, of team: TeamID) throws(AccessError) -> Stored<TeamMember>? {
        graph.role(of: user, in: team) == nil ? nil : try writer.member(user, of: team)
    }

    func grant(_ subject: GrantSubject, on target: GrantTarget) throws(AccessError) -> Stored<Grant>? {
        graph.hasGrant(subject, on: target) ? try writer.grant(subject, on: target) : nil
    }

    /// Whether somebody logs in under a name, and whether it is retired: what the graph does not know of names.
    func takenName(_ name: AccountName) throws(AccessError) -> (asLogin: Bool, asRetired: Bool) {
        try known.takenName(name, writer)
    }
}
