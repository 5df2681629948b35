/// Which accounts entries of the change log are about. A membership of a team and a grant on a repository name no
/// account that they belong to: that is whose the team or repository was then.
public struct ChangeOwners: Sendable {
    private var owners: [String: AccountID] = [:]

    public init() {}

    /// The accounts that a change is about, before or after. To be called for entries in their order.
    /// - Parameter find: the owner of a team, repository or service account just before this entry, if this was not
    ///   told of it before.
    public mutating func accounts<Failure: Error>(
        concernedBy change: Change, find: (Fact.Kind, String) throws(Failure) -> AccountID?
    ) throws(Failure) -> Set<AccountID> {
        var found: Set<AccountID> = []
        for case let fact? in [change.before, change.after] {
            switch fact {
            case .account(let account): found.insert(account.id)
            case .organizationMember(let member): found.formUnion([member.organization, member.user])
            case .team(let team): found.insert(team.organization)
            case .repository(let repository): found.insert(repository.namespace)
            case .serviceAccount(let service): found.insert(service.owner)
            case .teamMember(let member):
                found.insert(member.user)
                if let owner = try owner(.team, member.team.rawValue, find) { found.insert(owner) }
            case .grant(let grant):
                if case .user(let user) = grant.subject { found.insert(user) }
                switch grant.target {
                case .namespace(let namespace): found.insert(namespace)
                case .repository(let id):
                    if let owner = try owner(.repository, id.rawValue, find) { found.insert(owner) }
                }
            case .password(let password): found.insert(password.account)
            case .accessToken(let token):
                switch token.holder {
                case .user(let user): found.insert(user)
                case .serviceAccount(let id):
                    if let owner = try owner(.serviceAccount, id.rawValue, find) { found.insert(owner) }
                }
            case .retiredName, .directory: break
            }
            note(fact)
        }
        return found
    }

    private mutating func owner<Failure: Error>(
        _ kind: Fact.Kind, _ id: String, _ find: (Fact.Kind, String) throws(Failure) -> AccountID?
    ) throws(Failure) -> AccountID? {
        if let known = owners[id] { return known }
        let owner = try find(kind, id)
        owners[id] = owner
        return owner
    }

    private mutating func note(_ fact: Fact) {
        guard let (id, owner) = fact.owned else { return }
        owners[id] = owner
    }
}

extension Fact {
    /// The identity of what belongs to an account, and the account.
    public var owned: (id: String, owner: AccountID)? {
        switch self {
        case .team(let team): (team.id.rawValue, team.organization)
        case .repository(let repository): (repository.id.rawValue, repository.namespace)
        case .serviceAccount(let service): (service.id.rawValue, service.owner)
        default: nil
        }
    }
}
