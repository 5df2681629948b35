import AccessModel

extension World {
    /// What no store would accept, in words; empty for a world that can exist.
    public var problems: [String] {
        var problems: [String] = []
        func require(_ holds: Bool, _ problem: @autoclosure () -> String) { if !holds { problems.append(problem()) } }
        func unique(_ keys: [some Hashable], _ what: String) {
            require(Set(keys).count == keys.count, "two \(what) are the same")
        }
        unique(accounts.map(\.id), "account identities")
        unique(accounts.map(\.name), "account names")
        unique(teams.map(\.id), "team identities")
        unique(teams.map { [$0.organization.rawValue, $0.name.rawValue] }, "team names")
        unique(serviceAccounts.map { [$0.owner.rawValue, $0.name.rawValue] }, "service account names")
        unique(repositories.map { [$0.namespace.rawValue, $0.name] }, "repository names")
        unique(facts.map(\.key), "facts")

        let users = Set(accounts.filter { $0.kind == .user }.map(\.id))
        let organizations = Set(accounts.filter { $0.kind == .organization }.map(\.id))
        let memberships = Set(organizationMembers.map { [$0.organization, $0.user] })
        for member in organizationMembers {
            require(organizations.contains(member.organization), "member of no organisation: \(member)")
            require(users.contains(member.user), "member who is no user: \(member)")
        }
        for team in teams {
            require(organizations.contains(team.organization), "team of no organisation: \(team)")
            if let parent = team.parent {
                require(self.team(parent)?.organization == team.organization, "parent of another organisation: \(team)")
            }
            require(!ancestors(of: team).contains(team.id), "team above itself: \(team)")
        }
        for member in teamMembers {
            let organization = team(member.team)?.organization
            require(
                organization.map { memberships.contains([$0, member.user]) } ?? false, "outsider in team: \(member)")
        }
        for service in serviceAccounts {
            require(account(service.owner) != nil, "service account of nobody: \(service)")
        }
        for repository in repositories { require(path(of: repository) != nil, "repository of nobody: \(repository)") }
        for grant in grants { require(isPossible(grant), "grant that is refused: \(grant)") }
        return problems + controlProblems
    }

    private var controlProblems: [String] {
        var problems: [String] = []
        func require(_ holds: Bool, _ problem: @autoclosure () -> String) { if !holds { problems.append(problem()) } }
        let (roleIDs, collectionIDs) = (Set(roles.map(\.id)), Set(collections.map(\.id)))
        require(Set(roles.map(\.name)).count == roles.count, "two roles have one name")
        let names = collections.map { [$0.parent?.rawValue ?? "", $0.name, $0.owner?.rawValue ?? ""] }
        require(Set(names).count == names.count, "two collections have one name")
        for collection in collections {
            require(collection.parent.map(collectionIDs.contains) ?? true, "collection below nothing: \(collection)")
            require(chainEnds(at: collection), "collection below itself: \(collection)")
            require(collection.owner.map { account($0) != nil } ?? true, "collection of nobody: \(collection)")
        }
        for grant in controlGrants {
            require(roleIDs.contains(grant.role) && collectionIDs.contains(grant.collection), "dangling: \(grant)")
            let isThere =
                switch grant.subject {
                case .user(let id), .organization(let id): account(id) != nil
                case .team(let id): team(id) != nil
                case .serviceAccount(let id): serviceAccounts.contains { $0.id == id }
                case .everyone: true
                }
            require(isThere, "grant to nobody: \(grant)")
        }
        for site in sites {
            require(collectionIDs.contains(site.collection), "site nowhere: \(site)")
            require(
                site.agent.map { agent in serviceAccounts.contains { $0.id == agent } } ?? true, "no agent: \(site)")
        }
        for placement in placements {
            require(collectionIDs.contains(placement.collection), "placed nowhere: \(placement)")
            let site = placement.resource.site
            require(site.map { id in sites.contains { $0.id == id } } ?? true, "placed at nothing: \(placement)")
        }
        for settings in controlSettings { require(roleIDs.contains(settings.defaultRole), "no default role") }
        return problems
    }

    private func chainEnds(at collection: ResourceCollection) -> Bool {
        var (seen, next) = (Set([collection.id]), collection.parent)
        while let id = next {
            guard seen.insert(id).inserted else { return false }
            next = collections.first { $0.id == id }?.parent
        }
        return true
    }

    /// Grants on an organisation's repositories go to its teams, to its service accounts or to
    /// users; on a user's, to users and to that user's service accounts; and no user has a
    /// grant on a namespace.
    private func isPossible(_ grant: Grant) -> Bool {
        let namespace: AccountID?
        switch grant.target {
        case .repository(let id): namespace = repositories.first { $0.id == id }?.namespace
        case .namespace(let id): namespace = account(id)?.id
        }
        guard let namespace else { return false }
        switch (grant.subject, grant.target) {
        case (.team(let id), _): return team(id)?.organization == namespace
        case (.serviceAccount(let id), _):
            return serviceAccounts.contains { $0.id == id && $0.owner == namespace }
        case (.user(let id), .repository): return account(id)?.kind == .user && id != namespace
        case (.user, .namespace): return false
        }
    }

    /// The teams above `team`, nearest first; ends where a cycle closes.
    func ancestors(of team: Team) -> [TeamID] {
        var found: [TeamID] = []
        var next = team.parent
        while let id = next, !found.contains(id) {
            found.append(id)
            next = self.team(id)?.parent
        }
        return found
    }
}
