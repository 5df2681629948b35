/// The answer to a question of the control plane, with everything that led to it.
public struct ControlDecision: Hashable, Sendable {
    public let isAllowed: Bool
    /// When allowed: until when at the latest, if all that allows it has an end.
    public let validUntil: Timestamp?
    /// Everything that gives the principal what was asked for; filled by `explain` only.
    public let reasons: [ControlReason]
    /// Why not, for a denial; filled by `explain` only.
    public let denial: ControlDenial?
    /// The revision and the moment the decision was made at.
    public let revision: Revision
    public let time: Timestamp
}

extension ControlDecision {
    /// The same with some of its reasons.
    public func telling(where isTold: (ControlReason) -> Bool) -> ControlDecision {
        ControlDecision(
            isAllowed: isAllowed, validUntil: validUntil, reasons: reasons.filter(isTold), denial: denial,
            revision: revision, time: time)
    }
}

/// One thing that gives an operation, with its path.
public struct ControlReason: Hashable, Sendable {
    public enum Source: Hashable, Sendable {
        case systemAdministrator
        case direct
        /// From the team the principal is in, through its parents, to the team that was given the role.
        case team(organization: AccountName, path: [TeamName])
        case organization(AccountName)
        case everyone
        case privateCollection
    }

    public let source: Source
    /// nil for every operation.
    public let role: RoleName?
    /// Where the role was given: where it was asked for, or above that.
    public let collection: CollectionPath
    /// What it gives of what was asked for.
    public let operation: ControlOperation
    public let expiresAt: Timestamp?
    /// Where it was asked for: `collection`, or below that.
    public let asked: CollectionPath

    /// From where it was asked for up to where the role was given: each collection with the one above it.
    var below: [(CollectionPath, CollectionPath)] {
        var (steps, place): ([(CollectionPath, CollectionPath)], CollectionPath) = ([], asked)
        while place != collection, let parent = place.parent {
            steps.append((place, parent))
            place = parent
        }
        return steps
    }
}

public enum ControlDenial: Hashable, Sendable {
    /// The principal is unknown or inactive.
    case inactivePrincipal
    /// There is no such collection, or none that the principal may know of: the two are one answer.
    case nothingThere
    /// The collection may be seen, but not that be done in it.
    case lacking(ControlOperation, CollectionPath)
}

extension AccessGraph {
    /// Decides whether a principal may do all that a question asks for at `now`.
    public func check(_ question: ControlQuestion, at now: Timestamp) -> ControlDecision {
        decide(question, at: now, explains: false) { _, _, _ in }
    }

    /// `check` with every reason, those without an end first, or with what a denial comes from.
    /// - Parameter isKnown: whether the answer is for somebody who may know of a collection, whatever the principal may.
    public func explain(
        _ question: ControlQuestion, at now: Timestamp, isKnown: (CollectionPath) -> Bool = { _ in false }
    ) -> ControlDecision {
        var reasons: [ControlReason] = []
        let decision = decide(question, at: now, explains: true, isKnown: isKnown) {
            operation, place, contribution in
            reasons.append(reason(contribution, operation, in: place))
        }
        reasons.sort {
            ($0.operation, $1.expiresAt ?? .last, $0.description) < (
                $1.operation, $0.expiresAt ?? .last, $1.description
            )
        }
        return ControlDecision(
            isAllowed: decision.isAllowed, validUntil: decision.validUntil,
            reasons: decision.denial == .nothingThere ? [] : reasons, denial: decision.denial,
            revision: decision.revision, time: decision.time)
    }

    /// - Parameters:
    ///   - explains: whether to find out why not: what is at or below a collection decides whether it may be seen.
    ///   - visit: called with everything that gives something of what is asked for.
    @inline(__always)
    private func decide(
        _ question: ControlQuestion, at now: Timestamp, explains: Bool,
        isKnown: (CollectionPath) -> Bool = { _ in false },
        _ visit: (ControlOperation, CollectionPlace, ControlContribution) -> Void
    ) -> ControlDecision {
        guard let principal = principals.index(of: question.subject), principals.isActive(principal, at: now) else {
            return denied(explains ? .inactivePrincipal : nil, at: now)
        }
        guard let place = place(of: question.resource) else { return denied(explains ? .nothingThere : nil, at: now) }
        var end = principals.end(of: principal)
        var lacking: (operation: ControlOperation, place: CollectionPlace)?
        forEachRequirement(of: question, in: place) { operation, place in
            guard lacking == nil else { return }
            let roles = control.roles.having(operation)
            var last: Int64?
            forEachControlContribution(of: principal, in: place, at: now) {
                roles.contains($0)
            } _: {
                last = max(last ?? .min, $0.expiresAt)
                visit(operation, place, $0)
            }
            if let last { end = min(end, last) } else { lacking = (operation, place) }
        }
        if let (operation, lackingPlace) = lacking {
            guard explains else { return denied(nil, at: now) }
            let path = path(of: lackingPlace)
            let isVisible = isKnown(path) || isVisible(lackingPlace, to: principal, at: now)
            return denied(isVisible ? .lacking(operation, path) : .nothingThere, at: now)
        }
        return ControlDecision(
            isAllowed: true, validUntil: end == .max ? nil : Timestamp(microseconds: end), reasons: [], denial: nil,
            revision: revision, time: now)
    }

