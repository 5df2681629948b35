public import AccessModel

/// A user, in full for themselves and administrators; names only for others.
public struct UserView: Hashable, Sendable {
    public let account: Account
    /// Whether e-mail address, roles, and who they are in their directory may be shown.
    public let isInFull: Bool

    public init(_ account: Account, isInFull: Bool) {
        self.account = account
        self.isInFull = isInFull
    }
}

/// One user.
public struct GetUser: Query {
    public var name: AccountName

    public init(name: AccountName) { self.name = name }

    public func answer(in context: ReadContext) throws(AccessError) -> Stored<UserView> {
        try context.require(.readNames, to: "read users")
        return context.view(try context.user(name))
    }
}

/// The caller's own account.
public struct GetOwnUser: Query {
    public init() {}

    public func answer(in context: ReadContext) throws(AccessError) -> Stored<UserView> {
        guard case .user(let id) = context.actor, let stored = try context.reader.account(id) else {
            throw .notFound(kind: "user", name: "me")
        }
        return context.view(stored)
    }
}

/// Users, in the order of the page.
public struct ListUsers: Query {
    public var page: Page

    public init(page: Page = Page()) { self.page = page }

    public func answer(in context: ReadContext) throws(AccessError) -> Listing<Stored<UserView>> {
        try context.require(.readNames, to: "read users")
        return try context.accounts(.user, page).map { (stored) throws(AccessError) in context.view(stored) }
    }
}

/// Organisations, in the order of the page.
public struct ListOrganizations: Query {
    public var page: Page

    public init(page: Page = Page()) { self.page = page }

    public func answer(in context: ReadContext) throws(AccessError) -> Listing<Stored<Account>> {
        try context.require(.readNames, to: "read organisations")
        return try context.accounts(.organization, page)
    }
}

extension ReadContext {
    fileprivate func accounts(_ kind: Account.Kind, _ page: Page) throws(AccessError) -> Listing<Stored<Account>> {
        Listing(
            try reader.accounts(kind, page), count: page.isCounted ? try reader.count(of: kind, page.filter) : nil)
    }

    fileprivate func view(_ stored: Stored<Account>) -> Stored<UserView> {
        Stored(UserView(stored.value, isInFull: allows(.editProfile(stored.value.id))), revision: stored.revision)
    }
}
