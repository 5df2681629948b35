/// Tells whether a plan would leave the service without an active system administrator, or an
/// organisation without an active owner.
struct LastOneGuard {
    /// The organisations that lose an owner and would keep none who is active, in order of name.
    let organizations: [SyncOrganization]
    /// nil when an active system administrator remains.
    let lastAdminReason: String?
    private let activeAdmins: Set<AccountID>
    private let owners: [AccountID: Set<AccountID>]

    init(plan: SyncPlan, state: DirectoryState) {
        var admins = state.activeSystemAdmins
        var owners = state.activeOwners
        var newOwners: Set<AccountID> = []
        var losing: Set<SyncOrganization> = []
        var hasNewAdmin = false
        let ownersOfAll = Dictionary(
            grouping: state.organizationMembers.filter { $0.role == .owner }, by: \.organization
        )
        .mapValues { Set($0.map(\.user)) }
        let ownedBy = Dictionary(grouping: state.organizationMembers.filter { $0.role == .owner }, by: \.user)
        let places = Dictionary(
            state.organizations.map { ($0.value, SyncOrganization(id: $0.value, name: $0.key)) },
            uniquingKeysWith: { $1 })
        let flagged = Set(state.accounts.filter(\.account.isSystemAdmin).map(\.account.id))

        // What is given comes before what is taken, in every plan.
        for change in plan.changes {
            let account = change.person?.accountID
            switch change.action {
            case .adding(.promoteToSystemAdmin):
                hasNewAdmin = true
            case .adding(.promoteToOwner(let organization)),
                .adding(.addToOrganization(let organization, role: .owner)):
                if let id = organization.id { newOwners.insert(id) }
            case .adding(.reactivate):
                guard let account else { continue }
                if flagged.contains(account) { admins.insert(account) }
                for membership in ownedBy[account] ?? [] {
                    owners[membership.organization, default: []].insert(account)
                }
            case .removing(let removal):
                guard let account else { continue }
                switch removal {
                case .demoteFromSystemAdmin:
                    admins.remove(account)
                case .deactivate, .deleteUser:
                    admins.remove(account)
                    for membership in ownedBy[account] ?? [] {
                        owners[membership.organization]?.remove(account)
                        // Who is deactivated keeps the role, who is deleted does not.
                        if removal == .deleteUser, let place = places[membership.organization] { losing.insert(place) }
                    }
                case .demoteFromOwner(let organization), .removeFromOrganization(let organization):
                    guard let id = organization.id, ownersOfAll[id]?.contains(account) == true else { continue }
                    owners[id]?.remove(account)
                    losing.insert(organization)
                case .removeFromTeam, .markGone, .deprovision: break
                }
            case .adding: break
            }
        }
        organizations = losing.filter { place in
            guard let id = place.id else { return false }
            return owners[id]?.isEmpty ?? true && !newOwners.contains(id)
        }
        .sorted { $0.name < $1.name }
        lastAdminReason =
            admins.isEmpty && !hasNewAdmin ? "no active system administrator would remain" : nil
        activeAdmins = state.activeSystemAdmins
        self.owners = ownersOfAll
    }

    func lastOwnerReason(_ organization: SyncOrganization) -> String {
        "\(organization) would be left without an active owner"
    }

    func touchesAdmins(_ change: SyncChange) -> Bool {
        guard let account = change.person?.accountID, activeAdmins.contains(account) else { return false }
        switch change.removal {
        case .demoteFromSystemAdmin, .deactivate, .deleteUser: return true
        default: return false
        }
    }

    func touchesOwners(_ change: SyncChange, of organization: AccountID?) -> Bool {
        guard let organization, let account = change.person?.accountID, owners[organization]?.contains(account) == true
        else {
            return false
        }
        switch change.removal {
        case .demoteFromOwner(let place), .removeFromOrganization(let place): return place.id == organization
        case .deleteUser: return true
        default: return false
        }
    }
}
