// How roles, collections, control grants, sites and placements enter, leave and change.

extension ControlPlane {
    mutating func appendAccount() { heldByAccounts.append(ControlLinks()) }
    mutating func appendTeam() { heldByTeams.append(ControlLinks()) }
    mutating func appendServiceAccount() { heldByServiceAccounts.append(ControlLinks()) }

    mutating func set(_ role: Role) {
        if let index = roles.find(role.id) { roles.replace(index, with: role) } else { roles.append(role) }
        findDefaultRole()
    }

    mutating func remove(_ role: Role) throws(GraphError) {
        roles.remove(try index(of: role.id, for: role.key))
        findDefaultRole()
    }

    mutating func set(_ collection: ResourceCollection, _ principals: PrincipalGraph) throws(GraphError) {
        let parent = try collection.parent.map { (id) throws(GraphError) in try index(of: id, for: collection.key) }
        if let index = collections.find(collection.id) {
            if let parent, collections.isAtOrBelow(parent, index) { throw .cycle(collection.key) }
            collections.move(index, to: collection.name, below: parent ?? -1)
        } else {
            let owner = try collection.owner.map { (id) throws(GraphError) in
                try principals.index(of: id, for: collection.key)
            }
            collections.append(collection, below: parent ?? -1, owner: owner ?? -1)
        }
    }

    mutating func remove(_ collection: ResourceCollection) throws(GraphError) {
        collections.remove(try index(of: collection.id, for: collection.key))
    }

    mutating func set(_ grant: ControlGrant, _ principals: PrincipalGraph) throws(GraphError) {
        let (subject, role, collection) = try ends(of: grant, principals)
        let end = grant.expiresAt?.microseconds ?? .max
        collections.nodes[collection].grants.set(ControlLink(other: subject.word, role: role, end: end))
        withHeld(by: subject) { held in
            held.set(ControlLink(other: UInt32(bitPattern: collection), role: role, end: end))
        }
    }

    mutating func remove(_ grant: ControlGrant, _ principals: PrincipalGraph) throws(GraphError) {
        let (subject, role, collection) = try ends(of: grant, principals)
        collections.nodes[collection].grants.remove(subject.word, role)
        withHeld(by: subject) { $0.remove(UInt32(bitPattern: collection), role) }
    }

    mutating func set(_ site: Site, _ principals: PrincipalGraph) throws(GraphError) {
        let collection = try index(of: site.collection, for: site.key)
        let agent = try site.agent.map { (id) throws(GraphError) in try principals.index(of: id, for: site.key) } ?? -1
        if let index = sites.find(site.id) {
            sites.replace(index, with: site, in: collection, agent: agent)
        } else {
            sites.append(site, in: collection, agent: agent)
        }
    }

    mutating func remove(_ site: Site) throws(GraphError) {
        guard let index = sites.find(site.id) else { throw .dangling(site.key) }
        sites.remove(index)
    }

    mutating func set(_ placement: Placement) throws(GraphError) {
        placements.set(placement.resource, in: try index(of: placement.collection, for: placement.key))
    }

    mutating func set(_ settings: ControlSettings?) {
        self.settings = settings ?? ControlSettings()
        findDefaultRole()
    }

    private func ends(
        of grant: ControlGrant, _ principals: PrincipalGraph
    ) throws(GraphError) -> (subject: ControlSide, role: Int32, collection: Int32) {
        guard let subject = side(of: grant.subject, principals) else { throw .dangling(grant.key) }
        return (
            subject, try index(of: grant.role, for: grant.key), try index(of: grant.collection, for: grant.key)
        )
    }

    private func index(of id: RoleID, for fact: @autoclosure () -> FactKey) throws(GraphError) -> Int32 {
        guard let index = roles.find(id) else { throw .dangling(fact()) }
        return index
    }

    private func index(of id: CollectionID, for fact: @autoclosure () -> FactKey) throws(GraphError) -> Int32 {
        guard let index = collections.find(id) else { throw .dangling(fact()) }
        return index
    }
}
