/// What of the control plane somebody has after something and had not before, or the other way round.
public struct ControlDifference: Hashable, Sendable {
    public enum Subject: Hashable, Sendable, Comparable {
        /// Every active user and service account, by a grant to everyone or in their own private collection.
        case everyone
        case principal(Principal)
    }

    public let subject: Subject
    /// The topmost collection where it is so; nil for everybody's own. Of a resource that is elsewhere now, the collection it is in
    /// now, or was in before it was nowhere.
    public let collection: CollectionPath?
    /// The resource, cluster or engine that is elsewhere now; nil where it is all of the collection.
    public let resource: ControlResource?
    /// The collection that the resource was in.
    public let formerCollection: CollectionPath?
    /// What is not covered by what was there, in order.
    public let gained: [ControlOperation]
    public let lost: [ControlOperation]
    /// Roles that came or went there as a whole.
    public let gainedRoles: [RoleName]
    public let lostRoles: [RoleName]

    /// Whether an operation is among what is gained; nil if it is neither gained nor lost.
    public func gains(_ operation: ControlOperation) -> Bool? {
        let role = { (operations: [ControlOperation]) in
            Role(id: RoleID(rawValue: ""), name: RoleName(trusted: ""), operations: operations).has(operation)
        }
        return role(gained) ? true : role(lost) ? false : nil
    }
}

extension ControlDifference {
    /// Ordered by collection, then by resource and subject.
    static func precedes(_ left: Self, _ right: Self) -> Bool {
        let places = [left, right].map { $0.collection ?? .privates }
        guard places[0] == places[1] else { return places[0] < places[1] }
        let resources = [left, right].map { $0.resource?.description ?? "" }
        return resources[0] == resources[1] ? left.subject < right.subject : resources[0] < resources[1]
    }
}

extension AccessGraph {
    /// Who has something else of the control plane after changes; nil for more than can be told.
    /// - Parameter isAbandoned: asked now and then whether nobody waits for the answer any more; nil is answered then.
    public func controlDifferences(
        after changes: [Change], at now: Timestamp, unless isAbandoned: () -> Bool = { false }
    ) throws(GraphError) -> [ControlDifference]? {
        guard changes.contains(where: \.mayDecideControl) else { return [] }
        let new = try applying(changes, revision: revision + Revision(changes.count))
        return Self.controlDifferences(from: (self, now), to: (new, now), changes, unless: isAbandoned)
    }

    /// Who has something else of the control plane in one graph than in another.
    /// - Parameter changes: those that made the one of the other, in any order.
    /// - Returns: ordered by collection and subject; nil for more than 100,000 people and places to compare, or a million
    ///   operations to tell.
    public static func controlDifferences(
        from old: (graph: AccessGraph, time: Timestamp), to new: (graph: AccessGraph, time: Timestamp),
        _ changes: some Sequence<Change>, unless isAbandoned: () -> Bool = { false }
    ) -> [ControlDifference]? {
        var touched = TouchedControl(old, new)
        for change in changes where change.mayDecideControl { touched.add(change) }
        touched.addEnds()
        guard !touched.isFull else { return nil }
        var comparison = RoleComparison(old.graph, new.graph)
        var (found, told): ([ControlDifference], Int) = ([], 0)
        for pair in touched.pairs {
            guard !isAbandoned() else { return nil }
            guard let difference = pair.difference(from: old, to: new, &comparison) else { continue }
            found.append(difference)
            told += difference.gained.count + difference.lost.count
            guard told <= 1_000_000 else { return nil }
        }
        return topmost(found).sorted(by: ControlDifference.precedes)
    }

    /// Without those below another of the same subject that says as much.
    private static func topmost(_ differences: [ControlDifference]) -> [ControlDifference] {
        Dictionary(grouping: differences, by: \.subject).values.flatMap { own in
            own.filter { difference in
                difference.resource != nil
                    || !own.contains { other in
                        guard other.resource == nil, let above = other.collection, let path = difference.collection,
                            above != path,
                            path.components.starts(with: above.components)
                        else { return false }
                        return other.gained.cover(difference.gained) && other.lost.cover(difference.lost)
                    }
            }
        }
    }
}

