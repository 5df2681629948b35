/// What has to be compared after changes.
struct TouchedControl {
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
