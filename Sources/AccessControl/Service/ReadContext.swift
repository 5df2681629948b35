public import AccessModel

/// What a query sees: rows of one revision and a graph at least as new as the client's last write.
public struct ReadContext {
    public let reader: any StoreReader
    public let graph: AccessGraph
    public let caller: Caller
    public let now: Timestamp

    public var actor: Actor { caller.actor }
}

/// What both contexts can look up, so that a name that is not there reads the same everywhere.
protocol LookupContext {
    var rows: any StoreReader { get }
    var graph: AccessGraph { get }
    var caller: Caller { get }
    var now: Timestamp { get }
    func row(ofAccount name: AccountName) throws(AccessError) -> Stored<Account>?
    func row(ofTeam name: TeamName, in organization: AccountID) throws(AccessError) -> Stored<Team>?
    func row(ofRepository path: RepositoryPath) throws(AccessError) -> Stored<Repository>?
}

extension ReadContext: LookupContext {
    var rows: any StoreReader { reader }

    func row(ofAccount name: AccountName) throws(AccessError) -> Stored<Account>? { try reader.account(named: name) }

    func row(ofTeam name: TeamName, in organization: AccountID) throws(AccessError) -> Stored<Team>? {
        try reader.team(named: name, in: organization)
    }

    func row(ofRepository path: RepositoryPath) throws(AccessError) -> Stored<Repository>? {
        try reader.account(named: path.namespace).flatMap { (namespace) throws(AccessError) in
            try reader.repository(named: path.name, in: namespace.value.id)
        }
    }
}

extension WriteContext: LookupContext {
    var rows: any StoreReader { writer }
}

extension LookupContext {
    func allows(_ right: ManagementRight) -> Bool { graph.allows(caller.actor, right, at: now) }

    func require(_ right: ManagementRight, to doing: String) throws(AccessError) {
        guard allows(right) else { throw .forbidden("you may not \(doing)") }
    }

    /// Whoever manages something for a time does nothing to it that lasts longer.
    /// - Parameter end: of what is given; nil if it has none.
    func require(_ right: ManagementRight, until end: Timestamp?, to doing: String) throws(AccessError) {
        let lastMoment = end.map { Timestamp(microseconds: $0.microseconds - 1) } ?? .last
        guard !graph.allows(caller.actor, right, at: lastMoment) else { return }
        guard let own = graph.end(of: right, for: caller.actor, at: now) else {
            throw .forbidden("you may not \(doing)")
        }
        throw .forbidden("you may not \(doing): your own right ends at \(own)")
    }

    func account(_ name: AccountName, kind: Account.Kind? = nil) throws(AccessError) -> Stored<Account> {
        let word = kind.map { $0 == .user ? "user" : "organisation" } ?? "account"
        guard let account = try row(ofAccount: name), kind == nil || account.value.kind == kind else {
            throw .notFound(kind: word, name: name.rawValue)
        }
        return account
    }

    func user(_ name: AccountName) throws(AccessError) -> Stored<Account> { try account(name, kind: .user) }

    /// Whose name it is, without their row.
    func userID(_ name: AccountName) throws(AccessError) -> AccountID {
        guard let id = graph.userID(named: name) else { throw .notFound(kind: "user", name: name.rawValue) }
        return id
    }

    func organization(_ name: AccountName) throws(AccessError) -> Stored<Account> {
        try account(name, kind: .organization)
    }

    func team(_ name: TeamName, in organization: Account) throws(AccessError) -> Stored<Team> {
        guard let team = try row(ofTeam: name, in: organization.id) else {
            throw .notFound(kind: "team", name: "\(organization.name)/\(name)")
        }
        return team
    }

    /// A repository that the actor may view; any other is not there.
    func repository(_ path: RepositoryPath) throws(AccessError) -> Stored<Repository> {
        guard let repository = try row(ofRepository: path), allows(.viewRepository(repository.value.id)) else {
            throw .notFound(kind: "repository", name: path.description)
        }
        return repository
    }

    /// Refuses when the resource has moved on. Something that is not there yet is at 0.
    func expect(_ revision: Revision, meets condition: Precondition) throws(AccessError) {
        guard condition.isMet(by: revision) else { throw .preconditionFailed(current: revision) }
    }
}