extension [ControlOperation] {
    /// Whether these cover others, wildcards and all.
    fileprivate func cover(_ others: [ControlOperation]) -> Bool {
        var words = OperationWords()
        let set = OperationSet(self, &words)
        return others.allSatisfy { set.contains(OperationQuestion($0, words)) }
    }
}

extension Change {
    /// Whether somebody may have something else of the control plane by it.
    fileprivate var mayDecideControl: Bool {
        switch (before, after) {
        case (.account(let before), .account(let after)):
            before.isActive != after.isActive || before.isSystemAdmin != after.isSystemAdmin
        case (.team(let before), .team(let after)): before.parent != after.parent
        case (.role(let before), .role(let after)): before.operations != after.operations
        // By its name, too: a namespace may be found by it.
        case (.collection(let before), .collection(let after)):
            before.parent != after.parent || before.name != after.name
        case (.organizationMember(let before), .organizationMember(let after)): before.user != after.user
        default:
            switch fact {
            case .account, .organizationMember, .team, .teamMember, .serviceAccount, .role, .collection, .controlGrant,
                .site, .placement, .controlSettings:
                true
            default: false
            }
        }
    }
}

/// Somebody, by identity as indices of two graphs may differ, and where to compare what they have.
private struct ControlPair: Hashable {
    enum Subject: Hashable {
        case everyone
        case user(AccountID)
        case serviceAccount(ServiceAccountID)
    }

    enum Place: Hashable {
        case collection(CollectionID)
        /// Everybody's own.
        case own
        /// A resource; without an id, a cluster or engine.
        case resource(PlacedResource)
    }

    let subject: Subject
    let place: Place

    func difference(
        from before: (graph: AccessGraph, time: Timestamp), to after: (graph: AccessGraph, time: Timestamp),
        _ comparison: inout RoleComparison
    ) -> ControlDifference? {
        let (old, new) = (before.graph, after.graph)
        let roles = comparison.compare(held(in: old, at: before.time), held(in: new, at: after.time))
        guard !roles.gained.isEmpty || !roles.lost.isEmpty, let subject = name(in: new) ?? name(in: old) else {
            return nil
        }
        let path = (place.index(in: new).map { new.path(of: $0) }) ?? (place.index(in: old).map { old.path(of: $0) })
        guard place == .own || path != nil else { return nil }
        return ControlDifference(
            subject: subject, collection: path, resource: place.resource(in: new) ?? place.resource(in: old),
            formerCollection: place.resource(in: old) == nil ? nil : place.index(in: old).map { old.path(of: $0) },
            gained: roles.gained, lost: roles.lost, gainedRoles: roles.gainedRoles, lostRoles: roles.lostRoles)
    }

    private func name(in graph: AccessGraph) -> ControlDifference.Subject? {
        switch subject {
        case .everyone: .everyone
        case .user(let id): graph.principal(of: .user(id)).map { .principal($0) }
        case .serviceAccount(let id): graph.principal(of: .serviceAccount(id)).map { .principal($0) }
        }
    }

    /// The roles that somebody has in the collection.
    private func held(in graph: AccessGraph, at now: Timestamp) -> HeldRoles {
        var held = HeldRoles()
        func add(_ role: Int32?) {
            if let role { held.roles.insert(role) } else { held.hasEverything = true }
        }
        guard place != .own else {
            if let role = graph.control.defaultRole { add(role) }
            return held
        }
        guard let index = place.index(in: graph) else { return held }
        switch subject {
        case .everyone:
            graph.forEachCollection(upwardFrom: index) { place in
                graph.control.collections.nodes[place].grants.forEach(to: .everyone) { grant in
                    if now.microseconds < grant.end { add(grant.role) }
                }
            }
        case .user(let id):
            guard let user = graph.principals.index(of: .user(id)) else { return held }
            graph.forEachControlContribution(of: user, in: index, at: now) { add($0.role) }
        case .serviceAccount(let id):
            guard let service = graph.principals.index(of: .serviceAccount(id)) else { return held }
            graph.forEachControlContribution(of: service, in: index, at: now) { add($0.role) }
        }
        return held
    }
}

