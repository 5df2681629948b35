import AccessModel
import ReferenceModel

/// The control plane's part of a reference world: roles, nested collections, clusters with placed namespaces, and
/// roles given to teams, organisations, users and everyone. The same each time.
struct ControlWorld {
    private(set) var roles: [Role] = []
    private(set) var collections: [(collection: ResourceCollection, path: CollectionPath)] = []
    private(set) var sites: [Site] = []
    private(set) var placements: [(placement: Placement, resource: ControlResource)] = []
    private(set) var grants: [ControlGrant] = []

    /// In the order of the log: what is named comes before what names it.
    var facts: [Fact] {
        Role.builtIn.map(Fact.role) + roles.map(Fact.role) + ResourceCollection.fixed.map(Fact.collection)
            + collections.map { .collection($0.collection) } + grants.map(Fact.controlGrant) + sites.map(Fact.site)
            + placements.map { .placement($0.placement) }
    }

    init(on world: BenchmarkWorld) throws {
        var random = SplitMix64(seed: 19)
        try addRoles(300, &random)
        try addCollections([20, 100, 300, 600, 900, 1_000, 1_080, 1_000], &random)
        try addSites(200, namespaces: 10, &random)
        addGrants(30_000, world, &random)
    }

    private mutating func addRoles(_ count: Int, _ random: inout SplitMix64) throws {
        let engine = EngineOperation.all
        let verbs = ["get", "list", "watch", "create", "update", "patch", "delete", "*"]
        let resources = ["pods", "pods/log", "deployments.apps", "*.apps", "services", "configmaps", "secrets", "*"]
        for number in 0..<count {
            var operations = (0..<random.below(40)).map { _ in ControlOperation.engine(random.one(of: engine)) }
            for _ in 0..<random.below(25) {
                operations.append(
                    try ControlOperation(pattern: "\(random.one(of: verbs)) \(random.one(of: resources))"))
            }
            roles.append(
                Role(
                    id: RoleID(rawValue: "role-\(number)"), name: try RoleName("role-\(number)"), operations: operations
                ))
        }
    }

    /// - Parameter levels: how many there are on each.
    private mutating func addCollections(_ levels: [Int], _ random: inout SplitMix64) throws {
        var above = 0..<0
        for count in levels {
            let first = collections.count
            for _ in 0..<count {
                let parent = above.isEmpty ? nil : collections[above.lowerBound + random.below(above.count)]
                let name = try CollectionName("c\(collections.count)")
                collections.append(
                    (
                        ResourceCollection(
                            id: CollectionID(rawValue: "collection-\(collections.count)"), name: name,
                            parent: parent?.collection.id ?? ResourceCollection.root.id),
                        (parent?.path ?? .root).appending(name)
                    ))
            }
            above = first..<collections.count
        }
    }

    private mutating func addSites(_ count: Int, namespaces: Int, _ random: inout SplitMix64) throws {
        for number in 0..<count {
            let site = Site(
                id: SiteID(rawValue: "site-\(number)"), form: .cluster, name: try SiteName("site-\(number)"),
                collection: random.one(of: collections).collection.id)
            sites.append(site)
            for place in 0..<namespaces {
                let (type, name) = (ControlResource.namespaceType, "ns-\(place)")
                placements.append(
                    (
                        Placement(
                            PlacedResource(type: type, site: site.id, id: name),
                            in: random.one(of: collections).collection.id),
                        ControlResource(type: type, id: name, at: .init(.cluster, site.name))
                    ))
            }
        }
    }

    private mutating func addGrants(_ count: Int, _ world: BenchmarkWorld, _ random: inout SplitMix64) {
        var seen: Set<FactKey> = []
        while grants.count < count {
            let subject: ControlSubject =
                switch random.below(1_000) {
                case 0: .everyone
                case ..<100: .organization(random.one(of: world.organizations))
                case ..<300: .user(random.one(of: world.userIDs))
                default: .team(random.one(of: world.teams).id)
                }
            // Roles are given high in the tree more often than deep in it.
            let place = min(random.below(collections.count), random.below(collections.count))
            let grant = ControlGrant(
                subject: subject, role: random.one(of: roles).id, collection: collections[place].collection.id)
            if seen.insert(grant.key).inserted { grants.append(grant) }
        }
    }
}

extension SplitMix64 {
    /// - Precondition: there are some.
    mutating func one<Element>(of elements: [Element]) -> Element { elements[below(elements.count)] }
}
