// What a name or an identity stands for.

extension AccessGraph {
    /// The name under which `actor` appears in decisions; nil for those that are no principal.
    public func principal(of actor: Actor) -> Principal? {
        index(of: actor).map(principal)
    }

    public func repositoryID(at path: RepositoryPath) -> RepositoryID? {
        index(at: path).map { repositories[$0].id }
    }

    /// nil for what is no service account here.
    public func identity(ofServiceAccount principal: Principal) -> ServiceAccountID? {
        guard case .serviceAccount(let service)? = index(of: principal) else { return nil }
        return serviceAccounts[service].id
    }

    /// nil for a name that nobody has.
    public func kind(ofAccount name: AccountName) -> Account.Kind? {
        index(named: name).map { accounts[$0].isUser ? .user : .organization }
    }

    public func accountID(named name: AccountName) -> AccountID? {
        index(named: name).map { accounts[$0].id }
    }

    public func isActive(_ principal: Principal, at now: Timestamp) -> Bool {
        index(of: principal).map { isActive($0, at: now) } ?? false
    }

    /// The principal that `actor` is; nil for those that are none.
    func index(of actor: Actor) -> PrincipalIndex? {
        switch actor {
        case .anonymous: .anonymous
        case .user(let id): index(of: id).flatMap { accounts[$0].isUser ? .user($0) : nil }
        case .serviceAccount(let id): index(of: id).map(PrincipalIndex.serviceAccount)
        case .local, .directory, .service: nil
        }
    }
}