    /// Visits everything that a question asks for, and where. What is made on an engine, but in a collection elsewhere, also
    /// needs `node.schedule` where the engine is: its nodes are there.
    @inline(__always)
    private func forEachRequirement(
        of question: ControlQuestion, in place: CollectionPlace, _ visit: (ControlOperation, CollectionPlace) -> Void
    ) {
        for operation in question.operations { visit(operation, place) }
        guard let reference = question.resource.site, reference.form == .engine,
            let site = control.sites.find(.engine, reference.name),
            question.operations.contains(where: EngineOperation.scheduled.contains)
        else { return }
        let home = control.sites.nodes[site].collection
        var isAtHome = false
        forEachCollection(upwardFrom: place) { if $0 == home { isAtHome = true } }
        if !isAtHome { visit(EngineOperation.schedule, .known(home)) }
    }

    private func denied(_ denial: ControlDenial?, at now: Timestamp) -> ControlDecision {
        ControlDecision(
            isAllowed: false, validUntil: nil, reasons: [], denial: denial, revision: revision, time: now)
    }

    private func reason(
        _ contribution: ControlContribution, _ operation: ControlOperation, in place: CollectionPlace
    ) -> ControlReason {
        let source: ControlReason.Source =
            switch contribution.source {
            case .systemAdministrator: .systemAdministrator
            case .direct: .direct
            case .team(let granted, let memberOf):
                .team(
                    organization: principals.accounts.names[principals.teams.places[granted].organization],
                    path: teamPath(from: memberOf, to: granted))
            case .organization(let organization): .organization(principals.accounts.names[organization])
            case .everyone: .everyone
            case .privateCollection: .privateCollection
            }
        let asked = path(of: place)
        let collection: CollectionPath =
            switch contribution.source {
            case .systemAdministrator: .root
            case .privateCollection:
                CollectionPath(Array(asked.components.prefix(CollectionPath.privates.components.count + 1)))
            default: contribution.collection.map(path(ofCollection:)) ?? .root
            }
        return ControlReason(
            source: source, role: contribution.role.map { control.roles.nodes[$0].name }, collection: collection,
            operation: operation,
            expiresAt: contribution.expiresAt == .max ? nil : Timestamp(microseconds: contribution.expiresAt),
            asked: asked)
    }
}

// Who sees a collection.

extension AccessGraph {
    /// Whether a principal may know of a collection: they have some operation in it or below it.
    func isVisible(_ place: CollectionPlace, to principal: PrincipalIndex, at now: Timestamp) -> Bool {
        let nodes = control.roles.nodes
        var isVisible = false
        forEachControlContribution(of: principal, in: place, at: now) { contribution in
            if contribution.role.map({ !nodes[$0].operations.isEmpty }) ?? true { isVisible = true }
        }
        guard !isVisible, case .known(let index) = place else { return isVisible }
        forEachHeldControlGrant(of: principal, at: now) { grant in
            if !isVisible, !nodes[grant.role].operations.isEmpty,
                control.collections.isAtOrBelow(grant.collection, index)
            {
                isVisible = true
            }
        }
        // One's own private collection is below `/Shared/Private`, also before it is a fact.
        if case .user(let user) = principal, !isVisible, principals.accounts.has(.isActive, user),
            let role = control.defaultRole, !nodes[role].operations.isEmpty,
            let privates = control.collections.privates,
            control.collections.isAtOrBelow(privates, index)
        {
            isVisible = true
        }
        return isVisible
    }

    /// Visits what was given to a principal and to all that they are in, not ended; some of it more than once.
    @inline(__always)
    func forEachHeldControlGrant(of principal: PrincipalIndex, at now: Timestamp, _ visit: (ControlLink) -> Void) {
        guard principal != .anonymous, principals.isActive(principal, at: now) else { return }
        func visitHeld(by subject: ControlSide) {
            control.held(by: subject).forEach { if now.microseconds < $0.end { visit($0) } }
        }
        visitHeld(by: .everyone)
        switch principal {
        case .anonymous: break
        case .serviceAccount(let service): visitHeld(by: ControlSide(.serviceAccount, service))
        case .user(let user):
            visitHeld(by: ControlSide(.user, user))
            principals.accounts.rows.forEachWord(of: user) { membership in
                guard let team = membership.team else { return }
                principals.forEachTeam(upwardFrom: team) { visitHeld(by: ControlSide(.team, $0)) }
            }
            for organization in control.organizationsWithGrants where principals.isMember(user, of: organization) {
                visitHeld(by: ControlSide(.organization, organization))
            }
        }
    }
}
