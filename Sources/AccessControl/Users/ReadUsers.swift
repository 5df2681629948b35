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

/// Users, ordered by name.
public struct ListUsers: Query {
    public var page: Page

    public init(page: Page = Page()) { self.page = page }

    public func answer(in context: ReadContext) throws(AccessError) -> [Stored<UserView>] {
        try context.require(.readNames, to: "read users")
        return try context.reader.accounts(.user, page).map(context.view)
    }
}

/// Organisations, ordered by name.
public struct ListOrganizations: Query {
    public var page: Page

    public init(page: Page = Page()) { self.page = page }

    public func answer(in context: ReadContext) throws(AccessError) -> [Stored<Account>] {
        try context.require(.readNames, to: "read organisations")
        return try context.reader.accounts(.organization, page)
    }
}

extension ReadContext {
    fileprivate func view(_ stored: Stored<Account>) -> Stored<UserView> {
        Stored(UserView(stored.value, isInFull: allows(.editProfile(stored.value.id))), revision: stored.revision)
    }
}
