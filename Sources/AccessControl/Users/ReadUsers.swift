public import AccessModel

/// One user, with the e-mail address only for themselves and administrators.
public struct GetUser: Query {
    public var name: AccountName

    public init(name: AccountName) { self.name = name }

    public func answer(in context: ReadContext) throws(AccessError) -> Stored<Account> {
        try context.require(.readNames, to: "read users")
        let stored = try context.user(name)
        return Stored(context.redacted(stored.value), revision: stored.revision)
    }
}

/// The caller's own account.
public struct GetOwnUser: Query {
    public init() {}

    public func answer(in context: ReadContext) throws(AccessError) -> Stored<Account> {
        guard case .user(let id) = context.actor, let stored = try context.reader.account(id) else {
            throw .notFound(kind: "user", name: "me")
        }
        return stored
    }
}

/// Users or organisations, ordered by name.
public struct ListAccounts: Query {
    public var kind: Account.Kind
    public var page: Page

    public init(kind: Account.Kind, page: Page = Page()) {
        self.kind = kind
        self.page = page
    }

    public func answer(in context: ReadContext) throws(AccessError) -> [Stored<Account>] {
        try context.require(.readNames, to: "read accounts")
        return try context.reader.accounts(kind, page).map {
            Stored(context.redacted($0.value), revision: $0.revision)
        }
    }
}

extension ReadContext {
    /// Names are for everybody who is logged in, the rest for the person and administrators.
    func redacted(_ account: Account) -> Account {
        guard !allows(.editProfile(account.id)) else { return account }
        var shown = account
        shown.email = nil
        shown.directory?.dn = ""
        shown.directory?.principalName = nil
        return shown
    }
}