extension ControlPair.Place {
    /// nil where there is no such place, and for everybody's own.
    func index(in graph: AccessGraph) -> CollectionPlace? {
        switch self {
        case .collection(let id): graph.control.collections.find(id).map { .known($0) }
        case .own: nil
        case .resource: resource(in: graph).flatMap { graph.place(of: $0) }
        }
    }

    /// nil for what is no resource, and at a cluster or engine that is not there.
    func resource(in graph: AccessGraph) -> ControlResource? {
        guard case .resource(let placed) = self else { return nil }
        guard let id = placed.site else { return ControlResource(type: placed.type, id: placed.id) }
        guard let site = graph.site(id) else { return nil }
        return ControlResource(type: placed.type, id: placed.id, at: .init(site.form, site.name))
    }
}

/// The roles that somebody has somewhere, by what one graph has of them.
private struct HeldRoles: Hashable {
    var roles: Set<Int32> = []
    /// Of a system administrator.
    var hasEverything = false
}

/// What sets of roles have beyond each other. Many people have the same ones, and a role may have thousands of operations.
private struct RoleComparison {
    struct Result {
        var gained: [ControlOperation]
        var lost: [ControlOperation]
        var gainedRoles: [RoleName]
        var lostRoles: [RoleName]
    }

    private struct Pair: Hashable {
        let before: HeldRoles
        let after: HeldRoles
    }

    private struct Content {
        var names: Set<RoleName> = []
        var operations: Set<ControlOperation> = []
        let hasEverything: Bool

        init(_ held: HeldRoles, in graph: AccessGraph) {
            hasEverything = held.hasEverything
            for role in held.roles {
                let node = graph.control.roles.nodes[role]
                names.insert(node.name)
                operations.formUnion(node.operations)
            }
        }

        /// What another one does not cover, in order.
        func operations(beyond other: Content) -> [ControlOperation] {
            guard !other.hasEverything else { return [] }
            var words = OperationWords()
            let known = OperationSet(Array(other.operations), &words)
            let own = hasEverything ? operations.union(ControlOperation.everything) : operations
            return own.filter { !known.contains(OperationQuestion($0, words)) }.sorted()
        }
    }

    private let old: AccessGraph
    private let new: AccessGraph
    private var known: [Pair: Result] = [:]

    init(_ old: AccessGraph, _ new: AccessGraph) { (self.old, self.new) = (old, new) }

    mutating func compare(_ before: HeldRoles, _ after: HeldRoles) -> Result {
        let pair = Pair(before: before, after: after)
        if let result = known[pair] { return result }
        let (first, second) = (Content(before, in: old), Content(after, in: new))
        let result = Result(
            gained: second.operations(beyond: first), lost: first.operations(beyond: second),
            gainedRoles: second.names.subtracting(first.names).sorted(),
            lostRoles: first.names.subtracting(second.names).sorted())
        known[pair] = result
        return result
    }
}

/// What has to be compared after changes.
private struct TouchedControl {
    private let old: (graph: AccessGraph, time: Timestamp)
    private let new: (graph: AccessGraph, time: Timestamp)
    private(set) var pairs: Set<ControlPair> = []
    /// Whether there is more than is compared.
    var isFull: Bool { pairs.count > 100_000 }

    init(_ old: (graph: AccessGraph, time: Timestamp), _ new: (graph: AccessGraph, time: Timestamp)) {
        (self.old, self.new) = (old, new)
    }

    private mutating func insert(_ pair: ControlPair) {
        if !isFull { pairs.insert(pair) }
    }

    private var graphs: [AccessGraph] { [old.graph, new.graph] }

    mutating func add(_ change: Change) {
        for case let fact? in [change.before, change.after] { add(fact) }
    }

