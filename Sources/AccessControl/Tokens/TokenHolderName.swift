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

extension TokenHolderName {
    /// nil for a principal that has no tokens.
    init?(_ principal: Principal) {
        switch principal {
        case .user(let name): self = .user(name)
        case .serviceAccount(let owner, let name): self = .serviceAccount(owner: owner, name: name)
        default: return nil
        }
    }
}

extension LookupContext {
    /// The holder behind a name, for whoever may make and revoke their tokens.
    func holder(
        _ name: TokenHolderName, to doing: String
    ) throws(AccessError) -> (holder: TokenHolder, isActive: Bool) {
        if case .serviceAccount(let owner, let name) = name, try sibling(name, of: owner) == nil {
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
            let service: ServiceAccount
            if let sibling = try sibling(name, of: owner) {
                service = sibling
            } else {
                service = try serviceAccount(name, of: owner, to: doing).value
            }
            return (.serviceAccount(service.id), graph.isActive(.serviceAccount(owner: owner, name: name), at: now))
        }
    }

    /// Whether the caller's token has the right to the tokens of a service account, as far as its holder is one to use it.
    func mayManageTokens(of name: TokenHolderName) -> Bool {
        guard case .serviceAccount(let owner, _) = name, let id = graph.accountID(named: owner) else { return false }
        return caller.tokenRights.contains(.manageTokens(of: id))
    }

    /// The service account behind a name, for a token of one of the same owner that has the right to its tokens; nil for any
    /// other caller. One with a power that the owner could not give is for those who could.
    private func sibling(_ name: TeamName, of owner: AccountName) throws(AccessError) -> ServiceAccount? {
        guard case .serviceAccount(let own) = caller.actor, allows(.readNames),
            mayManageTokens(of: .serviceAccount(owner: owner, name: name)),
            let account = graph.accountID(named: owner), try rows.serviceAccount(own)?.value.owner == account
        else { return nil }
        guard let service = try rows.serviceAccount(named: name, of: account)?.value else {
            throw .notFound(kind: "service account", name: "\(owner)+\(name)")
        }
        return service.isDecisionReader ? nil : service
    }
}
