import AccessModel
import StrictJSON

struct ServiceAccountLine: ImportLine {
    static let kind = "service-account"

    let owner: AccountName
    let name: TeamName
    let fields: ServiceAccountFields

    init(_ line: inout JSONMembers) throws(JSONError) {
        owner = try line.required(AccountName.self, "owner")
        name = try line.required(TeamName.self, "name")
        fields = try ServiceAccountFields(&line)
    }

    private init(_ service: ServiceAccount, of owner: AccountName) {
        (self.owner, name, fields) = (owner, service.name, ServiceAccountFields(of: service))
    }

    var members: [JSONValue.Member] { [.init("owner", owner), .init("name", name)] + fields.members }

    var namespace: AccountName? { owner }

    func put(in context: WriteContext) throws(AccessError) {
        if context.graph.identity(ofServiceAccount: .serviceAccount(owner: owner, name: name)) != nil {
            // An owner's export has decision readers, too, which they may not change.
            let stored = try context.serviceAccount(name, of: owner, to: "change service accounts").value
            var after = stored
            fields.apply(to: &after)
            guard after != stored else { return }
            _ = try UpdateServiceAccount(owner: owner, name: name, fields: fields).perform(in: context)
        } else {
            var command = CreateServiceAccount(owner: owner, name: name, fields: fields)
            command.mayHaveEnded = true
            _ = try command.perform(in: context)
        }
    }

    static func forEach(in export: ExportedWorld, _ write: (Self) throws(AccessError) -> Void) throws(AccessError) {
        for owner in export.accounts {
            for service in try export.reader.serviceAccounts(of: owner.id).map(\.value) {
                try write(Self(service, of: owner.name))
            }
        }
    }
}