    private mutating func add(_ fact: Fact) {
        switch fact {
        case .controlGrant(let grant): add(grant.subject, grant.collection)
        case .role(let role): add(role)
        case .collection(let collection):
            add(collection)
            addNamespaces(of: collection)
        case .site(let site): add(site)
        case .placement(let placement): add(placement.resource)
        case .controlSettings: insert(ControlPair(subject: .everyone, place: .own))
        case .account(let account):
            guard account.kind == .user else { return }
            addHeld(by: .user(account.id))
            for graph in graphs {
                guard let index = graph.principals.accounts.find(account.id) else { continue }
                for service in graph.principals.serviceAccounts.indices
                where graph.principals.serviceAccounts[service].owner == index {
                    addHeld(by: .serviceAccount(graph.principals.serviceAccounts[service].id))
                }
            }
        case .serviceAccount(let service): addHeld(by: .serviceAccount(service.id))
        case .organizationMember(let member):
            add(.user(member.user), whereGiven: .organization(member.organization))
        case .teamMember(let member): addTeams(upwardFrom: member.team) { [.user(member.user)] }
        case .team(let team):
            let members = Set(graphs.flatMap { self.members(of: .team(team.id), in: $0) })
            addTeams(upwardFrom: team.id) { members }
        default: break
        }
    }

    /// Grants, and service accounts, that ended in between.
    mutating func addEnds() {
        guard old.time < new.time else { return }
        func hasEnded(_ end: Int64) -> Bool { end > old.time.microseconds && end <= new.time.microseconds }
        for graph in graphs {
            let nodes = graph.control.collections.nodes
            for index in nodes.indices {
                nodes[index].grants.forEach { grant in
                    guard hasEnded(grant.end), let subject = graph.subject(grant.side) else { return }
                    add(subject, nodes[index].id)
                }
            }
            let services = graph.principals.serviceAccounts
            for service in services.indices where hasEnded(services[service].expiresAt) {
                addHeld(by: .serviceAccount(services[service].id))
            }
        }
    }

    /// Those who are in a subject, in a collection.
    private mutating func add(_ subject: ControlSubject, _ collection: CollectionID) {
        guard !isFull else { return }
        for graph in graphs {
            for member in members(of: subject, in: graph) {
                insert(ControlPair(subject: member, place: .collection(collection)))
            }
        }
    }

    private mutating func add(_ role: Role) {
        for graph in graphs {
            guard let index = graph.control.roles.find(role.id) else { continue }
            if graph.control.defaultRole == index { insert(ControlPair(subject: .everyone, place: .own)) }
            let nodes = graph.control.collections.nodes
            for place in nodes.indices {
                nodes[place].grants.forEach { grant in
                    if grant.role == index, let subject = graph.subject(grant.side) { add(subject, nodes[place].id) }
                }
            }
        }
    }

    /// Of one that moves: those who have something above it, before or after.
    private mutating func add(_ collection: ResourceCollection) {
        for graph in graphs {
            guard let index = graph.control.collections.find(collection.id) else { continue }
            graph.control.collections.forEach(upwardFrom: index) { place in
                graph.control.collections.nodes[place].grants.forEach { grant in
                    if let subject = graph.subject(grant.side) { add(subject, collection.id) }
                }
            }
        }
    }

    /// Of a resource that is elsewhere: those who have something where it is, before or after.
    private mutating func add(_ resource: PlacedResource) {
        let place = ControlPair.Place.resource(resource)
        guard !isFull, places(of: place).count > 1 else { return }
        for graph in graphs {
            guard let index = place.index(in: graph) else { continue }
            if let owner = graph.owner(of: index) {
                insert(ControlPair(subject: .user(graph.principals.accounts.ids[owner]), place: place))
            }
            graph.forEachCollection(upwardFrom: index) { above in
                graph.control.collections.nodes[above].grants.forEach { grant in
                    guard let subject = graph.subject(grant.side) else { return }
                    for member in members(of: subject, in: graph) {
                        insert(ControlPair(subject: member, place: place))
                    }
                }
            }
        }
    }

    /// Where a resource is in both graphs, nowhere included.
    private func places(of place: ControlPair.Place) -> Set<CollectionID?> {
        Set(
            graphs.map { graph in
                guard case .known(let index)? = place.index(in: graph) else { return nil }
                return graph.control.collections.nodes[index].id
            })
    }

