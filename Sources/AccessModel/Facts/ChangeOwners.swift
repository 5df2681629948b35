/// Which accounts and collections entries of the change log are about. A membership of a team and a grant on a repository name no
/// account that they belong to: that is whose the team or repository was then.
public struct ChangeOwners: Sendable {
    private var owners: [String: AccountID] = [:]

    public init() {}

    /// What a change is about, before or after. To be called for entries in their order.
    /// - Parameter find: the owner of a team, repository or service account just before this entry, if this was not
    ///   told of it before.
    public mutating func subjects<Failure: Error>(
        of change: Change, find: (Fact.Kind, String) throws(Failure) -> AccountID?
    ) throws(Failure) -> Set<ChangeSubject> {
        var found: Set<ChangeSubject> = []
        for case let fact? in [change.before, change.after] {
            for concerned in fact.value.concerned {
                switch concerned {
                case .account(let account): found.insert(.account(account))
                case .collection(let collection): found.insert(.collection(collection))
                case .owner(let kind, let id):
                    if let owner = try owner(kind, id, find) { found.insert(.account(owner)) }
                }
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

/// What a part of the change log can be asked for by.
public enum ChangeSubject: Hashable, Sendable {
    case account(AccountID)
    case collection(CollectionID)

    public var id: String {
        switch self {
        case .account(let id): id.rawValue
        case .collection(let id): id.rawValue
        }
    }
}

/// An account or a collection that a fact is about.
public enum Concerned: Hashable, Sendable {
    case account(AccountID)
    case collection(CollectionID)
    /// Whose a team, repository or service account is, by the identity of that.
    case owner(Fact.Kind, String)
}

extension Fact {
    /// The identity of what belongs to an account, and the account.
    public var owned: (id: String, owner: AccountID)? { value.owned }
}
