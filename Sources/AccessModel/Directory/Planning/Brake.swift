/// A plan after the brake: what may be applied at once, and what waits for a person.
public struct BrakedPlan: Hashable, Sendable, Codable {
    /// In the order of the plan.
    public var apply: [SyncChange]
    public var held: [HeldPart]

    public init(apply: [SyncChange], held: [HeldPart]) {
        self.apply = apply
        self.held = held
    }
}

/// Changes that are held together, to be approved together.
public struct HeldPart: Hashable, Sendable, Codable {
    /// With numbers: "6 of 10 members would leave nerd-dinner/ops, which is more than 50 %".
    public var reason: String
    /// In the order of the plan.
    public var changes: [SyncChange]

    public init(reason: String, changes: [SyncChange]) {
        self.reason = reason
        self.changes = changes
    }

    /// The text to take a digest of, that names exactly these changes.
    public var canonicalText: String { changes.map(\.canonicalText).joined(separator: "\n") }
}

/// Holds what a synchronisation should not do without a person's approval.
///
/// A removal is one account less in one team, organisation or role, one deactivation, or one inactive account that is
/// gone. A percentage of them is of what the directory manages (accounts of those who are not gone, and memberships;
/// in a team, its managed members). Percentages apply from five changes on.
public enum Brake {
    /// - Over a team's limit, the removals from that team are held, with the departures from its
    ///   organisation that would bring them about. Over an organisation's limit, the departures
    ///   from it are held, and over an overall limit everything is.
    /// - The last active system administrator is neither demoted nor deactivated, and the last
    ///   active owner of an organisation neither demoted nor removed from it, without approval;
    ///   a last owner may be deactivated, and keeps the role.
    /// - A deactivation is held by nothing else but the overall limit.
    ///
    /// - Parameters:
    ///   - isFirstRun: whether the directory was never synchronised before: the limit on
    ///     additions does not apply then.
    ///   - approved: held parts that a person approved. One that is held again with exactly the
    ///     same changes passes; one whose changes have become others is held anew.
    public static func apply(
        _ plan: SyncPlan, limits: DirectorySettings.Brake, state: DirectoryState, isFirstRun: Bool = false,
        approved: Set<HeldPart> = []
    ) -> BrakedPlan {
        var sorter = HeldPartSorter(plan.changes)
        let guardian = LastOneGuard(plan: plan, state: state)
        sorter.hold(guardian.lastAdminReason) { guardian.touchesAdmins($0) }
        for organization in guardian.organizations {
            sorter.hold(guardian.lastOwnerReason(organization)) { guardian.touchesOwners($0, of: organization.id) }
        }
        for limit in RemovalLimit.exceeded(by: plan, limits: limits, state: state) {
            sorter.hold(limit.reason) { limit.concerns($0) }
        }
        let overall = OverallCount(plan, state).exceeded(limits, isFirstRun: isFirstRun)
        if !overall.isEmpty { sorter.hold(overall.joined(separator: "; ")) { _ in true } }
        return sorter.result(approved: Set(approved.map(\.changes)))
    }
}

/// Deals a plan's changes out to the held parts, each to the first that wants it.
private struct HeldPartSorter {
    private let changes: [SyncChange]
    private var partOf: [Int?]
    private var reasons: [String] = []

    init(_ changes: [SyncChange]) {
        self.changes = changes
        partOf = Array(repeating: nil, count: changes.count)
    }

    mutating func hold(_ reason: String?, _ belongs: (SyncChange) -> Bool) {
        guard let reason else { return }
        let chosen = changes.indices.filter { partOf[$0] == nil && belongs(changes[$0]) }
        guard !chosen.isEmpty else { return }
        for position in chosen { partOf[position] = reasons.count }
        reasons.append(reason)
    }

    func result(approved: Set<[SyncChange]>) -> BrakedPlan {
        var parts = reasons.map { HeldPart(reason: $0, changes: []) }
        for (position, part) in partOf.enumerated() {
            if let part { parts[part].changes.append(changes[position]) }
        }
        let isHeld = parts.map { !approved.contains($0.changes) }
        let passing = changes.indices.filter { position in partOf[position].map { !isHeld[$0] } ?? true }
        return BrakedPlan(
            apply: passing.map { changes[$0] }, held: zip(parts, isHeld).filter { $0.1 }.map { $0.0 })
    }
}

/// What a plan does in all.
private struct OverallCount {
    private var removals = 0
    private var promotions = 0
    private var reactivations = 0
    private var renames = 0
    private var additions = 0
    /// The accounts of the directory.
    private let accounts: Int
    /// What the directory manages now.
    private let managed: Int

    init(_ plan: SyncPlan, _ state: DirectoryState) {
        accounts = state.accounts.count
        managed =
            state.accounts.count { $0.account.directory?.goneSince == nil }
            + state.organizationMembers.count(where: { $0.managedBy == state.directory })
            + state.teamMembers.count(where: { $0.managedBy == state.directory })
        for change in plan.changes { count(change) }
    }

    private mutating func count(_ change: SyncChange) {
        switch change.action {
        // Was counted when they were found to be gone.
        case .removing(.deprovision): break
        case .removing: removals += 1
        case .adding(let addition):
            switch addition {
            case .reactivate:
                additions += 1
                reactivations += 1
            case .createUser, .addToTeam, .addToOrganization(_, role: .member): additions += 1
            case .addToOrganization(_, role: .owner):
                additions += 1
                promotions += 1
            case .promoteToOwner, .promoteToSystemAdmin: promotions += 1
            case .rename: renames += 1
            case .updateProfile, .createOrganization, .createTeam: break
            }
        }
    }

    func exceeded(_ limits: DirectorySettings.Brake, isFirstRun: Bool) -> [String] {
        var reasons: [String] = []
        if removals > limits.maxRemovals {
            reasons.append(
                "\(removals == 1 ? "1 removal is" : "\(removals) removals are") more than \(limits.maxRemovals)")
        }
        if Share(removals, of: managed).exceeds(limits.maxPercent) {
            reasons.append(
                "\(removals) removals are more than \(limits.maxPercent) % "
                    + "of the \(managed) accounts and memberships kept here"
            )
        }
        if promotions > limits.maxPromotions {
            reasons.append(
                "\(promotions) promotions to owner or system administrator are more than \(limits.maxPromotions)")
        }
        if reactivations > limits.maxReactivations {
            reasons.append("\(reactivations) reactivations are more than \(limits.maxReactivations)")
        }
        if Share(renames, of: accounts).exceeds(limits.maxRenamePercent) {
            reasons.append(
                "\(renames) renames are more than \(limits.maxRenamePercent) % of the \(accounts) accounts kept here")
        }
        if !isFirstRun, Share(additions, of: managed).exceeds(limits.maxAdditionsPercent) {
            reasons.append(
                "\(additions) additions are more than \(limits.maxAdditionsPercent) % "
                    + "of the \(managed) accounts and memberships kept here")
        }
        return reasons
    }
}
