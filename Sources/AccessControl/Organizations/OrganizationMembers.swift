public import AccessModel

/// A membership that was made (`isNew`), changed or kept.
public struct PutResult<Value: Sendable>: Sendable {
    public let value: Value
    public let revision: Revision
    public let isNew: Bool
}

/// Makes a user a member or an owner of an organisation, or changes the role.
public struct PutOrganizationMember: Command {
    public var organization: AccountName
    public var user: AccountName
    public var role: OrganizationMember.Role
    public var condition: Precondition

    public init(
        organization: AccountName, user: AccountName, role: OrganizationMember.Role, condition: Precondition = .none
    ) {
        self.organization = organization
        self.user = user
        self.role = role
        self.condition = condition
    }

    public func perform(in context: WriteContext) throws(AccessError) -> PutResult<OrganizationMember> {
        let organization = try context.organization(organization).value
        try context.require(.manageOrganization(organization.id), to: "change the members of \(organization.name)")
        let user = try context.userID(self.user)
        guard let stored = try context.member(user, of: organization.id) else {
            try context.expect(0, meets: condition)
            let member = OrganizationMember(organization: organization.id, user: user, role: role)
            return PutResult(value: member, revision: try context.insert(.organizationMember(member)), isNew: true)
        }
        try context.expect(stored.revision, meets: condition)
        let before = stored.value
        var after = before
        after.role = role
        if before != after { try context.refuseManaged(before.managedBy, "\(self.user) in \(organization.name)") }
        if before.role == .owner && role != .owner {
            try context.requireAnotherOwner(of: organization.id, than: try context.user(self.user).value)
        }
        let revision = try context.update(.organizationMember(before), to: .organizationMember(after))
        return PutResult(value: after, revision: revision ?? stored.revision, isNew: false)
    }
}

/// Takes a user out of an organisation, and so out of its teams.
public struct RemoveOrganizationMember: Command {
    public var organization: AccountName
    public var user: AccountName
    /// Keeps what the user was given directly on the organisation's repositories.
    public var keepDirectGrants: Bool
    public var condition: Precondition

    public init(
        organization: AccountName, user: AccountName, keepDirectGrants: Bool = false, condition: Precondition = .none
    ) {
        self.organization = organization
        self.user = user
        self.keepDirectGrants = keepDirectGrants
        self.condition = condition
    }

    public func perform(in context: WriteContext) throws(AccessError) {
        let organization = try context.organization(organization).value
        try context.require(.manageOrganization(organization.id), to: "change the members of \(organization.name)")
        let user = try context.user(user).value
        guard let stored = try context.writer.member(user.id, of: organization.id) else {
            throw .notFound(kind: "member", name: "\(user.name) of \(organization.name)")
        }
        try context.expect(stored.revision, meets: condition)
        try context.refuseManaged(stored.value.managedBy, "\(user.name) in \(organization.name)")
        if stored.value.role == .owner { try context.requireAnotherOwner(of: organization.id, than: user) }
        try context.leave(stored.value, keepDirectGrants: keepDirectGrants, reason: "left \(organization.name)")
    }
}

extension WriteContext {
    /// Memberships that a directory keeps are changed there, or they would come back.
    func refuseManaged(_ directory: String?, _ what: String) throws(AccessError) {
        guard let directory else { return }
        throw .conflict(
            code: .directoryManaged,
            detail:
                "\(what) is kept by the directory \"\(directory)\": change the group there, or the directory's rules")
    }

    /// Leaving an organisation leaves its teams and loses direct grants on its repositories.
    func leave(_ member: OrganizationMember, keepDirectGrants: Bool, reason: String) throws(AccessError) {
        for membership in try writer.teams(of: member.user)
        where try writer.team(membership.team)?.value.organization == member.organization {
            try delete(.teamMember(membership), reason: reason)
        }
        if !keepDirectGrants {
            for grant in try writer.grants(to: .user(member.user)) {
                guard case .repository(let id) = grant.value.target,
                    try writer.repository(id)?.value.namespace == member.organization
                else { continue }
                try delete(.grant(grant.value), reason: reason)
            }
        }
        try delete(.organizationMember(member), reason: reason)
    }
}

/// Members of an organisation, ordered by name.
public struct ListOrganizationMembers: Query {
    public var organization: AccountName
    public var page: Page

    public init(organization: AccountName, page: Page = Page()) {
        self.organization = organization
        self.page = page
    }

    public func answer(in context: ReadContext) throws(AccessError) -> Listing<MemberView<OrganizationMember>> {
        let organization = try context.organization(organization).value
        try context.require(.readOrganization(organization.id), to: "read the members of \(organization.name)")
        let reader = context.reader
        return Listing(
            try reader.members(of: organization.id, page),
            count: page.isCounted ? try reader.memberCount(of: organization.id, page.filter) : nil)
    }
}

/// One membership of an organisation.
public struct GetOrganizationMember: Query {
    public var organization: AccountName
    public var user: AccountName

    public init(organization: AccountName, user: AccountName) {
        self.organization = organization
        self.user = user
    }

    public func answer(in context: ReadContext) throws(AccessError) -> MemberView<OrganizationMember> {
        let organization = try context.organization(organization).value
        try context.require(.readOrganization(organization.id), to: "read the members of \(organization.name)")
        let user = try context.user(user).value
        guard let stored = try context.reader.member(user.id, of: organization.id) else {
            throw .notFound(kind: "member", name: "\(user.name) of \(organization.name)")
        }
        return MemberView(
            user: user.name, fullName: user.fullName, isActive: user.isActive, membership: stored.value,
            revision: stored.revision)
    }
}
