public import AccessModel

/// Makes a user a member or maintainer of a team, or changes the role. Joining a team joins
/// its organisation, which takes the right to change the organisation's members.
public struct PutTeamMember: Command {
    public var organization: AccountName
    public var team: TeamName
    public var user: AccountName
    public var role: TeamMember.Role
    public var condition: Precondition

    public init(
        organization: AccountName, team: TeamName, user: AccountName, role: TeamMember.Role,
        condition: Precondition = .none
    ) {
        self.organization = organization
        self.team = team
        self.user = user
        self.role = role
        self.condition = condition
    }

    public func perform(in context: WriteContext) throws(AccessError) -> PutResult<TeamMember> {
        let organization = try context.organization(organization).value
        let team = try context.managedTeam(team, in: organization)
        let user = try context.userID(self.user)
        guard let stored = try context.member(user, of: team.id) else {
            try context.expect(0, meets: condition)
            if context.graph.role(of: user, in: organization.id) == nil {
                try context.require(
                    .manageOrganization(organization.id),
                    to: "bring \(self.user) into \(organization.name): an owner has to make them a member first")
                let joined = OrganizationMember(organization: organization.id, user: user, role: .member)
                try context.insert(.organizationMember(joined), reason: "joined \(organization.name)/\(team.name)")
            }
            let member = TeamMember(team: team.id, user: user, role: role)
            return PutResult(value: member, revision: try context.insert(.teamMember(member)), isNew: true)
        }
        try context.expect(stored.revision, meets: condition)
        var after = stored.value
        after.role = role
        let revision = try context.update(.teamMember(stored.value), to: .teamMember(after))
        return PutResult(value: after, revision: revision ?? stored.revision, isNew: false)
    }
}

/// Takes a user out of a team; they stay in the organisation.
public struct RemoveTeamMember: Command {
    public var organization: AccountName
    public var team: TeamName
    public var user: AccountName
    public var condition: Precondition

    public init(organization: AccountName, team: TeamName, user: AccountName, condition: Precondition = .none) {
        self.organization = organization
        self.team = team
        self.user = user
        self.condition = condition
    }

    public func perform(in context: WriteContext) throws(AccessError) {
        let organization = try context.organization(organization).value
        let team = try context.managedTeam(team, in: organization)
        let user = try context.user(user).value
        guard let stored = try context.writer.member(user.id, of: team.id) else {
            throw .notFound(kind: "member", name: "\(user.name) of \(organization.name)/\(team.name)")
        }
        try context.expect(stored.revision, meets: condition)
        try context.refuseManaged(stored.value.managedBy, "\(user.name) in \(organization.name)/\(team.name)")
        try context.delete(.teamMember(stored.value))
    }
}

extension WriteContext {
    fileprivate func managedTeam(_ name: TeamName, in organization: Account) throws(AccessError) -> Team {
        let found = try row(ofTeam: name, in: organization.id)?.value
        guard let found, allows(.manageTeamMembers(found.id)) else {
            // Whoever may not read the organisation's teams does not learn which there are.
            try require(.readOrganization(organization.id), to: "change the teams of \(organization.name)")
            let team = try team(name, in: organization).value
            throw .forbidden("you may not change the members of \(organization.name)/\(team.name)")
        }
        return found
    }
}

/// A member as a list shows them. With `effective` the members of the teams below are there
/// too, each once, with the team they are in.
public struct TeamMemberView: Hashable, Sendable {
    public let member: MemberView<TeamMember>
    /// The team of the direct membership.
    public let through: TeamName
}

/// Members of a team, ordered by name.
public struct ListTeamMembers: Query {
    public var organization: AccountName
    public var team: TeamName
    public var isEffective: Bool
    public var page: Page

    public init(organization: AccountName, team: TeamName, isEffective: Bool = false, page: Page = Page()) {
        self.organization = organization
        self.team = team
        self.isEffective = isEffective
        self.page = page
    }

    public func answer(in context: ReadContext) throws(AccessError) -> Listing<TeamMemberView> {
        let organization = try context.organization(organization).value
        let team = try context.readableTeam(team, in: organization)
        guard isEffective else {
            return Listing(
                try context.reader.members(of: team.id, page).map { TeamMemberView(member: $0, through: team.name) },
                count: page.isCounted ? try context.reader.memberCount(of: team.id, page.filter) : nil)
        }
        let all = try context.reader.teams(of: organization.id, .all).map(\.value)
        var members: [AccountName: TeamMemberView] = [:]
        for nested in all.family(of: team) {
            for member in try context.reader.members(of: nested.id, .all) where members[member.user] == nil {
                members[member.user] = TeamMemberView(member: member, through: nested.name)
            }
        }
        let sorted = members.values.filter { view in
            page.filter.matches(view.member, role: view.member.membership.role.rawValue)
        }.sorted { $0.member.user < $1.member.user }
        return Listing(
            Array(sorted.drop { $0.member.user.rawValue <= page.after ?? "" }.prefix(page.limit)),
            count: page.isCounted ? sorted.count : nil)
    }
}

extension [Team] {
    /// A team and all below it, each before those below it.
    func family(of team: Team) -> [Team] {
        let children = Dictionary(grouping: self) { $0.parent }
        var family = [team]
        var place = 0
        while place < family.count, family.count <= count {
            family += children[family[place].id] ?? []
            place += 1
        }
        return family
    }

    /// How many levels there are from a team down: 1 for one without any below it.
    func height(of team: Team) -> Int {
        let children = Dictionary(grouping: self) { $0.parent }
        var (level, height) = ([team], 0)
        while !level.isEmpty, height <= count {
            level = level.flatMap { children[$0.id] ?? [] }
            height += 1
        }
        return height
    }
}

/// One membership of a team.
public struct GetTeamMember: Query {
    public var organization: AccountName
    public var team: TeamName
    public var user: AccountName

    public init(organization: AccountName, team: TeamName, user: AccountName) {
        self.organization = organization
        self.team = team
        self.user = user
    }

    public func answer(in context: ReadContext) throws(AccessError) -> TeamMemberView {
        let organization = try context.organization(organization).value
        let team = try context.readableTeam(team, in: organization)
        let user = try context.user(user).value
        guard let stored = try context.reader.member(user.id, of: team.id) else {
            throw .notFound(kind: "member", name: "\(user.name) of \(organization.name)/\(team.name)")
        }
        let view = MemberView(
            user: user.name, fullName: user.fullName, isActive: user.isActive, membership: stored.value,
            revision: stored.revision)
        return TeamMemberView(member: view, through: team.name)
    }
}

extension ReadContext {
    fileprivate func readableTeam(_ name: TeamName, in organization: Account) throws(AccessError) -> Team {
        try require(.readOrganization(organization.id), to: "read the teams of \(organization.name)")
        let team = try team(name, in: organization).value
        try require(.readTeamMembers(team.id), to: "read the members of \(organization.name)/\(name)")
        return team
    }
}
