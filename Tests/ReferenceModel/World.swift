public import AccessModel

/// Everything that decisions rest on, as plain arrays, and the moment that matters: its
/// expiring grants end around `now`.
public struct World: Hashable, Sendable {
    public var now: Timestamp
    public var accounts: [Account] = []
    public var organizationMembers: [OrganizationMember] = []
    public var teams: [Team] = []
    public var teamMembers: [TeamMember] = []
    public var serviceAccounts: [ServiceAccount] = []
    public var repositories: [Repository] = []
    public var grants: [Grant] = []
    public var roles: [Role] = []
    public var collections: [ResourceCollection] = []
    public var controlGrants: [ControlGrant] = []
    public var sites: [Site] = []
    public var placements: [Placement] = []
    public var controlSettings: [ControlSettings] = []

    public init(now: Timestamp, facts: some Sequence<Fact> = []) {
        self.now = now
        for fact in facts { insert(fact) }
    }

    /// Every fact, in the order of `Fact.Kind.allCases`, each team behind its parent.
    public var facts: [Fact] {
        var facts = accounts.map(Fact.account) + organizationMembers.map(Fact.organizationMember)
        facts += teamsParentsFirst.map(Fact.team) + teamMembers.map(Fact.teamMember)
        facts += serviceAccounts.map(Fact.serviceAccount) + repositories.map(Fact.repository)
        facts += grants.map(Fact.grant) + roles.map(Fact.role) + collectionsParentsFirst.map(Fact.collection)
        facts += controlGrants.map(Fact.controlGrant) + sites.map(Fact.site) + placements.map(Fact.placement)
        return facts + controlSettings.map(Fact.controlSettings)
    }

    /// Takes `before` out and puts `after` in. Facts that no decision rests on are ignored.
    public mutating func apply(_ change: Change) {
        if let before = change.before { remove(before) }
        if let after = change.after { insert(after) }
    }

    public func applying(_ changes: some Sequence<Change>) -> World {
        var world = self
        for change in changes { world.apply(change) }
        return world
    }

    private mutating func insert(_ fact: Fact) {
        switch fact {
        case .account(let fact): accounts.append(fact)
        case .organizationMember(let fact): organizationMembers.append(fact)
        case .team(let fact): teams.append(fact)
        case .teamMember(let fact): teamMembers.append(fact)
        case .serviceAccount(let fact): serviceAccounts.append(fact)
        case .repository(let fact): repositories.append(fact)
        case .grant(let fact): grants.append(fact)
        case .role(let fact): roles.append(fact)
        case .collection(let fact): collections.append(fact)
        case .controlGrant(let fact): controlGrants.append(fact)
        case .site(let fact): sites.append(fact)
        case .placement(let fact): placements.append(fact)
        case .controlSettings(let fact): controlSettings.append(fact)
        case .retiredName, .password, .accessToken, .directory: break
        }
    }

    private mutating func remove(_ fact: Fact) {
        switch fact {
        case .account(let fact): accounts.removeAll { $0.id == fact.id }
        case .organizationMember(let fact):
            organizationMembers.removeAll { $0.organization == fact.organization && $0.user == fact.user }
        case .team(let fact): teams.removeAll { $0.id == fact.id }
        case .teamMember(let fact): teamMembers.removeAll { $0.team == fact.team && $0.user == fact.user }
        case .serviceAccount(let fact): serviceAccounts.removeAll { $0.id == fact.id }
        case .repository(let fact): repositories.removeAll { $0.id == fact.id }
        case .grant(let fact): grants.removeAll { $0.subject == fact.subject && $0.target == fact.target }
        case .role(let fact): roles.removeAll { $0.id == fact.id }
        case .collection(let fact): collections.removeAll { $0.id == fact.id }
        case .controlGrant(let fact): controlGrants.removeAll { $0.key == fact.key }
        case .site(let fact): sites.removeAll { $0.id == fact.id }
        case .placement(let fact): placements.removeAll { $0.key == fact.key }
        case .controlSettings: controlSettings = []
        case .retiredName, .password, .accessToken, .directory: break
        }
    }

    private var teamsParentsFirst: [Team] { Self.parentsFirst(teams, \.id, \.parent) }
    private var collectionsParentsFirst: [ResourceCollection] { Self.parentsFirst(collections, \.id, \.parent) }

    private static func parentsFirst<Value, ID: Hashable>(
        _ all: [Value], _ id: (Value) -> ID, _ parent: (Value) -> ID?
    ) -> [Value] {
        var rest = all
        var sorted: [Value] = []
        var placed: Set<ID> = []
        while !rest.isEmpty {
            let ready = rest.filter { value in parent(value).map(placed.contains) ?? true }
            // A parent that is missing or a cycle: handed out as it is, for whoever reads it to refuse.
            guard !ready.isEmpty else { return sorted + rest }
            sorted += ready
            placed.formUnion(ready.map(id))
            rest.removeAll { placed.contains(id($0)) }
        }
        return sorted
    }
}
