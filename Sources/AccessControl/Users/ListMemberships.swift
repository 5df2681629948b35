public import AccessModel

/// What a user is in of one organisation.
public struct MembershipView: Hashable, Sendable {
    public struct InTeam: Hashable, Sendable {
        public let name: TeamName
        public let role: TeamMember.Role
    }

    public let organization: AccountName
    public let role: OrganizationMember.Role
    /// Ordered by name.
    public let teams: [InTeam]
}

/// The organisations and teams that a user is in: for themselves and for administrators all of them, for others those that
/// they may read. Ordered by name.
public struct ListMemberships: Query {
    public var user: AccountName

    public init(user: AccountName) { self.user = user }

    public func answer(in context: ReadContext) throws(AccessError) -> [MembershipView] {
        try context.require(.readNames, to: "read users")
        let (id, reader) = (try context.userID(user), context.reader)
        let seesAll = context.actor == .user(id) || context.allows(.administer)
        var teams: [AccountID: [MembershipView.InTeam]] = [:]
        for member in try reader.teams(of: id) {
            guard seesAll || context.allows(.readTeamMembers(member.team)),
                let team = try reader.team(member.team)?.value
            else { continue }
            teams[team.organization, default: []].append(.init(name: team.name, role: member.role))
        }
        var views: [MembershipView] = []
        for member in try reader.organizations(of: id) {
            guard seesAll || context.allows(.readOrganization(member.organization)),
                let organization = try reader.account(member.organization)?.value
            else { continue }
            views.append(
                MembershipView(
                    organization: organization.name, role: member.role, teams: teams[organization.id] ?? []))
        }
        return views
    }
}
