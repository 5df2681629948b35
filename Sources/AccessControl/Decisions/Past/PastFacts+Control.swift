import AccessModel

// Of the control plane. Its roles, collections, clusters, engines and settings are few: all of them are brought back. Grants and
// people are not.

extension PastFacts {
    mutating func gatherControlDecision(_ principal: Principal, _ resource: ControlResource) throws(AccessError) {
        if case .user(let id)? = try addPrincipal(principal) { try addMemberships(of: id) { _ in true } }
        try addControlPlane()
        try addPlacement(of: resource)
        guard let graph = try? graph() else { return }
        if let path = graph.collection(of: resource) { try addControlGrants(upwardFrom: path, graph) }
        if let site = resource.site {
            let home = graph.collection(of: ControlResource(type: resource.type, id: "", at: site))
            if let home { try addControlGrants(upwardFrom: home, graph) }
        }
        // What is below makes a collection visible.
        try addControlGrants(toThoseOf: principal)
    }

    mutating func gatherControlHolders(in path: CollectionPath, _ expands: Bool) throws(AccessError) {
        try addControlPlane()
        try addAdministrators()
        if path.isAtOrBelow(.privates),
            let name = path.components.dropFirst(CollectionPath.privates.components.count).first,
            let user = try? AccountName(name.rawValue)
        {
            _ = try addPrincipal(.user(user))
        }
        guard let graph = try? graph() else { return }
        let subjects = try addControlGrants(upwardFrom: path, graph)
        for subject in subjects {
            switch subject {
            case .team(let id):
                if case .team(let team)? = facts[.team(id)] { try addMembersOfTeamsWithGrants(of: team.organization) }
            case .organization(let id): try addMembers(of: id)
            case .everyone: if expands { try addEverybody() }
            case .user, .serviceAccount: break
            }
        }
    }

    mutating func gatherControlHoldings(of principal: Principal) throws(AccessError) {
        if case .user(let id)? = try addPrincipal(principal) { try addMemberships(of: id) { _ in true } }
        try addControlPlane()
        try addControlGrants(toThoseOf: principal)
    }

    /// What there is of the plane, without grants and placements.
    private mutating func addControlPlane() throws(AccessError) {
        for fact in try ask(.role, .everything) { add(fact) }
        for case .collection(let collection) in try ask(.collection, .everything) {
            if let owner = collection.owner { try addAccount(owner) }
            add(.collection(collection))
        }
        for case .site(let site) in try ask(.site, .everything) {
            if let agent = site.agent { try addServiceAccount(agent) }
            add(.site(site))
        }
        for fact in try ask(.controlSettings, .everything) { add(fact) }
    }

    private mutating func addPlacement(of resource: ControlResource) throws(AccessError) {
        guard resource.type != ControlResource.collectionType else { return }
        var site: SiteID?
        if let reference = resource.site {
            for case .site(let known) in facts.values where known.form == reference.form && known.name == reference.name
            {
                site = known.id
            }
        }
        let key = site.map { ChangeKey.identity($0) } ?? .everything
        for case .placement(let placement) in try ask(.placement, key)
        where placement.resource == PlacedResource(type: resource.type, site: site, id: resource.id) {
            add(.placement(placement))
        }
    }

    /// The grants on a collection and on those above it, with whom they were given to.
    @discardableResult
    private mutating func addControlGrants(
        upwardFrom path: CollectionPath, _ graph: AccessGraph
    ) throws(AccessError) -> Set<ControlSubject> {
        var subjects: Set<ControlSubject> = []
        var place: CollectionPath? = path
        while let path = place {
            place = path.parent
            guard let id = graph.collectionID(at: path) else { continue }
            for case .controlGrant(let grant) in try ask(.controlGrant, .identity(id)) where grant.collection == id {
                try addSubject(grant.subject)
                add(.controlGrant(grant))
                subjects.insert(grant.subject)
            }
        }
        return subjects
    }

    /// What was given to somebody and to all that they are in.
    private mutating func addControlGrants(toThoseOf principal: Principal) throws(AccessError) {
        var subjects: [ControlSubject] = [.everyone]
        for fact in facts.values {
            switch fact {
            case .account(let account) where principal == .user(account.name): subjects.append(.user(account.id))
            case .account(let account) where account.kind == .organization: subjects.append(.organization(account.id))
            case .team(let team): subjects.append(.team(team.id))
            case .serviceAccount(let service): subjects.append(.serviceAccount(service.id))
            default: break
            }
        }
        for subject in subjects {
            for case .controlGrant(let grant) in try ask(.controlGrant, subject.key) where grant.subject == subject {
                add(.controlGrant(grant))
            }
        }
    }

    private mutating func addSubject(_ subject: ControlSubject) throws(AccessError) {
        switch subject {
        case .user(let id), .organization(let id): try addAccount(id)
        case .team(let id): try addTeam(id)
        case .serviceAccount(let id): try addServiceAccount(id)
        case .everyone: break
        }
    }

    private mutating func addMembers(of organization: AccountID) throws(AccessError) {
        var members: [OrganizationMember] = []
        for case .organizationMember(let member) in try ask(.organizationMember, .identity(organization))
        where member.organization == organization { members.append(member) }
        try addAccounts(Set(members.map(\.user)))
        for member in members { add(.organizationMember(member)) }
    }
}
