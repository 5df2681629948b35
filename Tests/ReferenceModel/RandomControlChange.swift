public import AccessModel

/// Makes the next thing that happens in the control plane of a world: roles are made and edited, collections move, grants end. Names
/// come from small pools, so that they are used again.
public struct RandomControlChange {
    private var random: SplitMix64
    private var editor: WorldEditor

    /// The changes of one event, in the order of the log; `world` afterwards holds them. May be empty when nothing of the kind
    /// drawn is possible.
    public static func next(in world: inout World, growth: Int = 50, using random: inout SplitMix64) -> [Change] {
        var step = RandomControlChange(random: random, editor: WorldEditor(world))
        if step.random.chance(percent: growth) { step.arrive() } else { step.changeOrLeave() }
        random = step.random
        world = step.editor.world
        return step.editor.changes
    }

    /// Built-in roles and fixed collections, as every database has them, and some more.
    public static func begin(_ world: World, events: Int, using random: inout SplitMix64) -> World {
        var editor = WorldEditor(world)
        for role in [Role.viewOnly, .restrictedControl] { editor.insert(.role(role)) }
        for collection in ResourceCollection.fixed { editor.insert(.collection(collection)) }
        var world = editor.world
        for _ in 0..<events { _ = next(in: &world, growth: 85, using: &random) }
        return world
    }

    private var world: World { editor.world }

    private mutating func arrive() {
        switch random.below(100) {
        case 0..<15: addRole()
        case 15..<40: addCollection()
        case 40..<45: addPrivateCollection()
        case 45..<52: addSite()
        case 52..<60: addPlacement()
        default: addGrant()
        }
    }

    private mutating func changeOrLeave() {
        switch random.below(100) {
        case 0..<25: changeRole()
        case 25..<50: moveCollection()
        case 50..<65: if let grant = random.pick(world.controlGrants) { put(grant) }
        case 65..<72: changeSettings()
        case 72..<78: moveSite()
        default:
            let kinds: [Fact.Kind] = [
                .controlGrant, .controlGrant, .controlGrant, .collection, .role, .placement, .site, .controlSettings,
            ]
            let kind = random.pick(kinds)
            let facts = world.facts.filter { fact in fact.kind == kind && !fact.isBuiltIn }
            if let fact = random.pick(facts) { editor.remove(fact) }
        }
    }

    // MARK: What is drawn from

    private static let roleNames = ["Deployer", "Viewer", "Ops", "None of ours"]
    private static let collectionNames = ["prod", "dev", "web", "shop"]
    private static let siteNames = ["eu", "us"]
    private static let patterns = [
        "container.view", "container.exec", "container.create", "service.create", "node.schedule", "collection.grant",
        "collection.update", "get pods", "get pods/log", "* *", "* pods", "get *.apps", "patch */scale", "get url:/x/*",
        "drain nodes", "x-record.read", "x-record.write",
    ]
    /// What is asked for; no wildcards.
    public static let questions = [
        "container.view", "container.exec", "container.create", "collection.grant", "collection.update", "get pods",
        "get pods/log", "delete pods", "get deployments.apps", "patch deployments.apps/scale", "get url:/x/y",
        "drain nodes", "x-record.read", "x-record.write",
    ].compactMap { try? ControlOperation($0) }

    private mutating func identifier<Entity>() -> Identifier<Entity> {
        var source = IdentifierSource(now: world.now, using: &random)
        return source.next()
    }

    private mutating func randomOperations() -> [ControlOperation] {
        (0..<random.below(5)).compactMap { _ in
            random.pick(Self.patterns).flatMap { try? ControlOperation(pattern: $0) }
        }
    }

    /// Just before, at, or just behind `now`, or at some other time.
    private mutating func randomEnd() -> Timestamp? {
        let ends: [Int64] = [-1_000_000_000, -1, 0, 1, 2, 1_000_000, 3_600_000_000]
        return random.pick(ends).map { Timestamp(microseconds: world.now.microseconds + $0) }
    }

    // MARK: Arrivals

    private mutating func addRole() {
        let names = Self.roleNames.map { RoleName(trusted: $0) }
        guard let name = random.pick(names.filter { name in !world.roles.contains { $0.name == name } }) else { return }
        editor.insert(.role(Role(id: identifier(), name: name, operations: randomOperations())))
    }

