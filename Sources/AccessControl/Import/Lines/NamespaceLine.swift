import AccessModel
import StrictJSON

/// How repositories of a namespace begin. The last kind, so that those that are imported do not begin with it.
struct NamespaceLine: ImportLine {
    static let kind = "namespace"

    let name: AccountName
    let fields: NamespaceFields

    init(_ line: inout JSONMembers) throws(JSONError) {
        name = try line.required(AccountName.self, "name")
        fields = try NamespaceFields(&line)
    }

    private init(_ name: AccountName, _ fields: NamespaceFields) { (self.name, self.fields) = (name, fields) }

    var members: [JSONValue.Member] { [.init("name", name)] + fields.members }

    var namespace: AccountName? { name }

    func put(in context: WriteContext) throws(AccessError) {
        _ = try UpdateNamespace(name: name, fields: fields).perform(in: context)
    }

    static func forEach(in export: ExportedWorld, _ write: (Self) throws(AccessError) -> Void) throws(AccessError) {
        for account in export.accounts {
            let fields = try export.context.view(account).fields
            guard fields != NamespaceFields.beginning else { continue }
            try write(Self(account.name, fields))
        }
    }
}
