/// The control plane's own: collections, roles, sites, and who was given which role where. Columns over the indices of the
/// principals, in the same order.
struct ControlPlane: Sendable {
    var roles = RoleTable()
    var collections = CollectionTable()
    var sites = SiteTable()
    var placements = PlacementTable()
    /// What was given to users and to organisations, by account.
    var heldByAccounts = ChunkedArray<256, ControlLinks>()
    var heldByTeams = ChunkedArray<64, ControlLinks>()
    var heldByServiceAccounts = ChunkedArray<64, ControlLinks>()
    var heldByEveryone = ControlLinks()
    /// The few that were given something, in no order: members of organisations have no list of those that they are in.
    private(set) var organizationsWithGrants: [Int32] = []
    var settings = ControlSettings()
    /// What everybody has in their own private collection; nil while there is no such role.
    private(set) var defaultRole: Int32?

    /// nil for what is not known.
    func side(of subject: ControlSubject, _ principals: PrincipalGraph) -> ControlSide? {
        switch subject {
        case .user(let id): principals.accounts.find(id).map { ControlSide(.user, $0) }
        case .organization(let id): principals.accounts.find(id).map { ControlSide(.organization, $0) }
        case .team(let id): principals.teams.find(id).map { ControlSide(.team, $0) }
        case .serviceAccount(let id): principals.index(of: id).map { ControlSide(.serviceAccount, $0) }
        case .everyone: .everyone
        }
    }

    func held(by subject: ControlSide) -> ControlLinks {
        switch subject.kind {
        case .everyone: heldByEveryone
        case .user, .organization: heldByAccounts[subject.index]
        case .team: heldByTeams[subject.index]
        case .serviceAccount: heldByServiceAccounts[subject.index]
        }
    }

    mutating func withHeld(by subject: ControlSide, _ body: (inout ControlLinks) -> Void) {
        switch subject.kind {
        case .everyone: body(&heldByEveryone)
        case .user: body(&heldByAccounts[subject.index])
        case .organization:
            let hadSome = !heldByAccounts[subject.index].isEmpty
            body(&heldByAccounts[subject.index])
            let hasSome = !heldByAccounts[subject.index].isEmpty
            if hasSome, !hadSome { organizationsWithGrants.append(subject.index) }
            if hadSome, !hasSome { organizationsWithGrants.drop(subject.index) }
        case .team: body(&heldByTeams[subject.index])
        case .serviceAccount: body(&heldByServiceAccounts[subject.index])
        }
    }

    mutating func findDefaultRole() { defaultRole = roles.find(settings.defaultRole) }
}

/// The subject of a control grant by its index.
struct ControlSide: Hashable, Sendable {
    enum Kind: UInt32 {
        case everyone, user, organization, team, serviceAccount
    }

    let word: UInt32

    static let everyone = ControlSide(.everyone, 0)

    /// - Parameter index: below 2²⁸.
    init(_ kind: Kind, _ index: Int32) { word = kind.rawValue << 28 | UInt32(bitPattern: index) }
    init(word: UInt32) { self.word = word }

    var kind: Kind { Kind(rawValue: word >> 28) ?? .everyone }
    @inline(__always)
    var index: Int32 { Int32(bitPattern: word & 0xFFF_FFFF) }
}

/// A control grant as one of its sides has it.
struct ControlLink: BitwiseCopyable, Sendable {
    /// Of a collection the subject, a `ControlSide`; of a subject the collection's index.
    let other: UInt32
    let role: Int32
    /// `Int64.max` for a grant that does not end.
    let end: Int64

    var side: ControlSide { ControlSide(word: other) }
    var collection: Int32 { Int32(bitPattern: other) }

    fileprivate var key: UInt64 { UInt64(other) << 32 | UInt64(UInt32(bitPattern: role)) }
}

/// Control grants in the order of their other side, and of their role.
struct ControlLinks: Sendable {
    private var links: [ControlLink] = []

    var count: Int { links.count }
    var isEmpty: Bool { links.isEmpty }

    /// Takes the place of the one with the same other side and role.
    mutating func set(_ link: ControlLink) {
        let place = place(of: link.key)
        if place < links.count, links[place].key == link.key {
            links[place] = link
        } else {
            links.insert(link, at: place)
        }
    }

