public import AccessModel

/// Changes a user. Absent members keep their value.
public struct UpdateUser: Command {
    public var name: AccountName
    public var fields: UserFields
    public var createsRepositoriesOnPush: Bool?
    public var condition: Precondition

    public init(
        name: AccountName, fields: UserFields, createsRepositoriesOnPush: Bool? = nil, condition: Precondition = .none
    ) {
        self.name = name
        self.fields = fields
        self.createsRepositoriesOnPush = createsRepositoriesOnPush
        self.condition = condition
    }

    public func perform(in context: WriteContext) throws(AccessError) -> Stored<Account> {
        let stored = try context.user(name)
        let before = stored.value
        try context.require(.editProfile(before.id), to: "change \(name)")
        if fields.isActive != nil || fields.isSystemAdmin != nil || fields.isDecisionReader != nil {
            try context.require(.administer, to: "change what \(name) is")
        }
        try context.expect(stored.revision, meets: condition)
        var after = before
        fields.apply(to: &after)
        if let createsRepositoriesOnPush { after.createsRepositoriesOnPush = createsRepositoriesOnPush }
        try Account.check(fullName: after.fullName, email: after.email)
        try refuseManagedFields(before, after)
        let revision = try context.change(before, to: after)
        // Who is inactive for being gone has tokens that rest: an administrator says that they go.
        if fields.isActive == false, before.directory?.isResting == true {
            try context.revokeTokens(of: .user(before.id), reason: "\(before.name) was deactivated")
        }
        return Stored(after, revision: revision ?? stored.revision)
    }

    /// What a directory says of its people is changed there.
    private func refuseManagedFields(_ before: Account, _ after: Account) throws(AccessError) {
        guard let link = before.directory else { return }
        let field: String
        if before.fullName != after.fullName {
            field = "full_name"
        } else if before.email != after.email {
            field = "email"
        } else if before.isActive != after.isActive {
            field = "active"
        } else {
            return
        }
        throw .conflict(
            code: .directoryManaged,
            detail: "\(field) of \(name) comes from the directory \"\(link.directory)\": change it there")
    }
}

extension WriteContext {
    /// Changes an account, with what follows from it: the last system administrator and the
    /// last owner stay, and whoever is deactivated loses their tokens for good.
    @discardableResult
    func change(_ before: Account, to after: Account, reason: String? = nil) throws(AccessError) -> Revision? {
        let isCutOff = before.isActive && !after.isActive
        if before.isSystemAdmin && before.isActive && !(after.isSystemAdmin && after.isActive) {
            try requireAnotherAdministrator(than: before)
        }
        if isCutOff { try requireOtherOwners(than: before) }
        let revision = try update(.account(before), to: .account(after), reason: reason)
        if isCutOff { try revokeTokens(of: .user(before.id), reason: "\(before.name) was deactivated") }
        return revision
    }

    func requireAnotherAdministrator(than account: Account) throws(AccessError) {
        guard try writer.activeSystemAdministratorCount() <= 1 else { return }
        throw .conflict(
            code: .lastAdministrator,
            detail: "\(account.name) is the last active system administrator: make another one first")
    }

    func requireOtherOwners(than user: Account) throws(AccessError) {
        for membership in try writer.organizations(of: user.id) where membership.role == .owner {
            try requireAnotherOwner(of: membership.organization, than: user)
        }
    }

    func requireAnotherOwner(of organization: AccountID, than user: Account) throws(AccessError) {
        guard user.isActive, try writer.activeOwnerCount(of: organization) <= 1 else { return }
        let name = try writer.account(organization)?.value.name.rawValue ?? organization.rawValue
        throw .conflict(
            code: .lastOwner, detail: "\(user.name) is the last active owner of \(name): make another owner first")
    }
}
