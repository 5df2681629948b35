/// What the removals of a plan rest on, to be looked at once more before they are made.
public struct RemovalGrounds: Hashable, Sendable {
    /// The identities of people who are called gone.
    public private(set) var people: Set<String> = []
    /// The identities of others who lose something, on account of groups.
    public private(set) var members: Set<String> = []
    /// The identities of these groups.
    public private(set) var groups: Set<String> = []

    public init(of plan: SyncPlan, in directory: ResolvedDirectory) {
        // A first plan has hundreds of thousands of changes, and none of these.
        let removals = plan.changes.filter(\.isRemoval)
        guard !removals.isEmpty else { return }
        var inactive: Set<String> = []
        for change in removals {
            guard let id = change.person?.externalID else { continue }
            switch change.removal {
            case .deactivate(isGone: true), .markGone, .deprovision, .deleteUser: people.insert(id)
            case .deactivate: inactive.insert(id)
            default: break
            }
        }
        let places = FedPlaces(directory.feeds)
        for change in removals {
            guard let place = FedPlaces.place(of: change.removal) else { continue }
            let id = change.person?.externalID ?? ""
            guard !people.contains(id), !inactive.contains(id) else { continue }
            members.insert(id)
            groups.formUnion(places.groups(of: place))
        }
    }
}