    mutating func remove(_ other: UInt32, _ role: Int32) {
        let key = ControlLink(other: other, role: role, end: 0).key
        let place = place(of: key)
        if place < links.count, links[place].key == key { links.remove(at: place) }
    }

    /// Visits the grants of a collection to one subject.
    @inline(__always)
    func forEach(to subject: ControlSide, _ visit: (ControlLink) -> Void) {
        forEach(from: subject.word, to: subject.word + 1, visit)
    }

    /// Visits the grants of a collection to subjects of one kind.
    @inline(__always)
    func forEach(of kind: ControlSide.Kind, _ visit: (ControlLink) -> Void) {
        forEach(from: kind.rawValue << 28, to: (kind.rawValue + 1) << 28, visit)
    }

    @inline(__always)
    func forEach(_ visit: (ControlLink) -> Void) { links.withUnsafeBufferPointer { for link in $0 { visit(link) } } }

    /// Visits those whose other side is from `first` to before `end`.
    @inline(__always)
    private func forEach(from first: UInt32, to end: UInt32, _ visit: (ControlLink) -> Void) {
        links.withUnsafeBufferPointer { links in
            var place = Self.place(of: UInt64(first) << 32, in: links)
            while place < links.count, links[place].other < end {
                visit(links[place])
                place += 1
            }
        }
    }

    private func place(of key: UInt64) -> Int { links.withUnsafeBufferPointer { Self.place(of: key, in: $0) } }

