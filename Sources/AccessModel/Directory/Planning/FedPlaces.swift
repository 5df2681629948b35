/// Which groups feed which places, themselves or as parts of other groups.
struct FedPlaces {
    enum Place: Hashable {
        case team(TeamKey)
        case organization(AccountName)
        case systemAdmins
    }

    private var groups: [Place: Set<String>] = [:]
    private var places: [String: Set<Place>] = [:]

    init(_ feeds: [ResolvedFeed]) {
        for feed in feeds {
            let fed: [Place]
            switch feed.rule.feeds {
            case .team(let organization, let team):
                // Whom it feeds into a team it feeds into the organisation.
                fed = [.team(TeamKey(organization: organization, name: team)), .organization(organization)]
            case .organization(let name, _): fed = [.organization(name)]
            case .systemAdmin: fed = [.systemAdmins]
            }
            for place in fed {
                groups[place, default: []].formUnion(feed.groups.lazy.map(\.externalID))
                for group in feed.groups { places[group.externalID, default: []].insert(place) }
            }
        }
    }

    /// Identities of groups.
    func groups(of place: Place) -> Set<String> { groups[place] ?? [] }

    /// What one of the groups of a place feeds besides.
    func siblings(of place: Place) -> Set<Place> {
        var found: Set<Place> = []
        for group in groups(of: place) { found.formUnion(places[group] ?? []) }
        found.remove(place)
        return found
    }

    /// Where somebody loses something that groups give; nil for a change that does not rest on groups.
    static func place(of removal: SyncChange.Removal?) -> Place? {
        switch removal {
        case .removeFromTeam(let team): .team(TeamKey(organization: team.organization.name, name: team.name))
        case .removeFromOrganization(let place), .demoteFromOwner(let place): .organization(place.name)
        case .demoteFromSystemAdmin: .systemAdmins
        case .deactivate, .markGone, .deprovision, .deleteUser, nil: nil
        }
    }
}
