// What a name or an identity stands for.

extension AccessGraph {
    /// The name under which `actor` appears in decisions; nil for those that are no principal.
    public func principal(of actor: Actor) -> Principal? {
        principals.index(of: actor).map(principals.principal)
    }

    public func repositoryID(at path: RepositoryPath) -> RepositoryID? {
        index(at: path).map { registry.repositories.ids[$0] }
    }

    /// Whether everybody may pull from a repository; false for one that is not there.
    public func isPublic(_ id: RepositoryID) -> Bool {
        registry.repositories.find(id).map { registry.repositories.has(.isPublic, $0) } ?? false
    }

    /// nil for what is no service account here.
    public func identity(ofServiceAccount principal: Principal) -> ServiceAccountID? {
        guard case .serviceAccount(let service)? = principals.index(of: principal) else { return nil }
        return principals.serviceAccounts[service].id
    }

    /// nil for a name that nobody has.
    public func kind(ofAccount name: AccountName) -> Account.Kind? {
        principals.accounts.find(name).map { principals.accounts.has(.isUser, $0) ? .user : .organization }
    }

    public func accountID(named name: AccountName) -> AccountID? {
        principals.accounts.find(name).map { principals.accounts.ids[$0] }
    }

    /// nil for an identity that no account has.
    public func name(ofAccount id: AccountID) -> AccountName? {
        principals.accounts.find(id).map { principals.accounts.names[$0] }
    }

    public func userID(named name: AccountName) -> AccountID? {
        principals.accounts.find(name).flatMap {
            principals.accounts.has(.isUser, $0) ? principals.accounts.ids[$0] : nil
        }
    }

    public func teamID(named name: TeamName, in organization: AccountID) -> TeamID? {
        principals.accounts.find(organization).flatMap { principals.index(ofTeam: name, in: $0) }
            .map { principals.teams.nodes[$0].id }
    }

    /// nil for whoever is not a member.
    public func role(of user: AccountID, in organization: AccountID) -> OrganizationMember.Role? {
        guard let user = principals.accounts.find(user), let organization = principals.accounts.find(organization)
        else { return nil }
        return principals.role(of: user, inOrganization: organization)
    }

    /// The role of a direct membership; nil for whoever has none.
    public func role(of user: AccountID, in team: TeamID) -> TeamMember.Role? {
        guard let user = principals.accounts.find(user), let team = principals.teams.find(team) else { return nil }
        return principals.role(of: user, inTeam: team)
    }

    /// nil for whoever is not a member, and for names that nobody has.
    public func role(of user: AccountName, in organization: AccountName) -> OrganizationMember.Role? {
        guard let user = principals.accounts.find(user), let organization = principals.accounts.find(organization)
        else { return nil }
        return principals.role(of: user, inOrganization: organization)
    }

    /// nil for whoever is not a direct member, and for names that nobody has.
    public func role(of user: AccountName, in team: TeamName, of organization: AccountName) -> TeamMember.Role? {
        guard let user = principals.accounts.find(user), let organization = principals.accounts.find(organization),
            let team = principals.index(ofTeam: team, in: organization)
        else { return nil }
        return principals.role(of: user, inTeam: team)
    }

    /// Whether there is a grant, which may have ended.
    public func hasGrant(_ subject: GrantSubject, on target: GrantTarget) -> Bool {
        guard let subject = registry.side(of: subject, principals), let target = registry.side(of: target, principals)
        else { return false }
        return registry.grants(on: target).contains(GrantLink(to: subject))
    }

    public func isActive(_ principal: Principal, at now: Timestamp) -> Bool {
        principals.index(of: principal).map { principals.isActive($0, at: now) } ?? false
    }

    func index(at path: RepositoryPath) -> Int32? {
        let key = PathKey(path)
        return index(at: key, guessed: registry.repositories.guess(key))
    }

    @inline(__always)
    private func index(at key: PathKey, guessed guess: Int32?) -> Int32? {
        registry.repositories.find(key, guessed: guess) { principals.accounts.isNamed($0, key.namespace) }
    }

    /// Both at once, which takes little longer than one of them.
    @inline(__always)
    func indices(
        of principal: Principal, at path: RepositoryPath
    ) -> (principal: PrincipalIndex?, repository: Int32?) {
        guard case .user(let name) = principal else { return (principals.index(of: principal), index(at: path)) }
        let (user, place) = (AccountKey(name), PathKey(path))
        let (guessedUser, guessedPlace) = (principals.accounts.guess(user), registry.repositories.guess(place))
        let found = principals.accounts.find(user, guessed: guessedUser)
            .flatMap { principals.accounts.has(.isUser, $0) ? PrincipalIndex.user($0) : nil }
        return (found, index(at: place, guessed: guessedPlace))
    }

    @inline(__always)
    func path(of repository: Int32) -> RepositoryPath {
        RepositoryPath(
            trustedNamespace: principals.accounts.names[registry.repositories.namespace(of: repository)],
            name: registry.repositories.names[repository])
    }
}
