import AccessModel
import StrictJSON

struct OrganizationMemberLine: ImportLine {
    static let kind = "org-member"

    let organization: AccountName
    let user: AccountName
    let role: OrganizationMember.Role?

    init(_ line: inout JSONMembers) throws(JSONError) {
        organization = try line.required(AccountName.self, "org")
        user = try line.required(AccountName.self, "user")
        role = try line.optional(OrganizationMember.Role.self, "role")
    }

    private init(_ member: MemberView<OrganizationMember>, of organization: AccountName) {
        (self.organization, user, role) = (organization, member.user, member.membership.role)
    }

    var members: [JSONValue.Member] {
        [.init("org", organization), .init("user", user)] + (role.map { [.init("role", $0)] } ?? [])
    }

    var namespace: AccountName? { organization }

    func put(in context: WriteContext) throws(AccessError) {
        // The row of a membership that stays as it is is not read.
        let current = context.graph.role(of: user, in: organization)
        if let current, role ?? current == current { return }
        _ = try PutOrganizationMember(organization: organization, user: user, role: role ?? .member)
            .perform(in: context)
    }

    static func forEach(in export: ExportedWorld, _ write: (Self) throws(AccessError) -> Void) throws(AccessError) {
        for organization in export.organizations {
            for member in try export.reader.members(of: organization.id, .all) {
                try write(Self(member, of: organization.name))
            }
        }
    }
}
