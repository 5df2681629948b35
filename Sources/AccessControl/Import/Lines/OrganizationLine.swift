import AccessModel
import StrictJSON

struct OrganizationLine: ImportLine {
    static let kind = "org"

    let name: AccountName
    let fields: OrganizationFields

    init(_ line: inout JSONMembers) throws(JSONError) {
        name = try line.required(AccountName.self, "name")
        fields = try OrganizationFields(&line)
    }

    private init(_ organization: Account) {
        (name, fields) = (organization.name, OrganizationFields(of: organization))
    }

    var members: [JSONValue.Member] { [.init("name", name)] + fields.members }

    var namespace: AccountName? { name }

    func put(in context: WriteContext) throws(AccessError) {
        if context.graph.kind(ofAccount: name) == .organization {
            _ = try UpdateOrganization(name: name, fields: fields).perform(in: context)
        } else {
            // An import names the owners itself: whoever runs it does not become one.
            _ = try context.makeOrganization(name, fields)
        }
    }

    static func forEach(in export: ExportedWorld, _ write: (Self) throws(AccessError) -> Void) throws(AccessError) {
        for organization in export.organizations { try write(Self(organization)) }
    }
}
