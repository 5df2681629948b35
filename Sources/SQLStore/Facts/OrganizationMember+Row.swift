import AccessControl
import AccessModel

extension OrganizationMember: StoredFact {
    static let blank = OrganizationMember(
        organization: AccountID(rawValue: ""), user: AccountID(rawValue: ""), role: .member)
    static let table = FactTable("organization_members", of: blank)
    static let listing = table.select + " ORDER BY organization_id, user_id"

    mutating func code(_ coder: inout some FactCoder) throws(AccessError) {
        try coder.text("managed_by", &managedBy)
        try coder.identity(.key("organization", column: "organization_id"), &organization)
        try coder.word("role", &role, default: .member)
        try coder.identity(.key("user", column: "user_id"), &user)
    }

    var fact: Fact { .organizationMember(self) }
}
