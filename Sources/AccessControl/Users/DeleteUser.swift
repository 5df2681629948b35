public import AccessModel

/// Deletes a user with everything that hangs on them, and retires the name.
public struct DeleteUser: Command {
    public var name: AccountName
    /// Without this an account that owns repositories is kept.
    public var deleteRepositories: Bool
    /// Without this an account in whose private collection there is something is kept.
    public var deleteCollections: Bool
    public var condition: Precondition

    public init(
        name: AccountName, deleteRepositories: Bool = false, deleteCollections: Bool = false,
        condition: Precondition = .none
    ) {
        self.name = name
        self.deleteRepositories = deleteRepositories
        self.deleteCollections = deleteCollections
        self.condition = condition
    }

    public func perform(in context: WriteContext) throws(AccessError) {
        let stored = try context.user(name)
        let user = stored.value
        try context.require(.administer, to: "delete users")
        try context.expect(stored.revision, meets: condition)
        if user.isSystemAdmin && user.isActive { try context.requireAnotherAdministrator(than: user) }
        try context.requireOtherOwners(than: user)
        try context.delete(
            user: user, deleteRepositories: deleteRepositories, deleteCollections: deleteCollections,
            reason: "\(name) was deleted")
    }
}

extension WriteContext {
    /// Deletes a user with memberships, grants and all that the account owns.
    func delete(
        user: Account, deleteRepositories: Bool, deleteCollections: Bool, reason: String
    ) throws(AccessError) {
        try deletePrivateCollection(of: user, deletes: deleteCollections)
        try deleteControlGrants(to: .user(user.id))
        for membership in try writer.organizations(of: user.id) {
            try leave(membership, keepDirectGrants: false, reason: reason)
        }
        for grant in try writer.grants(to: .user(user.id)) { try delete(.grant(grant.value)) }
        try deleteNamespace(user, deleteRepositories: deleteRepositories)
    }

    /// Deletes what an account owns, its credentials and the account, and retires its name.
    func deleteNamespace(_ account: Account, deleteRepositories: Bool) throws(AccessError) {
        let repositories = try writer.repositories(in: account.id, .all)
        guard repositories.isEmpty || deleteRepositories else {
            throw .conflict(
                code: .hasRepositories,
                detail:
                    "\(account.name) owns \(repositories.count == 1 ? "a repository" : "\(repositories.count) repositories"): "
                    + "delete them first, or along with it (--delete-repositories, delete_repositories=true)")
        }
        for repository in repositories { try delete(repository: repository.value) }
        for grant in try writer.grants(on: .namespace(account.id)) { try delete(.grant(grant.value)) }
        let reason = "\(account.name) was deleted"
        for service in try writer.serviceAccounts(of: account.id) {
            try delete(serviceAccount: service.value, reason: reason)
        }
        try revokeTokens(of: .user(account.id), reason: reason)
        if let password = try writer.password(of: account.id)?.password { try delete(.password(password)) }
        try delete(.account(account))
        try insert(.retiredName(RetiredName(name: account.name, retiredAt: now)))
    }

    func delete(repository: Repository) throws(AccessError) {
        for grant in try writer.grants(on: .repository(repository.id)) { try delete(.grant(grant.value)) }
        try writer.deleteUses(of: repository.id)
        try delete(.repository(repository))
    }
}