    private mutating func addCollection() {
        let parents = world.collections.filter { $0.id != ResourceCollection.privates.id }
        guard let parent = random.pick(parents), let name = freeName(below: parent.id),
            world.path(of: parent).map({ $0.components.count < 6 }) ?? false
        else { return }
        editor.insert(.collection(ResourceCollection(id: identifier(), name: name, parent: parent.id)))
    }

    private mutating func freeName(below parent: CollectionID) -> CollectionName? {
        let taken = Set(world.collections.filter { $0.parent == parent }.map(\.name))
        return random.pick(Self.collectionNames.filter { !taken.contains($0) }).map { CollectionName(trusted: $0) }
    }

    private mutating func addPrivateCollection() {
        let free = world.accounts.filter { account in
            account.kind == .user && !world.collections.contains { $0.owner == account.id }
        }
        guard let user = random.pick(free) else { return }
        editor.insert(.collection(ResourceCollection(id: identifier(), owner: user.id)))
    }

    private mutating func addSite() {
        let form = random.chance(percent: 50) ? Site.Form.cluster : .engine
        guard let name = random.pick(Self.siteNames), let collection = random.pick(world.collections),
            !world.sites.contains(where: { $0.form == form && $0.name.rawValue == name })
        else { return }
        editor.insert(
            .site(
                Site(
                    id: identifier(), form: form, name: SiteName(trusted: name), collection: collection.id,
                    agent: random.pick(world.serviceAccounts)?.id)))
    }

    private mutating func addPlacement() {
        guard let collection = random.pick(world.collections) else { return }
        let site = random.chance(percent: 70) ? random.pick(world.sites) : nil
        let type = site.map { $0.form == .cluster ? ControlResource.namespaceType : "container" } ?? "record"
        let resource = PlacedResource(type: type, site: site?.id, id: random.pick(Self.collectionNames) ?? "")
        editor.put(.placement(Placement(resource, in: collection.id)))
    }

    private mutating func addGrant() {
        guard let role = random.pick(world.roles), let collection = random.pick(world.collections) else { return }
        var subjects: [ControlSubject] = [.everyone]
        switch random.below(10) {
        case 0: break
        case 1..<5: subjects = world.teams.map { .team($0.id) }
        case 5..<7: subjects = world.accounts.filter { $0.kind == .user }.map { .user($0.id) }
        case 7: subjects = world.serviceAccounts.map { .serviceAccount($0.id) }
        default: subjects = world.accounts.filter { $0.kind == .organization }.map { .organization($0.id) }
        }
        guard let subject = random.pick(subjects) else { return }
        put(ControlGrant(subject: subject, role: role.id, collection: collection.id))
    }

    /// One grant in three ends.
    private mutating func put(_ grant: ControlGrant) {
        var grant = grant
        grant.expiresAt = random.chance(percent: 35) ? randomEnd() : nil
        editor.put(.controlGrant(grant))
    }

    // MARK: Changes

    private mutating func changeRole() {
        guard let before = random.pick(world.roles.filter { !$0.isBuiltIn }) else { return }
        var after = before
        after.operations = randomOperations()
        editor.update(.role(before), to: .role(after))
    }

    /// To another parent, never below itself, or to another name.
    private mutating func moveCollection() {
        let movable = world.collections.filter { $0.owner == nil && !$0.isFixed }
        guard let before = random.pick(movable), let path = world.path(of: before), let parent = before.parent else {
            return
        }
        var after = before
        if random.chance(percent: 60) {
            let parents = world.collections.filter { other in
                other.id != ResourceCollection.privates.id
                    && world.path(of: other).map { !$0.isAtOrBelow(path) && $0.components.count < 5 } ?? false
                    && !world.collections.contains { $0.parent == other.id && $0.name == before.name }
            }
            after.parent = random.pick(parents)?.id ?? parent
        } else {
            after.name = freeName(below: parent)?.rawValue ?? before.name
        }
        editor.update(.collection(before), to: .collection(after))
    }

    private mutating func changeSettings() {
        if let role = random.pick(world.roles) { editor.put(.controlSettings(ControlSettings(defaultRole: role.id))) }
    }

    private mutating func moveSite() {
        guard let before = random.pick(world.sites), let collection = random.pick(world.collections) else { return }
        var after = before
        after.collection = collection.id
        editor.update(.site(before), to: .site(after))
    }
}

extension Fact {
    /// Whether every database has it.
    public var isBuiltIn: Bool {
        switch self {
        case .collection(let collection): collection.isFixed
        case .role(let role): role.isBuiltIn
        default: false
        }
    }
}
