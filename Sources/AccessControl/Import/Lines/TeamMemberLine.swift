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

    func put(in context: WriteContext) throws(AccessError) {
        let role: TeamMember.Role
        if let given = self.role { role = given } else { role = try currentRole(in: context) ?? .member }
        _ = try PutTeamMember(organization: organization, team: team, user: user, role: role).perform(in: context)
    }

    private func currentRole(in context: WriteContext) throws(AccessError) -> TeamMember.Role? {
        let team = try context.team(team, in: try context.organization(organization).value).value
        return try context.member(try context.userID(user), of: team.id)?.value.role
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