    @inline(__always)
    private static func place(of key: UInt64, in links: UnsafeBufferPointer<ControlLink>) -> Int {
        var (low, high) = (0, links.count)
        while low < high {
            let middle = (low + high) / 2
            if links[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

struct CollectionNode: Sendable {
    let id: CollectionID
    /// Empty for `/` and for a private collection.
    var name: String
    /// -1 for none.
    var parent: Int32
    /// The user whose private collection it is; -1 for none.
    let owner: Int32
    var children: [Int32] = []
    /// By subject.
    var grants = ControlLinks()
}

struct CollectionTable: Sendable {
    var nodes = ChunkedArray<64, CollectionNode>()
    private var byID = HashIndex()
    /// By name in the one above; of private collections none.
    private var byName = HashIndex()
    /// Those that are private, by their owner.
    private(set) var ofUsers: [Int32: Int32] = [:]
    /// Those that every question asks for; nil until they are there.
    private(set) var root: Int32?
    private(set) var privates: Int32?

    mutating func append(_ collection: ResourceCollection, below parent: Int32, owner: Int32) {
        let index = nodes.append(
            CollectionNode(id: collection.id, name: collection.name, parent: parent, owner: owner))
        byID.insert(index, NameHash.hash(collection.id.rawValue))
        attach(index)
        if collection.id == ResourceCollection.root.id { root = index }
        if collection.id == ResourceCollection.privates.id { privates = index }
    }

    mutating func remove(_ index: Int32) {
        byID.remove(index, NameHash.hash(nodes[index].id.rawValue))
        detach(index)
        if index == root { root = nil }
        if index == privates { privates = nil }
    }

    mutating func move(_ index: Int32, to name: String, below parent: Int32) {
        guard nodes[index].name != name || nodes[index].parent != parent else { return }
        detach(index)
        nodes[index].name = name
        nodes[index].parent = parent
        attach(index)
    }

    private mutating func attach(_ index: Int32) {
        let node = nodes[index]
        if node.owner >= 0 {
            ofUsers[node.owner] = index
        } else {
            byName.insert(index, Self.hash(node.name, in: node.parent))
        }
        if node.parent >= 0 { nodes[node.parent].children.append(index) }
    }

    private mutating func detach(_ index: Int32) {
        let node = nodes[index]
        if node.owner >= 0 {
            ofUsers[node.owner] = nil
        } else {
            byName.remove(index, Self.hash(node.name, in: node.parent))
        }
        if node.parent >= 0 { nodes[node.parent].children.drop(index) }
    }

    func find(_ id: CollectionID) -> Int32? { byID.find(NameHash.hash(id.rawValue)) { nodes[$0].id == id } }

    @inline(__always)
    func find(_ name: String, below parent: Int32) -> Int32? {
        byName.find(Self.hash(name, in: parent)) { nodes[$0].parent == parent && nodes[$0].name == name }
    }

    /// Visits a collection and those above it.
    @inline(__always)
    func forEach(upwardFrom index: Int32, _ visit: (Int32) -> Void) {
        var index = index
        while index >= 0 {
            visit(index)
            index = nodes[index].parent
        }
    }

    /// Visits a collection and those below it, each behind the one above it.
    func forEach(downwardFrom index: Int32, _ visit: (Int32) -> Void) {
        visit(index)
        for child in nodes[index].children { forEach(downwardFrom: child, visit) }
    }

    /// What those right below one are called.
    func names(below index: Int32) -> [String] { nodes[index].children.map { nodes[$0].name } }

    /// Whether one is another or below it.
    func isAtOrBelow(_ index: Int32, _ other: Int32) -> Bool {
        var isFound = false
        forEach(upwardFrom: index) { if $0 == other { isFound = true } }
        return isFound
    }

    private static func hash(_ name: String, in parent: Int32) -> UInt64 {
        NameHash.hash(NameHash.hash(name), in: UInt64(UInt32(bitPattern: parent)))
    }
}

struct SiteNode: Sendable {
    let id: SiteID
    let form: Site.Form
    var name: SiteName
    var collection: Int32
    /// -1 for none.
    var agent: Int32
    var exists = true
}

/// There are some hundreds.
struct SiteTable: Sendable {
    var nodes = ChunkedArray<64, SiteNode>()
    private var byID: [SiteID: Int32] = [:]
    private var byName = HashIndex()

    mutating func append(_ site: Site, in collection: Int32, agent: Int32) {
        let index = nodes.append(
            SiteNode(id: site.id, form: site.form, name: site.name, collection: collection, agent: agent))
        byID[site.id] = index
        byName.insert(index, Self.hash(site.form, site.name))
    }

    mutating func remove(_ index: Int32) {
        nodes[index].exists = false
        byID[nodes[index].id] = nil
        byName.remove(index, Self.hash(nodes[index].form, nodes[index].name))
    }

    mutating func replace(_ index: Int32, with site: Site, in collection: Int32, agent: Int32) {
        byName.remove(index, Self.hash(nodes[index].form, nodes[index].name))
        nodes[index].name = site.name
        nodes[index].collection = collection
        nodes[index].agent = agent
        byName.insert(index, Self.hash(nodes[index].form, site.name))
    }

    func find(_ id: SiteID) -> Int32? { byID[id] }
    func find(_ form: Site.Form, _ name: SiteName) -> Int32? {
        byName.find(Self.hash(form, name)) { nodes[$0].form == form && nodes[$0].name == name }
    }

    private static func hash(_ form: Site.Form, _ name: SiteName) -> UInt64 {
        NameHash.hash(NameHash.hash(name.rawValue), in: form == .cluster ? 0 : 1)
    }
}

struct PlacementTable: Sendable {
    private struct Node: Sendable {
        let resource: PlacedResource
        var collection: Int32
        var exists = true
    }

    private var nodes = ChunkedArray<64, Node>()
    private var byResource = HashIndex()

    mutating func set(_ resource: PlacedResource, in collection: Int32) {
        if let index = find(resource) {
            nodes[index].collection = collection
        } else {
            byResource.insert(nodes.append(Node(resource: resource, collection: collection)), Self.hash(resource))
        }
    }

    mutating func remove(_ resource: PlacedResource) {
        guard let index = find(resource) else { return }
        nodes[index].exists = false
        byResource.remove(index, Self.hash(resource))
    }

    /// Visits what was placed of a type that is of no cluster and no engine, with its collection.
    func forEach(ofType type: String, _ visit: (String, Int32) -> Void) {
        for index in nodes.indices {
            let node = nodes[index]
            if node.exists, node.resource.type == type, node.resource.site == nil {
                visit(node.resource.id, node.collection)
            }
        }
    }

    subscript(resource: PlacedResource) -> Int32? { find(resource).map { nodes[$0].collection } }

    private func find(_ resource: PlacedResource) -> Int32? {
        byResource.find(Self.hash(resource)) { nodes[$0].resource == resource }
    }

    private static func hash(_ resource: PlacedResource) -> UInt64 {
        NameHash.hash(
            NameHash.hash(resource.type), NameHash.hash(resource.siteKey), NameHash.hash(resource.id))
    }
}
