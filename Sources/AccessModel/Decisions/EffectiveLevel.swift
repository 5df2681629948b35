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
        guard isActive(principal, at: now) else { return }
        forEachContribution(of: principal, on: repositories[repository].namespace, and: repository, at: now, visit)
        if repositories[repository].isPublic { visit(Contribution(level: .readOnly, source: .publicRepository)) }
    }

    /// Visits everything that gives `principal` a level on all of `namespace`, present and
    /// future repositories alike.
    @inline(__always)
    func forEachNamespaceContribution(
        of principal: PrincipalIndex, on namespace: Int32, at now: Timestamp, _ visit: (Contribution) -> Void
    ) {
        guard isActive(principal, at: now) else { return }
        forEachContribution(of: principal, on: namespace, and: nil, at: now, visit)
    }

    /// What somebody active is and was given: on the namespace, and on one repository in it.
    @inline(__always)
    private func forEachContribution(
        of principal: PrincipalIndex, on namespace: Int32, and repository: Int32?, at now: Timestamp,
        _ visit: (Contribution) -> Void
    ) {
        @inline(__always)
        func take(_ grant: GrantLink?, _ source: Contribution.Source) {
            guard let grant, grant.counts(at: now) else { return }
            visit(Contribution(level: grant.level, source: source, expiresAt: grant.expiresAt))
        }
        switch principal {
        case .anonymous:
            break
        case .user(let user):
            if accounts[user].isSystemAdmin { visit(Contribution(level: .admin, source: .systemAdministrator)) }
            if user == namespace { visit(Contribution(level: .admin, source: .namespaceOwner)) }
            accounts[user].memberships.forEach(in: namespace) { membership in
                guard let memberOf = membership.team else {
                    if membership.isRaised { visit(Contribution(level: .admin, source: .organizationOwner)) }
                    return
                }
                var team = Optional(memberOf)
                while let granted = team {
                    let end = GrantEnd(.team, granted)
                    take(
                        accounts[namespace].grants[end], .team(granted: granted, memberOf: memberOf, onNamespace: true))
                    if let repository {
                        take(
                            repositories[repository].grants[end],
                            .team(granted: granted, memberOf: memberOf, onNamespace: false))
                    }
                    team = teams[granted].parent
                }
            }
            if let repository {
                take(repositories[repository].grants[GrantEnd(.user, user)], .direct(onNamespace: false))
            }
        case .serviceAccount(let service):
            let end = GrantEnd(.serviceAccount, service)
            if serviceAccounts[service].owner == namespace {
                take(accounts[namespace].grants[end], .direct(onNamespace: true))
            }
            if let repository { take(repositories[repository].grants[end], .direct(onNamespace: false)) }
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

    /// What the level would be if `principal` were active.
    func levelIfActive(of principal: PrincipalIndex, on repository: Int32, at now: Timestamp) -> AccessLevel? {
        var highest: AccessLevel? = repositories[repository].isPublic ? .readOnly : nil
        let namespace = repositories[repository].namespace
        forEachContribution(of: principal, on: namespace, and: repository, at: now) { contribution in
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
