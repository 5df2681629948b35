public import AccessModel

/// A service account with its owner's name.
public struct ServiceAccountView: Hashable, Sendable {
    public let account: ServiceAccount
    public let owner: AccountName
    /// Whether it has anything now: its owner is active and its end not past.
    public let isWorking: Bool
}

/// Makes a service account. It logs in with a token, as `owner+name`.
public struct CreateServiceAccount: Command {
    public var owner: AccountName
    public var name: TeamName
    public var fields: ServiceAccountFields
    /// An import brings what has ended elsewhere, too.
    var mayHaveEnded = false

    public init(owner: AccountName, name: TeamName, fields: ServiceAccountFields = ServiceAccountFields()) {
        self.owner = owner
        self.name = name
        self.fields = fields
    }

    public func perform(in context: WriteContext) throws(AccessError) -> Stored<ServiceAccountView> {
        let owner = try context.ownerOfServiceAccounts(owner, to: "make service accounts")
        if fields.isDecisionReader == true { try context.require(.administer, to: "make decision readers") }
        guard context.graph.identity(ofServiceAccount: .serviceAccount(owner: owner.name, name: name)) == nil else {
            throw .conflict(code: .nameTaken, detail: "there is a service account \(owner.name)+\(name) already")
        }
        var service = ServiceAccount(id: context.newIdentifier(), owner: owner.id, name: name)
        fields.apply(to: &service)
        try checkDescription(service.description)
        if !mayHaveEnded { try context.checkEnd(service.expiresAt) }
        let revision = try context.insert(.serviceAccount(service))
        return Stored(context.view(service, owner.name), revision: revision)
    }
}

/// Changes a service account, or hands it over. Absent members keep their value.
public struct UpdateServiceAccount: Command {
    public var owner: AccountName
    public var name: TeamName
    public var fields: ServiceAccountFields
    /// Whom to hand it over to: its tokens go with it, what it was given by the old owner does not.
    public var newOwner: AccountName?
    public var condition: Precondition

    public init(
        owner: AccountName, name: TeamName, fields: ServiceAccountFields, newOwner: AccountName? = nil,
        condition: Precondition = .none
    ) {
        self.owner = owner
        self.name = name
        self.fields = fields
        self.newOwner = newOwner
        self.condition = condition
    }

    public func perform(in context: WriteContext) throws(AccessError) -> Stored<ServiceAccountView> {
        let stored = try context.managedServiceAccount(name, of: owner, to: "change service accounts")
        try context.expect(stored.revision, meets: condition)
        var after = stored.value
        fields.apply(to: &after)
        if after.isDecisionReader != stored.value.isDecisionReader {
            try context.require(.administer, to: "make decision readers")
        }
        try checkDescription(after.description)
        if after.isDecisionReader, !stored.value.isDecisionReader {
            // Its owner has made its tokens, and knows them.
            try context.revokeTokens(
                of: .serviceAccount(after.id), reason: "\(owner)+\(name) became a decision reader")
        }
        if after.expiresAt != stored.value.expiresAt { try context.checkEnd(after.expiresAt) }
        var ownerName = owner
        if let newOwner, newOwner != owner {
            guard context.caller.tokenRights.owners.isEmpty else {
                throw .forbidden(
                    "a token that manages tokens hands no service account over: use the password (--login)")
            }
            try context.takeTokenRights(of: after)
            let receiver = try context.ownerOfServiceAccounts(newOwner, to: "make service accounts")
            guard try context.writer.serviceAccount(named: name, of: receiver.id) == nil else {
                throw .conflict(code: .nameTaken, detail: "there is a service account \(newOwner)+\(name) already")
            }
            try context.takeGrants(of: after)
            after.owner = receiver.id
            ownerName = newOwner
        }
        let revision = try context.update(.serviceAccount(stored.value), to: .serviceAccount(after))
        return Stored(context.view(after, ownerName), revision: revision ?? stored.revision)
    }
}

/// Deletes a service account with its grants and tokens.
public struct DeleteServiceAccount: Command {
    public var owner: AccountName
    public var name: TeamName
    public var condition: Precondition

