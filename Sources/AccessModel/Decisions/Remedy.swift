/// Something that would allow what is denied, for whoever may manage access there.
public enum Remedy: Hashable, Sendable {
    /// The account, or the owner of the service account, is inactive.
    case activate(AccountName)
    case activateServiceAccount(Principal)
    /// The service account has ended.
    case extendServiceAccount(Principal, ended: Timestamp)
    /// A level that was enough has ended.
    case renew(holder: Holder, target: Reason.Target, level: AccessLevel, ended: Timestamp)
    /// A level that is there is not enough.
    case raise(holder: Holder, target: Reason.Target, from: AccessLevel, to: AccessLevel)
    /// A team has enough, and the user is not in it.
    case join(organization: AccountName, team: TeamName, target: Reason.Target, level: AccessLevel)

    /// Who has a level that concerns the principal.
    public enum Holder: Hashable, Sendable {
        /// A team that they are in, or that is above one that they are in.
        case team(organization: AccountName, name: TeamName)
        case themselves
    }
}

extension AccessGraph {
    /// The nearest things that would let `principal` do `action`, the nearest first: what has ended, what they
    /// have themselves and is too little, teams to join, and what teams of theirs have and is too little. Empty if nothing is near, or if it is allowed already.
    public func remedies(
        for principal: Principal, _ action: Action, on path: RepositoryPath, at now: Timestamp
    ) -> [Remedy] {
        guard let principal = principals.index(of: principal), let repository = index(at: path) else { return [] }
        let needed = action.requiredLevel
        if !principals.isActive(principal, at: now) {
            // Nothing is near where activity alone would give nothing.
            let level = levelIfActive(of: principal, on: repository, at: now)
            return level.map { $0 >= needed } ?? false ? activations(principal, at: now) : []
        }
        if let level = level(of: principal, on: repository, at: now), level >= needed { return [] }
        let namespace = registry.repositories.namespace(of: repository)
        let own = ownSides(of: principal, in: namespace)
        let places = [
            Place(side: GrantSide(.repository, repository), target: .repository(path)),
            Place(side: GrantSide(.account, namespace), target: .namespace(path.namespace)),
        ]
        var renewals: [Remedy] = []
        var raises: [Remedy] = []
        for place in places {
            let grants = registry.grants(on: place.side)
            for (side, holder) in own {
                guard let grant = grants[keyOf: GrantLink(to: side)] else { continue }
                let end = registry.end(of: grant, on: place.side)
                if end <= now.microseconds, grant.level >= needed {
                    renewals.append(
                        .renew(
                            holder: holder, target: place.target, level: grant.level,
                            ended: Timestamp(microseconds: end)))
                } else if end > now.microseconds, grant.level < needed {
                    raises.append(.raise(holder: holder, target: place.target, from: grant.level, to: needed))
                }
            }
        }
        // To raise what a team has gives it to others too: that comes last.
        let (alone, shared) = (raises.filter(\.isAboutThemselves), raises.filter { !$0.isAboutThemselves })
        var joins: [Remedy] = []
        if case .user = principal {
            joins = teamsToJoin(in: namespace, besides: Set(own.map(\.side)), places, needed, at: now)
        }
        return Array((renewals + alone + joins + shared).prefix(5))
    }

    /// Where something may have been given.
    private struct Place {
        let side: GrantSide
        let target: Reason.Target
    }

    /// To whom something could be given that the principal would have by it: themselves, their teams there,
    /// and those above.
    private func ownSides(
        of principal: PrincipalIndex, in namespace: Int32
    ) -> [(side: GrantSide, holder: Remedy.Holder)] {
        switch principal {
        case .anonymous: return []
        case .serviceAccount(let service): return [(GrantSide(.serviceAccount, service), .themselves)]
        case .user(let user):
            var sides: [(side: GrantSide, holder: Remedy.Holder)] = []
            var seen: Set<Int32> = []
            principals.forEachTeam(of: user, in: namespace) { memberOf in
                principals.forEachTeam(upwardFrom: memberOf) { team in
                    guard seen.insert(team).inserted else { return }
                    let holder = Remedy.Holder.team(
                        organization: principals.accounts.names[namespace], name: principals.teams.nodes[team].name)
                    sides.append((GrantSide(.team, team), holder))
                }
            }
            return sides + [(GrantSide(.account, user), .themselves)]
        }
    }

