import AccessModel
import StrictJSON

struct UserLine: ImportLine {
    static let kind = "user"

    let name: AccountName
    let fields: UserFields

    init(_ line: inout JSONMembers) throws(JSONError) {
        name = try line.required(AccountName.self, "name")
        fields = try UserFields(&line)
    }

    private init(_ user: Account) { (name, fields) = (user.name, UserFields(of: user)) }

    var members: [JSONValue.Member] { [.init("name", name)] + fields.members }

    var namespace: AccountName? { nil }

    func put(in context: WriteContext) throws(AccessError) {
        // The name of an organisation is taken.
        if context.graph.kind(ofAccount: name) == .user {
            _ = try UpdateUser(name: name, fields: fields).perform(in: context)
        } else {
            _ = try CreateUser(name: name, fields: fields).perform(in: context)
        }
    }

    static func forEach(in export: ExportedWorld, _ write: (Self) throws(AccessError) -> Void) throws(AccessError) {
        for user in export.users { try write(Self(user)) }
    }
}
