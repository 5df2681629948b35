// The rule: who has which level on a repository. Everything that answers a question about
// access asks here. Levels add up and the highest wins; there is no deny rule.

/// One thing that gives a principal a level on a repository.
struct Contribution {
    enum Source {
        case systemAdministrator
        case namespaceOwner
        case organizationOwner
        /// A grant to `granted`, reached as a member of `memberOf`: the same team or one below it.
        case team(granted: Int32, memberOf: Int32, onNamespace: Bool)
        case direct(onNamespace: Bool)
        case publicRepository
    }

    let level: AccessLevel
    let source: Source
    /// `Int64.max` for what has no end.
    var expiresAt = Int64.max
}

extension AccessGraph {
    /// Visits everything that gives `principal` a level on `repository` at `now`.
    @inline(__always)
    func forEachContribution(
        of principal: PrincipalIndex, on repository: Int32, at now: Timestamp, _ visit: (Contribution) -> Void
    ) {
        guard isActive(principal) else { return }
        let namespace = repositories[repository].namespace
        forEachNamespaceContribution(of: principal, on: namespace, at: now, visit)

        switch principal {
        case .anonymous:
            break
        case .user(let user):
            for membership in accounts[user].teams where teams[membership.index].organization == namespace {
                var team = Optional(membership.index)
                while let granted = team {
                    if let grant = repositories[repository].grants[GrantEnd(.team, granted)], grant.counts(at: now) {
                        let source = Contribution.Source.team(
                            granted: granted, memberOf: membership.index, onNamespace: false)
                        visit(Contribution(level: grant.level, source: source, expiresAt: grant.expiresAt))
                    }
                    team = teams[granted].parent
                }
            }
            if let grant = repositories[repository].grants[GrantEnd(.user, user)], grant.counts(at: now) {
                visit(Contribution(level: grant.level, source: .direct(onNamespace: false), expiresAt: grant.expiresAt))
            }
        case .serviceAccount(let service):
            if let grant = repositories[repository].grants[GrantEnd(.serviceAccount, service)], grant.counts(at: now) {
                visit(Contribution(level: grant.level, source: .direct(onNamespace: false), expiresAt: grant.expiresAt))
            }
        }

        if repositories[repository].isPublic {
            visit(Contribution(level: .readOnly, source: .publicRepository))
        }
    }

    /// Visits everything that gives `principal` a level on all of `namespace`, present and
    /// future repositories alike.
    @inline(__always)
    func forEachNamespaceContribution(
        of principal: PrincipalIndex, on namespace: Int32, at now: Timestamp, _ visit: (Contribution) -> Void
    ) {
        guard isActive(principal) else { return }
        switch principal {
        case .anonymous:
            break
        case .user(let user):
            if accounts[user].isSystemAdmin { visit(Contribution(level: .admin, source: .systemAdministrator)) }
            if user == namespace { visit(Contribution(level: .admin, source: .namespaceOwner)) }
            if accounts[user].organizations.contains(where: { $0.index == namespace && $0.isRaised }) {
                visit(Contribution(level: .admin, source: .organizationOwner))
            }
            for membership in accounts[user].teams where teams[membership.index].organization == namespace {
                var team = Optional(membership.index)
                while let granted = team {
                    if let grant = accounts[namespace].grants[GrantEnd(.team, granted)], grant.counts(at: now) {
                        let source = Contribution.Source.team(
                            granted: granted, memberOf: membership.index, onNamespace: true)
                        visit(Contribution(level: grant.level, source: source, expiresAt: grant.expiresAt))
                    }
                    team = teams[granted].parent
                }
            }
        case .serviceAccount(let service):
            if serviceAccounts[service].owner == namespace,
                let grant = accounts[namespace].grants[GrantEnd(.serviceAccount, service)], grant.counts(at: now)
            {
                visit(Contribution(level: grant.level, source: .direct(onNamespace: true), expiresAt: grant.expiresAt))
            }
        }
    }

    /// The highest level of `principal` on `repository`; nil for none.
    func level(of principal: PrincipalIndex, on repository: Int32, at now: Timestamp) -> AccessLevel? {
        var highest: AccessLevel?
        forEachContribution(of: principal, on: repository, at: now) { contribution in
            highest = max(highest ?? contribution.level, contribution.level)
        }
        return highest
    }

    /// The highest level of `principal` on everything in `namespace`; nil for none.
    func namespaceLevel(of principal: PrincipalIndex, on namespace: Int32, at now: Timestamp) -> AccessLevel? {
        var highest: AccessLevel?
        forEachNamespaceContribution(of: principal, on: namespace, at: now) { contribution in
            highest = max(highest ?? contribution.level, contribution.level)
        }
        return highest
    }

    /// Whether a push by `principal` to a repository that does not exist in `namespace` would
    /// make it: the namespace says so, and they may push to all of it.
    func createsOnPush(_ principal: PrincipalIndex, in namespace: Int32, at now: Timestamp) -> Bool {
        guard accounts[namespace].createsRepositoriesOnPush,
            let level = namespaceLevel(of: principal, on: namespace, at: now)
        else { return false }
        return level >= .readWrite
    }
}
