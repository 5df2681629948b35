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
        return problems
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