    /// A cluster or engine, and the namespaces that are found by the names of collections below a cluster's.
    private mutating func add(_ site: Site) {
        add(PlacedResource(type: site.form.rawValue, site: site.id, id: ""))
        guard site.form == .cluster else { return }
        for graph in graphs {
            guard let index = graph.control.sites.find(site.id) else { continue }
            let collection = graph.control.sites.nodes[index].collection
            for name in graph.control.collections.names(below: collection) { addNamespace(name, of: site.id) }
        }
    }

    /// The namespaces of clusters that a collection's name says something about.
    private mutating func addNamespaces(of collection: ResourceCollection) {
        for graph in graphs {
            guard let parent = collection.parent.flatMap({ graph.control.collections.find($0) }) else { continue }
            let sites = graph.control.sites.nodes
            for index in sites.indices
            where sites[index].exists && sites[index].form == .cluster && sites[index].collection == parent {
                addNamespace(collection.name, of: sites[index].id)
            }
        }
    }

    private mutating func addNamespace(_ name: String, of site: SiteID) {
        add(PlacedResource(type: ControlResource.namespaceType, site: site, id: name))
    }

    /// Everywhere that somebody has something.
    private mutating func addHeld(by subject: ControlPair.Subject) {
        for (graph, time) in [old, new] {
            guard let index = graph.index(of: subject) else { continue }
            graph.forEachHeldControlGrant(of: index, at: time) { grant in
                let id = graph.control.collections.nodes[grant.collection].id
                insert(ControlPair(subject: subject, place: .collection(id)))
            }
            if let root = graph.control.collections.root, case .user(let user) = index,
                graph.principals.accounts.has(.isSystemAdmin, user)
            {
                pairs.insert(
                    ControlPair(subject: subject, place: .collection(graph.control.collections.nodes[root].id)))
            }
        }
    }

    private mutating func add(_ subject: ControlPair.Subject, whereGiven given: ControlSubject) {
        for graph in graphs {
            guard let side = graph.control.side(of: given, graph.principals) else { continue }
            graph.control.held(by: side).forEach { grant in
                let id = graph.control.collections.nodes[grant.collection].id
                insert(ControlPair(subject: subject, place: .collection(id)))
            }
        }
    }

    private mutating func addTeams(upwardFrom team: TeamID, _ subjects: () -> Set<ControlPair.Subject>) {
        let subjects = subjects()
        for graph in graphs {
            guard let index = graph.principals.teams.find(team) else { continue }
            var above: [TeamID] = []
            graph.principals.forEachTeam(upwardFrom: index) { above.append(graph.principals.teams.nodes[$0].id) }
            for id in above {
                for subject in subjects { add(subject, whereGiven: .team(id)) }
            }
        }
    }

    private func members(of subject: ControlSubject, in graph: AccessGraph) -> Set<ControlPair.Subject> {
        let principals = graph.principals
        var members: Set<ControlPair.Subject> = []
        switch subject {
        case .everyone: members = [.everyone]
        case .user(let id): members = [.user(id)]
        case .serviceAccount(let id): members = [.serviceAccount(id)]
        case .organization(let id):
            guard let index = principals.accounts.find(id), let place = principals.accounts.place(ofOrganization: index)
            else { break }
            principals.accounts.organizations[place].members.forEachWord {
                members.insert(.user(principals.accounts.ids[$0.user]))
            }
        case .team(let id):
            guard let team = principals.teams.find(id) else { break }
            principals.forEachMember(of: team) { members.insert(.user(principals.accounts.ids[$0])) }
        }
        return members
    }
}

extension AccessGraph {
    fileprivate func index(of subject: ControlPair.Subject) -> PrincipalIndex? {
        switch subject {
        case .everyone: nil
        case .user(let id): principals.index(of: .user(id))
        case .serviceAccount(let id): principals.index(of: .serviceAccount(id))
        }
    }

    fileprivate func subject(_ side: ControlSide) -> ControlSubject? {
        switch side.kind {
        case .everyone: .everyone
        case .user: .user(principals.accounts.ids[side.index])
        case .organization: .organization(principals.accounts.ids[side.index])
        case .team: .team(principals.teams.nodes[side.index].id)
        case .serviceAccount: .serviceAccount(principals.serviceAccounts[side.index].id)
        }
    }
}
