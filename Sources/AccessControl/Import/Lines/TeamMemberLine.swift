import AccessModel
import StrictJSON

struct TeamMemberLine: ImportLine {
    static let kind = "team-member"

    let organization: AccountName
    let team: TeamName
    let user: AccountName
    let role: TeamMember.Role?

    init(_ line: inout JSONMembers) throws(JSONError) {
        organization = try line.required(AccountName.self, "org")
        team = try line.required(TeamName.self, "team")
        user = try line.required(AccountName.self, "user")
        role = try line.optional(TeamMember.Role.self, "role")
    }

    private init(_ member: MemberView<TeamMember>, of team: TeamName, in organization: AccountName) {
        (self.organization, self.team) = (organization, team)
        (user, role) = (member.user, member.membership.role)
    }

    var members: [JSONValue.Member] {
        [.init("org", organization), .init("team", team), .init("user", user)]
            + (role.map { [.init("role", $0)] } ?? [])
    }

    var namespace: AccountName? { organization }

    func put(in context: WriteContext) throws(AccessError) {
        // The row of a membership that stays as it is is not read.
        let current = context.graph.role(of: user, in: team, of: organization)
        if let current, role ?? current == current { return }
        _ = try PutTeamMember(organization: organization, team: team, user: user, role: role ?? .member)
            .perform(in: context)
    }

    static func forEach(in export: ExportedWorld, _ write: (Self) throws(AccessError) -> Void) throws(AccessError) {
        for organization in export.organizations {
            for team in try export.reader.teams(of: organization.id, .all).map(\.value) {
                for member in try export.reader.members(of: team.id, .all) {
                    try write(Self(member, of: team.name, in: organization.name))
                }
            }
        }
    }
}
