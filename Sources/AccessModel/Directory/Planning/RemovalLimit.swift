/// Removals from one team or one organisation that are too many of its members.
struct RemovalLimit {
    private enum Place: Hashable {
        case team(SyncTeam)
        case organization(SyncOrganization)

        init?(_ removal: SyncChange.Removal?) {
            switch removal {
            case .removeFromTeam(let team): self = .team(team)
            case .removeFromOrganization(let organization), .demoteFromOwner(let organization):
                self = .organization(organization)
            default: return nil
            }
        }
    }

    let reason: String
    private let place: Place
    private let leavers: Set<SyncPerson>
    /// What the same groups feed besides.
    private let siblings: Set<FedPlaces.Place>

    /// Teams come before organisations, each in the order of the plan.
    static func exceeded(
        by plan: SyncPlan, limits: DirectorySettings.Brake, state: DirectoryState, past: SyncTally,
        fed: FedPlaces
    ) -> [RemovalLimit] {
        var places: [Place] = []
        var leavers: [Place: Set<SyncPerson>] = [:]
        for change in plan.changes {
            guard let person = change.person, let place = Place(change.removal) else { continue }
            if leavers[place] == nil { places.append(place) }
            leavers[place, default: []].insert(person)
        }
        guard !places.isEmpty else { return [] }
        let sizes = Sizes(state)
        let limited = places.compactMap { place -> RemovalLimit? in
            let leaving = leavers[place] ?? []
            return RemovalLimit(place, leaving, sizes.members(of: place, with: leaving), limits, past, fed)
        }
        return limited.filter(\.isOfTeam) + limited.filter { !$0.isOfTeam }
    }

    /// nil if they are few enough.
    private init?(
        _ place: Place, _ leavers: Set<SyncPerson>, _ size: Int, _ limits: DirectorySettings.Brake, _ past: SyncTally,
        _ fed: FedPlaces
    ) {
        let (name, count, percent, before) =
            switch place {
            case .team(let team):
                (
                    team.description, limits.maxTeamRemovals, limits.maxTeamPercent,
                    team.id.flatMap { past.teams[$0.rawValue] } ?? 0
                )
            case .organization(let organization):
                (
                    organization.description, limits.maxOrganizationRemovals, limits.maxOrganizationPercent,
                    organization.id.flatMap { past.organizations[$0.rawValue] } ?? 0
                )
            }
        let (number, whole) = (leavers.count + before, size + before)
        let today = before > 0 ? " (\(before) have in the last 24 hours, which nobody approved)" : ""
        let what = "\(number) of \(whole) members would leave \(name)\(today), which is more than"
        if Share(number, of: whole).exceeds(percent) {
            reason = "\(what) \(percent) %"
        } else if let count, number > count {
            reason = "\(what) \(count)"
        } else {
            return nil
        }
        self.place = place
        self.leavers = leavers
        siblings = fed.siblings(of: Self.fedPlace(place))
    }

    private var isOfTeam: Bool { if case .team = place { true } else { false } }

    /// Leaving the organisation would leave the team. What the same groups feed besides has the same cause.
    func concerns(_ change: SyncChange) -> Bool {
        guard let person = change.person, let removal = change.removal else { return false }
        if let other = FedPlaces.place(of: removal), siblings.contains(other), leavers.contains(person) { return true }
        switch (place, removal) {
        case (.team(let team), .removeFromTeam(let other)): return other == team
        case (.team(let team), .removeFromOrganization(let organization)):
            return organization == team.organization && leavers.contains(person)
        case (.organization(let place), .removeFromOrganization(let organization)),
            (.organization(let place), .demoteFromOwner(let organization)):
            return organization == place
        default: return false
        }
    }

    private static func fedPlace(_ place: Place) -> FedPlaces.Place {
        switch place {
        case .team(let team): .team(TeamKey(organization: team.organization.name, name: team.name))
        case .organization(let organization): .organization(organization.name)
        }
    }

    /// How many members this directory manages.
    private struct Sizes {
        private let teams: [TeamID: Int]
        private let organizations: [AccountID: Int]

        init(_ state: DirectoryState) {
            teams = state.teamMembers.reduce(into: [:]) { sizes, member in
                if member.managedBy == state.directory { sizes[member.team, default: 0] += 1 }
            }
            organizations = state.organizationMembers.reduce(into: [:]) { sizes, member in
                if member.managedBy == state.directory { sizes[member.organization, default: 0] += 1 }
            }
        }

        /// Local members, where they are not kept, count as far as they leave.
        func members(of place: Place, with leavers: Set<SyncPerson>) -> Int {
            let managed =
                switch place {
                case .team(let team): team.id.flatMap { teams[$0] }
                case .organization(let organization): organization.id.flatMap { organizations[$0] }
                }
            return max(managed ?? 0, leavers.count)
        }
    }
}

/// A part of a whole, compared in percent. Of a few, one is already many: fewer than five exceed nothing.
struct Share {
    let part: Int
    let whole: Int

    init(_ part: Int, of whole: Int) {
        self.part = part
        self.whole = whole
    }

    func exceeds(_ percent: Int) -> Bool { part >= 5 && part * 100 > min(max(percent, 0), 100) * whole }
}
