// How each kind of fact about principals enters, leaves and changes.

extension PrincipalGraph {
    mutating func insert(_ account: Account) {
        let index = accounts.append(account)
        if account.isSystemAdmin { administrators.append(index) }
    }

    mutating func remove(_ index: Int32) {
        accounts.remove(index)
        administrators.drop(index)
    }

    mutating func replace(_ old: Account, _ new: Account, at index: Int32) {
        if old.name != new.name { accounts.rename(index, new.name) }
        if old.isSystemAdmin != new.isSystemAdmin {
            if new.isSystemAdmin { administrators.append(index) } else { administrators.drop(index) }
        }
        accounts.rows[index].flags.set(new)
    }

    mutating func set(_ member: OrganizationMember) throws(GraphError) {
        let (organization, place, user) = try ends(of: member)
        let isOwner = member.role == .owner
        accounts.organizations[place].members.set(Member(user, isRaised: isOwner))
        accounts.organizations[place].owners.drop(user)
        if isOwner {
            accounts.organizations[place].owners.append(user)
            accounts.rows.set(Membership(ownerOf: organization), at: user)
        } else {
            accounts.rows.remove(keyOf: Membership(ownerOf: organization), at: user)
        }
    }

    mutating func remove(_ member: OrganizationMember) throws(GraphError) {
        let (organization, place, user) = try ends(of: member)
        accounts.organizations[place].members.remove(keyOf: Member(user))
        accounts.organizations[place].owners.drop(user)
        accounts.rows.remove(keyOf: Membership(ownerOf: organization), at: user)
    }

    mutating func insert(_ team: Team) throws(GraphError) {
        let (organization, place) = try self.organization(team.organization, for: team.key)
        let parent = try team.parent.map { (id) throws(GraphError) in try self.index(of: id, for: team.key) } ?? -1
        let index = teams.append(team, TeamPlace(organization: organization, parent: parent))
        accounts.organizations[place].teams.append(index)
        if parent >= 0 { teams.addChild(index, to: parent) }
    }

    mutating func remove(_ team: Team) throws(GraphError) {
        let index = try index(of: team.id, for: team.key)
        if let parent = teams.parent(of: index) { teams.removeChild(index, from: parent) }
        if let place = accounts.place(ofOrganization: teams.places[index].organization) {
            accounts.organizations[place].teams.drop(index)
        }
        teams.remove(index)
    }

    mutating func replace(with team: Team) throws(GraphError) {
        let index = try index(of: team.id, for: team.key)
        let parent = try team.parent.map { (id) throws(GraphError) in try self.index(of: id, for: team.key) } ?? -1
        if teams.places[index].parent != parent {
            // No command makes a cycle; a walk upward would never end in one.
            var isAbove = false
            forEachTeam(upwardFrom: parent) { if $0 == index { isAbove = true } }
            guard !isAbove else { throw .cycle(team.key) }
            if let old = teams.parent(of: index) { teams.removeChild(index, from: old) }
            if parent >= 0 { teams.addChild(index, to: parent) }
            teams.places[index].parent = parent
        }
        teams.rename(index, team.name)
    }

    mutating func set(_ member: TeamMember) throws(GraphError) {
        let (team, user) = try ends(of: member)
        teams.nodes[team].members.set(Member(user, isRaised: member.role == .maintainer))
        accounts.rows.set(Membership(team: team), at: user)
    }

    mutating func remove(_ member: TeamMember) throws(GraphError) {
        let (team, user) = try ends(of: member)
        teams.nodes[team].members.remove(keyOf: Member(user))
        accounts.rows.remove(keyOf: Membership(team: team), at: user)
    }

    mutating func insert(_ service: ServiceAccount) throws(GraphError) {
        let owner = try index(of: service.owner, for: service.key)
        let index = serviceAccounts.append(
            ServiceAccountNode(
                id: service.id, name: service.name, owner: owner, isActive: service.isActive,
                isDecisionReader: service.isDecisionReader, expiresAt: service.expiresAt?.microseconds ?? .max))
        serviceAccountsByID.insert(index, NameHash.hash(service.id.rawValue))
        serviceAccountsByName.insert(index, NameHash.hash(service.name, in: owner))
    }

    mutating func remove(_ service: ServiceAccount) throws(GraphError) {
        let index = try index(of: service.id, for: service.key)
        serviceAccounts[index].exists = false
        serviceAccounts[index].isActive = false
        serviceAccountsByID.remove(index, NameHash.hash(service.id.rawValue))
        serviceAccountsByName.remove(index, NameHash.hash(service.name, in: serviceAccounts[index].owner))
    }

    mutating func replace(with service: ServiceAccount) throws(GraphError) {
        let index = try index(of: service.id, for: service.key)
        let (from, owner) = (serviceAccounts[index].owner, try self.index(of: service.owner, for: service.key))
        if serviceAccounts[index].name != service.name || from != owner {
            serviceAccountsByName.remove(index, NameHash.hash(serviceAccounts[index].name, in: from))
            serviceAccountsByName.insert(index, NameHash.hash(service.name, in: owner))
            serviceAccounts[index].name = service.name
            serviceAccounts[index].owner = owner
        }
        serviceAccounts[index].isActive = service.isActive
        serviceAccounts[index].isDecisionReader = service.isDecisionReader
        serviceAccounts[index].expiresAt = service.expiresAt?.microseconds ?? .max
    }

    // MARK: Indices of what a fact names

    func index(of id: AccountID, for fact: @autoclosure () -> FactKey) throws(GraphError) -> Int32 {
        guard let index = accounts.find(id) else { throw .dangling(fact()) }
        return index
    }

    func index(of id: TeamID, for fact: @autoclosure () -> FactKey) throws(GraphError) -> Int32 {
        guard let index = teams.find(id) else { throw .dangling(fact()) }
        return index
    }

    func index(of id: ServiceAccountID, for fact: @autoclosure () -> FactKey) throws(GraphError) -> Int32 {
        guard let index = index(of: id) else { throw .dangling(fact()) }
        return index
    }

    private func organization(
        _ id: AccountID, for fact: @autoclosure () -> FactKey
    ) throws(GraphError) -> (index: Int32, place: Int32) {
        let index = try index(of: id, for: fact())
        guard let place = accounts.place(ofOrganization: index) else { throw .dangling(fact()) }
        return (index, place)
    }

    private func ends(
        of member: OrganizationMember
    ) throws(GraphError) -> (organization: Int32, place: Int32, user: Int32) {
        let (index, place) = try organization(member.organization, for: member.key)
        return (index, place, try self.index(of: member.user, for: member.key))
    }

    private func ends(of member: TeamMember) throws(GraphError) -> (team: Int32, user: Int32) {
        (try index(of: member.team, for: member.key), try index(of: member.user, for: member.key))
    }
}
