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
        let (principal, repository) = indices(of: principal, at: path)
        guard let principal, principals.isActive(principal, at: now) else { return denied(.inactivePrincipal, at: now) }
        guard let repository else { return decidePushToNothing(principal, action, path, at: now) }
        var outcome = Outcome()
        forEachContribution(of: principal, on: repository, at: now) { outcome.add($0, action.requiredLevel) }
        return decision(outcome, [], principal, action, at: now)
    }

    /// `check` with every reason.
    public func explain(_ principal: Principal, _ action: Action, _ path: RepositoryPath, at now: Timestamp) -> Decision
    {
        let (principal, repository) = indices(of: principal, at: path)
        guard let principal, principals.isActive(principal, at: now) else { return denied(.inactivePrincipal, at: now) }
        guard let repository else { return decidePushToNothing(principal, action, path, at: now) }
        var outcome = Outcome()
        var reasons: [Reason] = []
        forEachContribution(of: principal, on: repository, at: now) { contribution in
            outcome.add(contribution, action.requiredLevel)
            reasons.append(reason(contribution, on: path))
        }
        reasons.sort { ($1.level, $0.sortKey) < ($0.level, $1.sortKey) }
        return decision(outcome, reasons, principal, action, at: now)
    }

    /// What contributions come to.
    private struct Outcome {
        var level: AccessLevel?
        /// Of those that are enough.
        var lastEnd = Int64.min

        @inline(__always)
        mutating func add(_ contribution: Contribution, _ needed: AccessLevel) {
            level = max(level ?? contribution.level, contribution.level)
            if contribution.level >= needed { lastEnd = max(lastEnd, contribution.expiresAt) }
        }
    }

    @inline(__always)
    private func decision(
        _ outcome: Outcome, _ reasons: [Reason], _ principal: PrincipalIndex, _ action: Action, at now: Timestamp
    ) -> Decision {
        guard let level = outcome.level else { return denied(.nothingThere, at: now) }
        let isAllowed = level >= action.requiredLevel
        let end = min(outcome.lastEnd, principals.end(of: principal))
        return Decision(
            isAllowed: isAllowed, level: level,
            validUntil: isAllowed && end != .max ? Timestamp(microseconds: end) : nil, reasons: reasons,
            denial: isAllowed ? nil : .insufficientLevel(has: level, needs: action.requiredLevel), revision: revision,
            time: now)
    }

    /// A push needs pull as well at the registry, so both are allowed where a push makes the repository.
    private func decidePushToNothing(
        _ principal: PrincipalIndex, _ action: Action, _ path: RepositoryPath, at now: Timestamp
    ) -> Decision {
        guard action == .push || action == .pull, let namespace = principals.accounts.find(path.namespace),
            createsOnPush(principal, in: namespace, at: now)
        else { return denied(.nothingThere, at: now) }
        var lastEnd = Int64.min
        forEachNamespaceContribution(of: principal, on: namespace, at: now) { contribution in
            if contribution.level >= .readWrite { lastEnd = max(lastEnd, contribution.expiresAt) }
        }
        lastEnd = min(lastEnd, principals.end(of: principal))
        return Decision(
            isAllowed: true, level: nil, validUntil: lastEnd == .max ? nil : Timestamp(microseconds: lastEnd),
            reasons: [Reason(source: .createOnPush(path.namespace), level: .readWrite)], denial: nil,
            revision: revision, time: now)
    }

    private func denied(_ denial: Denial, at now: Timestamp) -> Decision {
        Decision(
            isAllowed: false, level: nil, validUntil: nil, reasons: [], denial: denial, revision: revision, time: now)
    }

    private func reason(_ contribution: Contribution, on path: RepositoryPath) -> Reason {
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

    func teamPath(from team: Int32, to ancestor: Int32) -> [TeamName] {
        var current = team
        var path = [principals.teams.nodes[current].name]
        while current != ancestor, let parent = principals.teams.parent(of: current) {
            current = parent
            path.append(principals.teams.nodes[current].name)
        }
        return path
    }
}
