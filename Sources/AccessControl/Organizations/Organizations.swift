public import AccessModel

/// Makes an organisation. A user who makes one owns it.
public struct CreateOrganization: Command {
    public var name: AccountName
    public var fields: OrganizationFields

    public init(name: AccountName, fields: OrganizationFields = OrganizationFields()) {
        self.name = name
        self.fields = fields
    }

    public func perform(in context: WriteContext) throws(AccessError) -> Stored<Account> {
        try context.require(.createOrganization, to: "make organisations")
        let (organization, revision) = try context.makeOrganization(name, fields)
        if case .user(let id) = context.actor {
            let owner = OrganizationMember(organization: organization.id, user: id, role: .owner)
            try context.insert(.organizationMember(owner), reason: "made the organisation")
        }
        return Stored(organization, revision: revision)
    }
}

extension WriteContext {
    func makeOrganization(
        _ name: AccountName, _ fields: OrganizationFields
    ) throws(AccessError) -> (organization: Account, revision: Revision) {
        try requireFreeName(name)
        var organization = Account(id: newIdentifier(), kind: .organization, name: name)
        fields.apply(to: &organization)
        try Account.check(fullName: organization.fullName, email: nil)
        return (organization, try insert(.account(organization)))
    }
}

/// Changes an organisation. Absent members keep their value.
public struct UpdateOrganization: Command {
    public var name: AccountName
    public var fields: OrganizationFields
    public var createsRepositoriesOnPush: Bool?
    public var condition: Precondition

    public init(
        name: AccountName, fields: OrganizationFields, createsRepositoriesOnPush: Bool? = nil,
        condition: Precondition = .none
    ) {
        self.name = name
        self.fields = fields
        self.createsRepositoriesOnPush = createsRepositoriesOnPush
        self.condition = condition
    }

    public func perform(in context: WriteContext) throws(AccessError) -> Stored<Account> {
        let stored = try context.organization(name)
        try context.require(.manageOrganization(stored.value.id), to: "change \(name)")
        try context.expect(stored.revision, meets: condition)
        var after = stored.value
        fields.apply(to: &after)
        if let createsRepositoriesOnPush { after.createsRepositoriesOnPush = createsRepositoriesOnPush }
        try Account.check(fullName: after.fullName, email: nil)
        let revision = try context.update(.account(stored.value), to: .account(after))
        return Stored(after, revision: revision ?? stored.revision)
    }
}

/// Deletes an organisation with its teams, and retires its name.
public struct DeleteOrganization: Command {
    public var name: AccountName
    public var deleteRepositories: Bool
    public var condition: Precondition

    public init(name: AccountName, deleteRepositories: Bool = false, condition: Precondition = .none) {
        self.name = name
        self.deleteRepositories = deleteRepositories
        self.condition = condition
    }

    public func perform(in context: WriteContext) throws(AccessError) {
        let stored = try context.organization(name)
        try context.require(.administer, to: "delete organisations")
        try context.expect(stored.revision, meets: condition)
        // Children before parents, so that nothing points at what is gone.
        var teams = try context.writer.teams(of: stored.value.id, .all).map(\.value)
        while !teams.isEmpty {
            let parents = Set(teams.compactMap(\.parent))
            for team in teams where !parents.contains(team.id) { try context.delete(team: team) }
            let count = teams.count
            teams.removeAll { !parents.contains($0.id) }
            guard teams.count < count else {
                throw .storage(.damaged("teams of \(name) are below each other; `portreeve verify` tells more"))
            }
        }
        for member in try context.writer.members(of: stored.value.id, .all) {
            try context.delete(.organizationMember(member.membership))
        }
        try context.deleteControlGrants(to: .organization(stored.value.id))
        try context.deleteNamespace(stored.value, deleteRepositories: deleteRepositories)
    }
}

/// One organisation.
public struct GetOrganization: Query {
    public var name: AccountName

    public init(name: AccountName) { self.name = name }

    public func answer(in context: ReadContext) throws(AccessError) -> Stored<Account> {
        try context.require(.readNames, to: "read organisations")
        return try context.organization(name)
    }
}
