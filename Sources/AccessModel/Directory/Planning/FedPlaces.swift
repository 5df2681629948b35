/// Which groups feed which places, themselves or as parts of other groups.
struct FedPlaces {
    enum Place: Hashable {
        case team(TeamKey)
        case organization(AccountName)
        case systemAdmins
    }

    private var groups: [Place: Set<String>] = [:]

    init(_ feeds: [ResolvedFeed]) {
        for feed in feeds {
            let identities = feed.groups.map(\.externalID)
            switch feed.rule.feeds {
            case .team(let organization, let team):
                groups[.team(TeamKey(organization: organization, name: team)), default: []].formUnion(identities)
                // Whom it feeds into a team it feeds into the organisation.
                groups[.organization(organization), default: []].formUnion(identities)
            case .organization(let name, _): groups[.organization(name), default: []].formUnion(identities)
            case .systemAdmin: groups[.systemAdmins, default: []].formUnion(identities)
            }
        }
    }

    /// Identities of groups.
    func groups(of place: Place) -> Set<String> { groups[place] ?? [] }

    /// What one of the groups of a place feeds besides.
    func siblings(of place: Place) -> Set<Place> {
        let own = groups(of: place)
        return Set(groups.filter { $0.key != place && !$0.value.isDisjoint(with: own) }.keys)
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
