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
    /// Seconds for which what was done without approval counts: a day.
    public static let span: Int64 = 86_400

    /// - Over a team's limit, the removals from that team are held, with the departures from its
    ///   organisation that would bring them about. Over an organisation's limit, the departures
    ///   from it are held, and over an overall limit everything is.
    /// - The last active system administrator is neither demoted nor deactivated, and the last
    ///   active owner of an organisation neither demoted nor removed from it, without approval;
    ///   a last owner may be deactivated, and keeps the role.
    /// - A deactivation is held by nothing else but the overall limit of removals, and doubt.
    /// - What a held group feeds besides is held for the same people: the cause is one.
    /// - While there is doubt whether the directory is as far as it was, everything is held.
    /// - That somebody who was gone is back is never held, and no deactivation for what is added elsewhere.
    ///
    /// - Parameters:
    ///   - isFirstRun: whether the directory was never synchronised before: the limit on
    ///     additions does not apply then.
    ///   - feeds: which groups feed what.
    ///   - past: what was done in the last 24 hours that nobody approved: it counts.
    ///   - doubt: why nothing of the plan is to be believed; nil if nothing speaks against it.
    ///   - approved: held parts that a person approved. One that is held again with exactly the
    ///     same changes passes; one whose changes have become others is held anew.
    public static func apply(
        _ plan: SyncPlan, limits: DirectorySettings.Brake, state: DirectoryState, isFirstRun: Bool = false,
        feeds: [ResolvedFeed] = [], past: SyncTally = SyncTally(), doubt: String? = nil, approved: Set<HeldPart> = []
    ) -> BrakedPlan {
        var sorter = HeldPartSorter(plan.changes)
        sorter.hold(doubt) { $0.addition != .markBack }
        let guardian = LastOneGuard(plan: plan, state: state)
        sorter.hold(guardian.lastAdminReason) { guardian.touchesAdmins($0) }
        for organization in guardian.organizations {
            sorter.hold(guardian.lastOwnerReason(organization)) { guardian.touchesOwners($0, of: organization.id) }
        }
        let fed = FedPlaces(feeds)
        for limit in RemovalLimit.exceeded(by: plan, limits: limits, state: state, past: past, fed: fed) {
            sorter.hold(limit.reason) { limit.concerns($0) }
        }
        let overall = OverallCount(plan, state, past: past).exceeded(limits, isFirstRun: isFirstRun)
        sorter.hold(overall.removals) { $0.addition != .markBack }
        // The last administrator may be deactivated because another one comes, who is held.
        sorter.hold(overall.additions) { change in
            change.addition != .markBack && (!change.isDeactivation || guardian.touchesAdmins(change))
        }
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

/// What a plan does in all, with what was done before.
private struct OverallCount {
    private let tally: SyncTally
    private let past: SyncTally
    /// The accounts of the directory.
    private let accounts: Int
    /// What the directory managed before.
    private let managed: Int

    init(_ plan: SyncPlan, _ state: DirectoryState, past: SyncTally) {
        tally = SyncTally(of: plan.changes) + past
        self.past = past
        accounts = state.accounts.count
        managed =
            state.accounts.count { $0.account.directory?.goneSince == nil }
            + state.organizationMembers.count(where: { $0.managedBy == state.directory })
            + state.teamMembers.count(where: { $0.managedBy == state.directory })
            + past.removals - past.additions
    }

    /// Why there are too many removals, and too many of all else; nil for what there is not.
    func exceeded(
        _ limits: DirectorySettings.Brake, isFirstRun: Bool
    ) -> (removals: String?, additions: String?) {
        let kept = "% of the \(managed) accounts and memberships kept here"
        var removals: [String] = []
        var additions: [String] = []
        func check(_ count: KeyPath<SyncTally, Int>, _ one: String, _ many: String, _ limit: String, _ isOver: Bool) {
            // What was done before is not held for itself.
            guard isOver, tally[keyPath: count] > past[keyPath: count] else { return }
            let number = tally[keyPath: count]
            let before = past[keyPath: count]
            let words = number == 1 ? "1 \(one) is" : "\(number) \(many) are"
            let today = before > 0 ? " (\(before) of them in the last 24 hours, which nobody approved)" : ""
            let reason = "\(words) more than \(limit)\(today)"
            if count == \.removals { removals.append(reason) } else { additions.append(reason) }
        }
        check(\.removals, "removal", "removals", "\(limits.maxRemovals)", tally.removals > limits.maxRemovals)
        check(
            \.removals, "removal", "removals", "\(limits.maxPercent) \(kept)",
            Share(tally.removals, of: managed).exceeds(limits.maxPercent))
        let (promotion, promotions) = (
            "promotion to owner or system administrator", "promotions to owner or system administrator"
        )
        check(
            \.promotions, promotion, promotions, "\(limits.maxPromotions)", tally.promotions > limits.maxPromotions)
        check(
            \.reactivations, "reactivation", "reactivations", "\(limits.maxReactivations)",
            tally.reactivations > limits.maxReactivations)
        check(
            \.renames, "rename", "renames", "\(limits.maxRenamePercent) % of the \(accounts) accounts kept here",
            Share(tally.renames, of: accounts).exceeds(limits.maxRenamePercent))
        check(
            \.additions, "addition", "additions", "\(limits.maxAdditionsPercent) \(kept)",
            !isFirstRun && Share(tally.additions, of: managed).exceeds(limits.maxAdditionsPercent))
        func joined(_ reasons: [String]) -> String? { reasons.isEmpty ? nil : reasons.joined(separator: "; ") }
        // What is held for removals is held for additions, too: all reasons are told.
        return (joined(removals + (removals.isEmpty ? [] : additions)), joined(additions))
    }
}

extension SyncChange {
    fileprivate var isDeactivation: Bool { if case .deactivate? = removal { true } else { false } }
}
