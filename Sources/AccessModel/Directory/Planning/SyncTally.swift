/// How much changes do, of each kind that the brake limits.
public struct SyncTally: Hashable, Sendable, Codable {
    public var removals = 0
    public var promotions = 0
    public var reactivations = 0
    public var renames = 0
    public var additions = 0
    /// Removals by team and by organisation.
    public var teams: [String: Int] = [:]
    public var organizations: [String: Int] = [:]

    public init() {}

    /// - Parameter isFirstRun: then what is added is no surprise, and is left out.
    public init(of changes: [SyncChange], isFirstRun: Bool = false) {
        for change in changes { count(change) }
        if isFirstRun { additions = 0 }
    }

    public var isEmpty: Bool { self == SyncTally() }

    private mutating func count(_ change: SyncChange) {
        switch change.action {
        // Was counted when they were found to be gone.
        case .removing(.deprovision): break
        case .removing(let removal):
            removals += 1
            switch removal {
            case .removeFromTeam(let team):
                if let id = team.id { teams[id.rawValue, default: 0] += 1 }
            case .removeFromOrganization(let place), .demoteFromOwner(let place):
                if let id = place.id { organizations[id.rawValue, default: 0] += 1 }
            default: break
            }
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
            case .updateProfile, .markBack, .createOrganization, .createTeam: break
            }
        }
    }

    public static func + (left: SyncTally, right: SyncTally) -> SyncTally {
        var sum = left
        sum.removals += right.removals
        sum.promotions += right.promotions
        sum.reactivations += right.reactivations
        sum.renames += right.renames
        sum.additions += right.additions
        sum.teams.merge(right.teams, uniquingKeysWith: +)
        sum.organizations.merge(right.organizations, uniquingKeysWith: +)
        return sum
    }
}