    /// Other teams of the namespace that have enough: the one that gives the least comes first.
    private func teamsToJoin(
        in namespace: Int32, besides own: Set<GrantSide>, _ places: [Place],
        _ needed: AccessLevel, at now: Timestamp
    ) -> [Remedy] {
        var seen = own
        var joins: [(name: TeamName, level: AccessLevel, remedy: Remedy)] = []
        for place in places {
            for grant in registry.grants(on: place.side)
            where grant.other.kind == .team && grant.level >= needed
                && registry.counts(grant, on: place.side, at: now)
                && principals.teams.places[grant.other.index].organization == namespace
                && seen.insert(grant.other).inserted
            {
                let name = principals.teams.nodes[grant.other.index].name
                let join = Remedy.join(
                    organization: principals.accounts.names[namespace], team: name, target: place.target,
                    level: grant.level)
                joins.append((name, grant.level, join))
            }
        }
        return joins.sorted { ($0.level, $0.name) < ($1.level, $1.name) }.map(\.remedy)
    }

    private func activations(_ principal: PrincipalIndex, at now: Timestamp) -> [Remedy] {
        switch principal {
        case .anonymous: return []
        case .user(let user):
            let accounts = principals.accounts
            return accounts.has(.exists, user) ? [.activate(accounts.names[user])] : []
        case .serviceAccount(let service):
            let (node, name) = (principals.serviceAccounts[service], principals.principal(at: principal))
            var remedies: [Remedy] = []
            if !node.isActive { remedies.append(.activateServiceAccount(name)) }
            if node.expiresAt <= now.microseconds {
                remedies.append(.extendServiceAccount(name, ended: Timestamp(microseconds: node.expiresAt)))
            }
            if !principals.accounts.has(.isActive, node.owner) {
                remedies.append(.activate(principals.accounts.names[node.owner]))
            }
            return remedies
        }
    }
}

extension Remedy: CustomStringConvertible {
    public var description: String {
        switch self {
        case .activate(let name): "\(name) is inactive: activate the account"
        case .activateServiceAccount(let principal): "\(principal) is inactive: activate it"
        case .extendServiceAccount(let principal, let ended): "\(principal) ended at \(ended): give it a later end"
        case .renew(let holder, let target, let level, let ended):
            "\(holder.subject) had \(level.rawValue) on \(target) until \(ended): give it anew"
        case .raise(let holder, let target, let level, let needed):
            "\(holder.subject) has \(level.rawValue) on \(target): raise it to \(needed.rawValue)"
        case .join(let organization, let team, let target, let level):
            "\(organization)/\(team) has \(level.rawValue) on \(target): make them a member"
        }
    }

    /// The word that stands for the case in JSON.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case activate
        case renewGrant = "renew-grant"
        case raiseGrant = "raise-grant"
        case joinTeam = "join-team"
    }

    public var kind: Kind {
        switch self {
        case .activate, .activateServiceAccount, .extendServiceAccount: .activate
        case .renew: .renewGrant
        case .raise: .raiseGrant
        case .join: .joinTeam
        }
    }
}

extension Remedy {
    fileprivate var isAboutThemselves: Bool {
        if case .raise(holder: .themselves, _, _, _) = self { true } else { false }
    }
}

extension Remedy.Holder {
    fileprivate var subject: String {
        switch self {
        case .team(let organization, let name): "\(organization)/\(name), a team of theirs,"
        case .themselves: "the account itself"
        }
    }
}
