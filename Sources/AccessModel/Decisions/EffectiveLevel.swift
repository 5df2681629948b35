// The rule: who has which level on a repository. Checks, explanations, registry tokens and the rights over repositories
// ask here; who-may and what-may (Holders.swift) walk the same grants in the other direction. Levels add up and the
// highest wins; there is no deny rule.

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
        guard principals.isActive(principal, at: now) else { return }
        forEachContributionIfActive(
            of: principal, on: registry.repositories.namespace(of: repository), and: repository, at: now, visit)
        if registry.repositories.has(.isPublic, repository) {
            visit(Contribution(level: .readOnly, source: .publicRepository))
        }
    }

    /// Visits everything that gives `principal` a level on all of `namespace`, present and
    /// future repositories alike.
    @inline(__always)
    func forEachNamespaceContribution(
        of principal: PrincipalIndex, on namespace: Int32, at now: Timestamp, _ visit: (Contribution) -> Void
    ) {
        guard principals.isActive(principal, at: now) else { return }
        forEachContributionIfActive(of: principal, on: namespace, and: nil, at: now, visit)
    }

    /// What somebody active is and was given: on the namespace, and on one repository in it.
    @inline(__always)
    private func forEachContributionIfActive(
        of principal: PrincipalIndex, on namespace: Int32, and repository: Int32?, at now: Timestamp,
        _ visit: (Contribution) -> Void
    ) {
        @inline(__always)
        func take(_ level: AccessLevel, until end: Int64, _ source: Contribution.Source) {
            if now.microseconds < end { visit(Contribution(level: level, source: source, expiresAt: end)) }
        }
        @inline(__always)
        func takeGrant(to subject: GrantSide, _ source: Contribution.Source) {
            guard let repository,
                let grant = registry.repositories.rows.word(of: repository, keyOf: GrantLink(to: subject))
            else { return }
            take(grant.level, until: registry.end(of: grant, on: GrantSide(.repository, repository)), source)
        }
        switch principal {
        case .anonymous:
            break
        case .user(let user):
            if principals.accounts.has(.isSystemAdmin, user) {
                visit(Contribution(level: .admin, source: .systemAdministrator))
            }
            if user == namespace { visit(Contribution(level: .admin, source: .namespaceOwner)) }
            principals.accounts.rows.forEachWord(of: user) { membership in
                guard let memberOf = membership.team else {
                    if membership.ownedOrganization == namespace {
                        visit(Contribution(level: .admin, source: .organizationOwner))
                    }
                    return
                }
                guard principals.teams.places[memberOf].organization == namespace else { return }
                principals.forEachTeam(upwardFrom: memberOf) { granted in
                    if let level = registry.teamLevels[granted].level {
                        take(
                            level, until: endOfNamespaceLevel(of: granted, on: namespace),
                            .team(granted: granted, memberOf: memberOf, onNamespace: true))
                    }
                    takeGrant(
                        to: GrantSide(.team, granted), .team(granted: granted, memberOf: memberOf, onNamespace: false))
                }
            }
            takeGrant(to: GrantSide(.account, user), .direct(onNamespace: false))
        case .serviceAccount(let service):
            let side = GrantSide(.serviceAccount, service)
            if principals.serviceAccounts[service].owner == namespace,
                let grant = registry.namespaces[namespace].grants[keyOf: GrantLink(to: side)]
            {
                take(
                    grant.level, until: registry.end(of: grant, on: GrantSide(.account, namespace)),
                    .direct(onNamespace: true))
            }
            takeGrant(to: side, .direct(onNamespace: false))
        }
    }

    @inline(__always)
    private func endOfNamespaceLevel(of team: Int32, on namespace: Int32) -> Int64 {
        registry.teamLevels[team].ends ? registry.namespaces[namespace].ends[GrantSide(.team, team)] : .max
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
        var highest: AccessLevel? = registry.repositories.has(.isPublic, repository) ? .readOnly : nil
        let namespace = registry.repositories.namespace(of: repository)
        forEachContributionIfActive(of: principal, on: namespace, and: repository, at: now) { contribution in
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
        guard registry.namespaces[namespace].createsOnPush,
            let level = namespaceLevel(of: principal, on: namespace, at: now)
        else { return false }
        return level >= .readWrite
    }
}
