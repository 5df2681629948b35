// How repositories and grants enter, leave and change, and what the plane keeps beside each principal.

extension RegistryPlane {
    mutating func appendAccount(_ account: Account) {
        namespaces.append(NamespaceNode(createsOnPush: account.createsRepositoriesOnPush))
        heldByUsers.append(SortedWords())
    }

    mutating func appendTeam() {
        teamLevels.append(.none)
        heldByTeams.append(SortedWords())
    }

    mutating func appendServiceAccount() { heldByServiceAccounts.append(SortedWords()) }

    mutating func insert(_ repository: Repository, _ principals: PrincipalGraph) throws(GraphError) {
        let namespace = try principals.index(of: repository.namespace, for: repository.key)
        let index = repositories.append(repository, in: namespace, of: principals.accounts)
        namespaces[namespace].repositories.append(index)
        if repository.visibility == .public { publicRepositories.append(index) }
    }

    mutating func remove(_ repository: Repository, _ principals: PrincipalGraph) throws(GraphError) {
        let index = try index(of: repository.id, for: repository.key)
        repositories.remove(index, of: principals.accounts)
        namespaces[repositories.namespace(of: index)].repositories.drop(index)
        publicRepositories.drop(index)
    }

    mutating func replace(with repository: Repository, _ principals: PrincipalGraph) throws(GraphError) {
        let index = try index(of: repository.id, for: repository.key)
        let namespace = try principals.index(of: repository.namespace, for: repository.key)
        let old = repositories.namespace(of: index)
        if old != namespace || repositories.names[index] != repository.name {
            repositories.rename(index, of: principals.accounts, to: repository.name, in: namespace)
            namespaces[old].repositories.drop(index)
            namespaces[namespace].repositories.append(index)
        }
        let isPublic = repository.visibility == .public
        guard repositories.has(.isPublic, index) != isPublic else { return }
        repositories.rows[index].flags.set(.isPublic, isPublic)
        if isPublic { publicRepositories.append(index) } else { publicRepositories.drop(index) }
    }

    mutating func set(_ grant: Grant, _ principals: PrincipalGraph) throws(GraphError) {
        let (subject, target) = try sides(of: grant, principals)
        let end = grant.expiresAt?.microseconds ?? .max
        let given = GrantLink(subject, grant.level, ends: end != .max)
        withHeld(by: subject) { $0.set(GrantLink(target, grant.level, ends: end != .max)) }
        if target.kind == .repository {
            repositories.rows.set(given, at: target.index)
            if given.ends || repositories.ends[target.index][subject] != .max {
                repositories.ends[target.index].set(subject, end)
            }
        } else {
            namespaces[target.index].grants.set(given)
            namespaces[target.index].ends.set(subject, end)
            setLevel(of: subject, on: target, NamespaceLevel(given), principals)
        }
    }

    mutating func remove(_ grant: Grant, _ principals: PrincipalGraph) throws(GraphError) {
        let (subject, target) = try sides(of: grant, principals)
        withHeld(by: subject) { $0.remove(keyOf: GrantLink(to: target)) }
        if target.kind == .repository {
            repositories.rows.remove(keyOf: GrantLink(to: subject), at: target.index)
            if repositories.ends[target.index][subject] != .max { repositories.ends[target.index].set(subject, .max) }
        } else {
            namespaces[target.index].grants.remove(keyOf: GrantLink(to: subject))
            namespaces[target.index].ends.set(subject, .max)
            setLevel(of: subject, on: target, .none, principals)
        }
    }

    /// What a team was given elsewhere than in its own organisation counts for nothing.
    private mutating func setLevel(
        of subject: GrantSide, on namespace: GrantSide, _ level: NamespaceLevel, _ principals: PrincipalGraph
    ) {
        guard subject.kind == .team, principals.teams.places[subject.index].organization == namespace.index else {
            return
        }
        teamLevels[subject.index] = level
    }

    private mutating func withHeld(by subject: GrantSide, _ body: (inout SortedWords<GrantLink>) -> Void) {
        switch subject.kind {
        case .team: body(&heldByTeams[subject.index])
        case .account: body(&heldByUsers[subject.index])
        default: body(&heldByServiceAccounts[subject.index])
        }
    }

    private func sides(
        of grant: Grant, _ principals: PrincipalGraph
    ) throws(GraphError) -> (subject: GrantSide, target: GrantSide) {
        guard let subject = side(of: grant.subject, principals), let target = side(of: grant.target, principals) else {
            throw .dangling(grant.key)
        }
        return (subject, target)
    }

    private func index(of id: RepositoryID, for fact: @autoclosure () -> FactKey) throws(GraphError) -> Int32 {
        guard let index = repositories.find(id) else { throw .dangling(fact()) }
        return index
    }
}