    public init(owner: AccountName, name: TeamName, condition: Precondition = .none) {
        self.owner = owner
        self.name = name
        self.condition = condition
    }

    public func perform(in context: WriteContext) throws(AccessError) {
        let stored = try context.managedServiceAccount(name, of: owner, to: "delete service accounts")
        try context.expect(stored.revision, meets: condition)
        try context.delete(serviceAccount: stored.value, reason: "\(owner)+\(name) was deleted")
    }
}

/// One service account.
public struct GetServiceAccount: Query {
    public var owner: AccountName
    public var name: TeamName

    public init(owner: AccountName, name: TeamName) {
        self.owner = owner
        self.name = name
    }

    public func answer(in context: ReadContext) throws(AccessError) -> Stored<ServiceAccountView> {
        let stored = try context.serviceAccount(name, of: owner, to: "read service accounts")
        return Stored(context.view(stored.value, owner), revision: stored.revision)
    }
}

/// An owner's service accounts, ordered by name.
public struct ListServiceAccounts: Query {
    public var owner: AccountName

    public init(owner: AccountName) { self.owner = owner }

    public func answer(in context: ReadContext) throws(AccessError) -> [Stored<ServiceAccountView>] {
        let account = try context.ownerOfServiceAccounts(owner, to: "read service accounts")
        return try context.reader.serviceAccounts(of: account.id).map { stored in
            Stored(context.view(stored.value, owner), revision: stored.revision)
        }
    }
}

extension LookupContext {
    fileprivate func view(_ service: ServiceAccount, _ owner: AccountName) -> ServiceAccountView {
        ServiceAccountView(
            account: service, owner: owner,
            isWorking: graph.isActive(.serviceAccount(owner: owner, name: service.name), at: now))
    }

    /// Whoever owns service accounts, for somebody who manages them: who does not, does not learn which
    /// there are.
    fileprivate func ownerOfServiceAccounts(_ name: AccountName, to doing: String) throws(AccessError) -> Account {
        try require(.readNames, to: doing)
        let owner = try account(name).value
        try require(.manageOrganization(owner.id), to: "\(doing) of \(name)")
        return owner
    }

    func serviceAccount(
        _ name: TeamName, of owner: AccountName, to doing: String
    ) throws(AccessError) -> Stored<ServiceAccount> {
        let account = try ownerOfServiceAccounts(owner, to: doing)
        guard let stored = try rows.serviceAccount(named: name, of: account.id) else {
            throw .notFound(kind: "service account", name: "\(owner)+\(name)")
        }
        return stored
    }

    /// The same for somebody who is about to change it, or to act for it with a token.
    func managedServiceAccount(
        _ name: TeamName, of owner: AccountName, to doing: String
    ) throws(AccessError) -> Stored<ServiceAccount> {
        let stored = try serviceAccount(name, of: owner, to: doing)
        guard allows(.manageServiceAccount(stored.value.id)) else {
            throw .forbidden(
                "\(owner)+\(name) is a decision reader: only system administrators manage it")
        }
        return stored
    }
}

extension WriteContext {
    func delete(serviceAccount service: ServiceAccount, reason: String) throws(AccessError) {
        try takeGrants(of: service)
        try removeAgent(service.id, reason: reason)
        try revokeTokens(of: .serviceAccount(service.id), reason: reason)
        try delete(.serviceAccount(service))
    }

    /// What its tokens may do about tokens of its owner goes when the owner does.
    fileprivate func takeTokenRights(of service: ServiceAccount) throws(AccessError) {
        for token in try writer.tokens(of: .serviceAccount(service.id)) {
            var without = token
            without.may = TokenRights(token.may.all.filter { $0 == .rotate })
            try update(.accessToken(token), to: .accessToken(without), reason: "the service account was handed over")
        }
    }

    fileprivate func takeGrants(of service: ServiceAccount) throws(AccessError) {
        for grant in try writer.grants(to: .serviceAccount(service.id)) { try delete(.grant(grant.value)) }
        try deleteControlGrants(to: .serviceAccount(service.id))
    }
}
