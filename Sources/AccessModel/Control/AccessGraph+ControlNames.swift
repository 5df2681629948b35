import StrictJSON

// What the names of the control plane stand for.

extension AccessGraph {
    public func roleID(named name: RoleName) -> RoleID? { control.roles.find(name).map { control.roles.nodes[$0].id } }

    /// Whether a role gives anything.
    public func hasOperations(_ id: RoleID) -> Bool {
        control.roles.find(id).map { !control.roles.nodes[$0].operations.isEmpty } ?? false
    }

    /// nil for an identity that no role has.
    public func roleName(_ id: RoleID) -> RoleName? { control.roles.find(id).map { control.roles.nodes[$0].name } }

    /// Whether a role is known, and is what it is said to be here.
    public func hasRole(_ role: Role) -> Bool {
        guard let index = control.roles.find(role.id) else { return false }
        return control.roles.nodes[index].name == role.name && control.roles.nodes[index].operations == role.operations
    }

    /// What everybody has in their own private collection; nil while there is no such role.
    public var defaultRole: RoleID? { control.defaultRole.map { control.roles.nodes[$0].id } }

    public func nearestRole(to name: String) -> String? {
        let nodes = control.roles.nodes
        return nodes.indices.lazy.filter { nodes[$0].exists }.map { nodes[$0].name.rawValue }.nearest(to: name)
    }

    /// The fact that a collection is. nil for one that does not exist, and for a private one that is none yet.
    public func collectionID(at path: CollectionPath) -> CollectionID? {
        guard case .known(let index)? = place(of: path) else { return nil }
        return control.collections.nodes[index].id
    }

    public func path(of id: CollectionID) -> CollectionPath? { control.collections.find(id).map(path(ofCollection:)) }

    /// Whether there is a collection at a path, as a fact or by rule.
    public func hasCollection(at path: CollectionPath) -> Bool { place(of: path) != nil }

    /// Whose private collection one is, also where that is no fact yet; nil for others.
    public func owner(ofPrivateCollection path: CollectionPath) -> AccountID? {
        guard path.parent == .privates, let place = place(of: path) else { return nil }
        return owner(of: place).map { principals.accounts.ids[$0] }
    }

    /// The private collection of a user, if it is a fact.
    public func privateCollection(of user: AccountID) -> CollectionID? {
        principals.accounts.find(user).flatMap { control.collections.ofUsers[$0] }.map {
            control.collections.nodes[$0].id
        }
    }

    /// The collections right below one, ordered by name.
    public func children(of path: CollectionPath) -> [CollectionPath] {
        guard case .known(let index)? = place(of: path) else { return [] }
        return control.collections.nodes[index].children.map(path(ofCollection:)).sorted()
    }

    /// Among those below the same collection.
    public func nearestCollection(to path: CollectionPath) -> CollectionPath? {
        guard let parent = path.parent, let name = path.components.last else { return nil }
        let names = children(of: parent).compactMap { $0.components.last?.rawValue }
        return names.nearest(to: name.rawValue).map { parent.appending(CollectionName(trusted: $0)) }
    }

    /// How many levels there are from a collection down to the lowest one below it: 1 for one without children.
    public func height(of path: CollectionPath) -> Int {
        let depth = path.components.count
        return collections(from: path).map { $0.components.count - depth + 1 }.max() ?? 1
    }

    public func siteID(_ form: Site.Form, _ name: SiteName) -> SiteID? {
        control.sites.find(form, name).map { control.sites.nodes[$0].id }
    }

    public func site(_ id: SiteID) -> (form: Site.Form, name: SiteName)? {
        control.sites.find(id).map { (control.sites.nodes[$0].form, control.sites.nodes[$0].name) }
    }

    public func siteNames(_ form: Site.Form) -> [SiteName] {
        let nodes = control.sites.nodes
        return nodes.indices.filter { nodes[$0].exists && nodes[$0].form == form }.map { nodes[$0].name }.sorted()
    }

    /// Whether a service account is the agent of a cluster or an engine.
    public func isAgent(_ id: ServiceAccountID) -> Bool {
        guard let service = principals.index(of: id) else { return false }
        let nodes = control.sites.nodes
        return nodes.indices.contains { nodes[$0].exists && nodes[$0].agent == service }
    }

    /// Whether `actor` is the agent of a cluster or an engine.
    public func isAgent(_ actor: Actor, of site: ControlResource.SiteReference) -> Bool {
        guard case .serviceAccount(let id) = actor, let service = principals.index(of: id),
            let index = control.sites.find(site.form, site.name)
        else { return false }
        return control.sites.nodes[index].agent == service
    }

    /// Where a resource is; nil where that is no collection.
    public func collection(of resource: ControlResource) -> CollectionPath? { place(of: resource).map(path(of:)) }

    /// All subjects by which somebody has what was given: themselves, their teams and those above, their organisations,
    /// everyone.
    public func subjects(of subject: ControlSubject) -> [ControlSubject] {
        guard case .user(let id) = subject, let user = principals.accounts.find(id) else {
            if case .serviceAccount = subject { return [subject, .everyone] }
            return [subject]
        }
        var teams: Set<TeamID> = []
        principals.accounts.rows.forEachWord(of: user) { membership in
            guard let team = membership.team else { return }
            principals.forEachTeam(upwardFrom: team) { teams.insert(principals.teams.nodes[$0].id) }
        }
        let organizations = principals.accounts.organizationIndices.filter { principals.isMember(user, of: $0) }
        return [subject] + teams.sorted().map { .team($0) }
            + organizations.map { .organization(principals.accounts.ids[$0]) } + [.everyone]
    }

    /// Whether there is a control grant, which may have ended.
    public func hasGrant(_ subject: ControlSubject, _ role: RoleID, on collection: CollectionID) -> Bool {
        guard let side = control.side(of: subject, principals), let role = control.roles.find(role),
            let collection = control.collections.find(collection)
        else { return false }
        var isThere = false
        control.collections.nodes[collection].grants.forEach(to: side) { if $0.role == role { isThere = true } }
        return isThere
    }
}
