/// Everything that a decision asks for at one revision, in memory, immutable, ready to answer: the principals, and
/// each plane of rights over them. Copies share what they do not change.
///
/// Build one of facts in the order of `Fact.Kind.allCases`, keep it current by applying the change log: both are the
/// same operation. What comes in the order of names is listed faster.
public struct AccessGraph: Sendable {
    /// The number of the newest change taken into account.
    public internal(set) var revision: Revision

    /// One element, in an array as that is shared by copies until one of them changes: a copy of a graph, which each
    /// request and many a closure has, is one reference and not one for each table.
    private var tables: ContiguousArray<Tables> = [Tables()]

    /// The same for all graphs that were patched from one. From one to the next an index keeps its meaning; two that
    /// were patched apart may have given a new index to different things.
    let lineage = UInt64.random(in: .min ... .max)

    var principals: PrincipalGraph {
        @inline(__always) _read { yield tables[0].principals }
    }

    var registry: RegistryPlane {
        @inline(__always) _read { yield tables[0].registry }
    }

    var control: ControlPlane {
        @inline(__always) _read { yield tables[0].control }
    }

    public init(revision: Revision = 0) { self.revision = revision }

    /// A graph of these facts, given in the order of `Fact.Kind.allCases`.
    public init(facts: some Sequence<Fact>, revision: Revision) throws(GraphError) {
        self.init(revision: revision)
        for fact in facts { try insert(fact) }
    }

    /// This graph after `changes`, the last of which has the number `revision`.
    public func applying(_ changes: some Sequence<Change>, revision: Revision) throws(GraphError) -> AccessGraph {
        var next = self
        for change in changes { try next.apply(change) }
        next.revision = revision
        return next
    }

    /// This graph, said to be of another revision: nothing that it holds changed in between.
    public func numbered(_ revision: Revision) -> AccessGraph {
        var graph = self
        graph.revision = revision
        return graph
    }

    /// Applies one change in place; `revision` is its number.
    public mutating func patch(_ change: Change, revision: Revision) throws(GraphError) {
        try apply(change)
        self.revision = revision
    }

    private mutating func apply(_ change: Change) throws(GraphError) {
        switch (change.before, change.after) {
        case (let before?, nil): try tables[0].remove(before)
        case (nil, let after?): try tables[0].insert(after)
        case (let before?, let after?): try tables[0].replace(before, with: after)
        case (nil, nil): break
        }
    }

    /// Takes in a fact, behind those that it names.
    public mutating func insert(_ fact: Fact) throws(GraphError) { try tables[0].insert(fact) }
}

/// What a graph consists of.
private struct Tables: Sendable {
    var principals = PrincipalGraph()
    var registry = RegistryPlane()
    var control = ControlPlane()

    mutating func insert(_ fact: Fact) throws(GraphError) {
        switch fact {
        case .account(let account):
            principals.insert(account)
            registry.appendAccount(account)
            control.appendAccount()
        case .organizationMember(let member): try principals.set(member)
        case .team(let team):
            try principals.insert(team)
            registry.appendTeam()
            control.appendTeam()
        case .teamMember(let member): try principals.set(member)
        case .serviceAccount(let service):
            try principals.insert(service)
            registry.appendServiceAccount()
            control.appendServiceAccount()
        case .repository(let repository): try registry.insert(repository, principals)
        case .grant(let grant): try registry.set(grant, principals)
        case .role(let role): control.set(role)
        case .collection(let collection): try control.set(collection, principals)
        case .controlGrant(let grant): try control.set(grant, principals)
        case .site(let site): try control.set(site, principals)
        case .placement(let placement): try control.set(placement)
        case .controlSettings(let settings): control.set(settings)
        // They decide nothing (`Fact.Kind.decides`).
        case .retiredName, .password, .accessToken, .directory: break
        }
    }

    mutating func remove(_ fact: Fact) throws(GraphError) {
        switch fact {
        case .account(let account): principals.remove(try principals.index(of: account.id, for: fact.key))
        case .organizationMember(let member): try principals.remove(member)
        case .team(let team): try principals.remove(team)
        case .teamMember(let member): try principals.remove(member)
        case .serviceAccount(let service): try principals.remove(service)
        case .repository(let repository): try registry.remove(repository, principals)
        case .grant(let grant): try registry.remove(grant, principals)
        case .role(let role): try control.remove(role)
        case .collection(let collection): try control.remove(collection)
        case .controlGrant(let grant): try control.remove(grant, principals)
        case .site(let site): try control.remove(site)
        case .placement(let placement): control.placements.remove(placement.resource)
        case .controlSettings: control.set(nil)
        // They decide nothing (`Fact.Kind.decides`).
        case .retiredName, .password, .accessToken, .directory: break
        }
    }

    mutating func replace(_ before: Fact, with after: Fact) throws(GraphError) {
        switch (before, after) {
        case (.account(let old), .account(let new)):
            let index = try principals.index(of: new.id, for: after.key)
            let accounts = old.name == new.name ? nil : principals.accounts
            principals.replace(old, new, at: index)
            registry.namespaces[index].createsOnPush = new.createsRepositoriesOnPush
            if let accounts {
                registry.repositories.renameNamespace(
                    of: registry.namespaces[index].repositories, from: accounts, to: principals.accounts)
            }
        case (.team, .team(let new)): try principals.replace(with: new)
        case (.serviceAccount, .serviceAccount(let new)): try principals.replace(with: new)
        case (.repository, .repository(let new)): try registry.replace(with: new, principals)
        case (.organizationMember, _), (.teamMember, _), (.grant, _), (.role, _), (.collection, _), (.controlGrant, _),
            (.site, _), (.placement, _), (.controlSettings, _):
            try insert(after)
        default:
            try remove(before)
            try insert(after)
        }
    }
}

/// A change that does not fit the graph, which has to be built anew from the rows.
public enum GraphError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It names something that is not there.
    case dangling(FactKey)
    /// A team or a collection would be below itself.
    case cycle(FactKey)

    public var description: String {
        switch self {
        case .dangling(let key): "the \(key.kind.rawValue) \(key.parts.joined(separator: " ")) names something unknown"
        case .cycle(let key): "the \(key.kind.rawValue) \(key.first) would be below itself"
        }
    }
}
