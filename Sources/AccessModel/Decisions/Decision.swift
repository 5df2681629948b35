/// The answer to "may they?", with everything that led to it.
public struct Decision: Hashable, Sendable {
    public let isAllowed: Bool
    /// The effective level on the repository; nil for none.
    public let level: AccessLevel?
    /// When allowed: until when at the latest, if every grant that allows it has an end.
    public let validUntil: Timestamp?
    /// Everything that gives the principal a level, strongest first; filled by `explain` only.
    public let reasons: [Reason]
    /// Why not, for a denial.
    public let denial: Denial?
    /// The revision and the moment the decision was made at.
    public let revision: Revision
    public let time: Timestamp
}

/// One thing that gives a level, with its path.
public struct Reason: Hashable, Sendable {
    public enum Source: Hashable, Sendable {
        case systemAdministrator
        case namespaceOwner
        case organizationOwner(AccountName)
        /// From the team the principal is in, through its parents, to the team that was given the level.
        case team(organization: AccountName, path: [TeamName], target: Target)
        case direct(Target)
        case publicRepository
        /// The repository does not exist, and a push makes it.
        case createOnPush(AccountName)
    }

    public enum Target: Hashable, Sendable {
        case repository(RepositoryPath)
        case namespace(AccountName)
    }

    public let source: Source
    public let level: AccessLevel
    public let expiresAt: Timestamp?

    public init(source: Source, level: AccessLevel, expiresAt: Timestamp? = nil) {
        self.source = source
        self.level = level
        self.expiresAt = expiresAt
    }
}

public enum Denial: Hashable, Sendable {
    /// The principal is unknown or inactive.
    case inactivePrincipal
    /// There is no such repository, or none that the principal may know of: the two are one answer.
    case nothingThere
    /// The repository may be seen, but the action needs more.
    case insufficientLevel(has: AccessLevel, needs: AccessLevel)
}

extension AccessGraph {
    /// Decides whether `principal` may do `action` on `path` at `now`.
    public func check(_ principal: Principal, _ action: Action, _ path: RepositoryPath, at now: Timestamp) -> Decision {
        decide(principal, action, path, at: now, collectsReasons: false)
    }

    /// `check` with every reason.
    public func explain(_ principal: Principal, _ action: Action, _ path: RepositoryPath, at now: Timestamp) -> Decision
    {
        decide(principal, action, path, at: now, collectsReasons: true)
    }

    private func decide(
        _ principal: Principal, _ action: Action, _ path: RepositoryPath, at now: Timestamp, collectsReasons: Bool
    ) -> Decision {
        guard let index = index(of: principal), isActive(index, at: now) else {
            return denied(.inactivePrincipal, at: now)
        }
        guard let repository = self.index(at: path) else {
            return decidePushToNothing(index, action, path, at: now)
        }
        var level: AccessLevel?
        var lastEnd = Int64.min
        var reasons: [Reason] = []
        forEachContribution(of: index, on: repository, at: now) { contribution in
            level = max(level ?? contribution.level, contribution.level)
            if contribution.level >= action.requiredLevel { lastEnd = max(lastEnd, contribution.expiresAt) }
            if collectsReasons { reasons.append(reason(contribution, on: repository)) }
        }
        guard let level else { return denied(.nothingThere, at: now) }
        let isAllowed = level >= action.requiredLevel
        lastEnd = min(lastEnd, end(of: index))
        return Decision(
            isAllowed: isAllowed, level: level,
            validUntil: isAllowed && lastEnd != .max ? Timestamp(microseconds: lastEnd) : nil,
            reasons: reasons.sorted { ($1.level, $0.sortKey) < ($0.level, $1.sortKey) },
            denial: isAllowed ? nil : .insufficientLevel(has: level, needs: action.requiredLevel), revision: revision,
            time: now)
    }

    /// A push needs pull as well at the registry, so both are allowed where a push makes the repository.
    private func decidePushToNothing(
        _ principal: PrincipalIndex, _ action: Action, _ path: RepositoryPath, at now: Timestamp
    ) -> Decision {
        guard action == .push || action == .pull, let namespace = index(named: path.namespace),
            createsOnPush(principal, in: namespace, at: now)
        else { return denied(.nothingThere, at: now) }
        var lastEnd = Int64.min
        forEachNamespaceContribution(of: principal, on: namespace, at: now) { contribution in
            if contribution.level >= .readWrite { lastEnd = max(lastEnd, contribution.expiresAt) }
        }
        lastEnd = min(lastEnd, end(of: principal))
        return Decision(
            isAllowed: true, level: nil, validUntil: lastEnd == .max ? nil : Timestamp(microseconds: lastEnd),
            reasons: [Reason(source: .createOnPush(path.namespace), level: .readWrite)], denial: nil,
            revision: revision, time: now)
    }

    private func denied(_ denial: Denial, at now: Timestamp) -> Decision {
        Decision(
            isAllowed: false, level: nil, validUntil: nil, reasons: [], denial: denial, revision: revision, time: now)
    }

    private func reason(_ contribution: Contribution, on repository: Int32) -> Reason {
        let path = path(of: repository)
        func target(_ onNamespace: Bool) -> Reason.Target {
            onNamespace ? .namespace(path.namespace) : .repository(path)
        }
        let source: Reason.Source =
            switch contribution.source {
            case .systemAdministrator: .systemAdministrator
            case .namespaceOwner: .namespaceOwner
            case .organizationOwner: .organizationOwner(path.namespace)
            case .team(let granted, let memberOf, let onNamespace):
                .team(
                    organization: path.namespace, path: teamPath(from: memberOf, to: granted),
                    target: target(onNamespace))
            case .direct(let onNamespace): .direct(target(onNamespace))
            case .publicRepository: .publicRepository
            }
        return Reason(
            source: source, level: contribution.level,
            expiresAt: contribution.expiresAt == .max ? nil : Timestamp(microseconds: contribution.expiresAt))
    }

    private func teamPath(from team: Int32, to ancestor: Int32) -> [TeamName] {
        var path = [teams[team].name]
        var current = team
        while current != ancestor, let parent = teams[current].parent {
            path.append(teams[parent].name)
            current = parent
        }
        return path
    }
}
