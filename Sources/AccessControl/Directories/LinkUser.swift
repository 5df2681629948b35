public import AccessModel

/// Hands an account over to a person of a directory: from then on the directory says what it is
/// called, whether it is active and who logs in. Synchronisation never does that by itself.
public struct LinkUser: Command {
    public var name: AccountName
    public var directory: String
    /// The person's objectGUID or entryUUID.
    public var externalID: String
    public var condition: Precondition

    public init(name: AccountName, directory: String, externalID: String, condition: Precondition = .none) {
        self.name = name
        self.directory = directory
        self.externalID = externalID
        self.condition = condition
    }

    public func perform(in context: WriteContext) throws(AccessError) -> Stored<Account> {
        try context.require(.administer, to: "link accounts to a directory")
        let stored = try context.user(name)
        try context.expect(stored.revision, meets: condition)
        guard try context.writer.directory(named: directory) != nil else {
            throw .notFound(kind: "directory", name: directory)
        }
        guard let id = ExternalID(externalID)?.text else {
            throw .invalid(
                field: "external_id", value: externalID,
                reason: "should be the person's objectGUID or entryUUID, as the notes of a plan name it")
        }
        if let link = stored.value.directory {
            guard link.directory == directory, link.externalID == id else {
                throw .conflict(
                    code: .directoryManaged,
                    detail: "\(name) comes from the directory \"\(link.directory)\" already: unlink it first")
            }
            return stored
        }
        if let other = try context.writer.accounts(linkedTo: directory).first(where: { $0.directory?.externalID == id })
        {
            throw .conflict(
                code: .directoryManaged, detail: "that person has the account \(other.name) already: unlink it first")
        }
        if stored.value.isSystemAdmin && stored.value.isActive {
            try context.requireLocalAdministrator(besides: stored.value)
        }
        var after = stored.value
        after.directory = DirectoryLink(directory: directory, externalID: id, dn: "")
        let reason = "linked to a person of \(directory)"
        let revision = try context.update(.account(stored.value), to: .account(after), reason: reason)
        // From now on the directory's password counts, and no other.
        if let password = try context.writer.password(of: after.id)?.password {
            try context.delete(.password(password), reason: reason)
            try context.endRegistryLogins(of: password.account, reason: reason)
        }
        return Stored(after, revision: revision ?? stored.revision)
    }
}

/// Makes an account local, with what it has. It has no password until it is given one.
public struct UnlinkUser: Command {
    public var name: AccountName
    public var condition: Precondition

    public init(name: AccountName, condition: Precondition = .none) {
        self.name = name
        self.condition = condition
    }

    public func perform(in context: WriteContext) throws(AccessError) -> Stored<Account> {
        try context.require(.administer, to: "unlink accounts from a directory")
        let stored = try context.user(name)
        try context.expect(stored.revision, meets: condition)
        guard let link = stored.value.directory else {
            throw .conflict(code: .notLinked, detail: "\(name) comes from no directory")
        }
        let reason = "unlinked from \(link.directory)"
        for member in try context.writer.organizations(of: stored.value.id) where member.managedBy == link.directory {
            var local = member
            local.managedBy = nil
            try context.update(.organizationMember(member), to: .organizationMember(local), reason: reason)
        }
        for member in try context.writer.teams(of: stored.value.id) where member.managedBy == link.directory {
            var local = member
            local.managedBy = nil
            try context.update(.teamMember(member), to: .teamMember(local), reason: reason)
        }
        var after = stored.value
        after.directory = nil
        try context.endRegistryLogins(of: after.id, reason: reason)
        // Nobody confirms any more that the person is gone.
        if link.isResting { try context.revokeTokens(of: .user(after.id), reason: reason) }
        let revision = try context.update(.account(stored.value), to: .account(after), reason: reason)
        return Stored(after, revision: revision ?? stored.revision)
    }
}

extension WriteContext {
    /// Whoever is linked logs in by the directory alone, and only when it has been read: somebody
    /// must be left who can mend a wrong identity or a wrong setting.
    fileprivate func requireLocalAdministrator(besides account: Account) throws(AccessError) {
        for other in try writer.activeSystemAdministrators() where other.id != account.id && other.directory == nil {
            if try writer.password(of: other.id) != nil { return }
        }
        throw .conflict(
            code: .lastAdministrator,
            detail: "\(account.name) is the last active system administrator with a password of this service: "
                + "make another one first, who can log in while the directory is out of reach")
    }
}
