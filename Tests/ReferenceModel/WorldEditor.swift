public import AccessModel

/// Changes a world as the service does: what hangs on a fact goes before it does. Keeps every
/// change in the order of the log.
public struct WorldEditor {
    public private(set) var world: World
    public private(set) var changes: [Change] = []

    public init(_ world: World) { self.world = world }

    public mutating func insert(_ fact: Fact) { record(.insert(fact)) }
    public mutating func delete(_ fact: Fact) { record(.delete(fact)) }

    /// Nothing, when the two are equal or two different facts.
    public mutating func update(_ before: Fact, to after: Fact) {
        guard before != after, let change = Change.update(before, to: after) else { return }
        record(change)
    }

    private mutating func record(_ change: Change) {
        changes.append(change)
        world.apply(change)
    }

    /// A fact of the same key takes the place of what was there.
    public mutating func put(_ fact: Fact) {
        if let before = world.facts.first(where: { $0.key == fact.key }) {
            update(before, to: fact)
        } else {
            insert(fact)
        }
    }

    /// Removes any fact with all that hangs on it. The teams below a team move up.
    public mutating func remove(_ fact: Fact) {
        switch fact {
        case .account(let account): remove(account)
        case .organizationMember(let member): leave(member)
        case .team(let team): remove(team)
        case .serviceAccount(let service): remove(service)
        case .repository(let repository): remove(repository)
        case .role(let role): remove(role)
        case .collection(let collection): remove(collection)
        case .site(let site): remove(site)
        case .teamMember, .grant, .controlGrant, .placement, .controlSettings, .retiredName, .password, .accessToken,
            .directory:
            delete(fact)
        }
    }

    private mutating func remove(_ account: Account) {
        let id = account.id
        for collection in world.collections where collection.owner == id { remove(collection) }
        removeGrants { (grant: ControlGrant) in grant.subject == .user(id) || grant.subject == .organization(id) }
        for repository in world.repositories where repository.namespace == id { remove(repository) }
        for service in world.serviceAccounts where service.owner == id { remove(service) }
        for team in world.teams where team.organization == id { remove(team) }
        for member in world.teamMembers where member.user == id { delete(.teamMember(member)) }
        for member in world.organizationMembers where member.user == id || member.organization == id {
            delete(.organizationMember(member))
        }
        removeGrants { (grant: Grant) in grant.subject == .user(id) || grant.target == .namespace(id) }
        delete(.account(account))
    }

    /// Leaving an organisation leaves its teams and loses direct grants on its repositories.
    private mutating func leave(_ member: OrganizationMember) {
        let teams = Set(world.teams.filter { $0.organization == member.organization }.map(\.id))
        for place in world.teamMembers where place.user == member.user && teams.contains(place.team) {
            delete(.teamMember(place))
        }
        let repositories = Set(
            world.repositories.filter { $0.namespace == member.organization }.map { GrantTarget.repository($0.id) })
        removeGrants { (grant: Grant) in grant.subject == .user(member.user) && repositories.contains(grant.target) }
        delete(.organizationMember(member))
    }

    private mutating func remove(_ team: Team) {
        // It may have moved up since the caller looked.
        guard let team = world.team(team.id) else { return }
        removeGrants { (grant: Grant) in grant.subject == .team(team.id) }
        removeGrants { (grant: ControlGrant) in grant.subject == .team(team.id) }
        for member in world.teamMembers where member.team == team.id { delete(.teamMember(member)) }
        for child in world.teams where child.parent == team.id {
            var moved = child
            moved.parent = team.parent
            update(.team(child), to: .team(moved))
        }
        delete(.team(team))
    }

    private mutating func remove(_ service: ServiceAccount) {
        removeGrants { (grant: Grant) in grant.subject == .serviceAccount(service.id) }
        removeGrants { (grant: ControlGrant) in grant.subject == .serviceAccount(service.id) }
        for site in world.sites where site.agent == service.id {
            var after = site
            after.agent = nil
            update(.site(site), to: .site(after))
        }
        delete(.serviceAccount(service))
    }

    private mutating func remove(_ repository: Repository) {
        removeGrants { (grant: Grant) in grant.target == .repository(repository.id) }
        delete(.repository(repository))
    }

    /// With everything below it and in it.
    private mutating func remove(_ collection: ResourceCollection) {
        for child in world.collections where child.parent == collection.id { remove(child) }
        for site in world.sites where site.collection == collection.id { remove(site) }
        for placement in world.placements where placement.collection == collection.id { delete(.placement(placement)) }
        removeGrants { (grant: ControlGrant) in grant.collection == collection.id }
        delete(.collection(collection))
    }

    private mutating func remove(_ role: Role) {
        removeGrants { (grant: ControlGrant) in grant.role == role.id }
        for settings in world.controlSettings where settings.defaultRole == role.id {
            delete(.controlSettings(settings))
        }
        delete(.role(role))
    }

    private mutating func remove(_ site: Site) {
        for placement in world.placements where placement.resource.site == site.id { delete(.placement(placement)) }
        delete(.site(site))
    }

    private mutating func removeGrants(where doomed: (Grant) -> Bool) {
        for grant in world.grants where doomed(grant) { delete(.grant(grant)) }
    }

    private mutating func removeGrants(where doomed: (ControlGrant) -> Bool) {
        for grant in world.controlGrants where doomed(grant) { delete(.controlGrant(grant)) }
    }
}
