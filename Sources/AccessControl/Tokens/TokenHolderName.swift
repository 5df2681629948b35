public import AccessModel

/// Whose tokens, by name.
public enum TokenHolderName: Hashable, Sendable, CustomStringConvertible {
    case user(AccountName)
    case serviceAccount(owner: AccountName, name: TeamName)

    public var description: String {
        switch self {
        case .user(let name): name.rawValue
        case .serviceAccount(let owner, let name): "\(owner)+\(name)"
        }
    }
}

extension LookupContext {
    /// The holder behind a name, for whoever may make and revoke their tokens.
    func holder(
        _ name: TokenHolderName, to doing: String
    ) throws(AccessError) -> (holder: TokenHolder, isActive: Bool) {
        if case .serviceAccount(let owner, let name) = name {
            _ = try managedServiceAccount(name, of: owner, to: doing)
        }
        return try readHolder(name, to: doing)
    }

    /// The holder behind a name, for whoever may read which tokens they have.
    func readHolder(
        _ name: TokenHolderName, to doing: String
    ) throws(AccessError) -> (holder: TokenHolder, isActive: Bool) {
        switch name {
        case .user(let name):
            let user = try user(name).value
            try require(.editProfile(user.id), to: "\(doing) of \(name)")
            return (.user(user.id), user.isActive)
        case .serviceAccount(let owner, let name):
            let service = try serviceAccount(name, of: owner, to: doing).value
            return (.serviceAccount(service.id), graph.isActive(.serviceAccount(owner: owner, name: name), at: now))
        }
    }
}
