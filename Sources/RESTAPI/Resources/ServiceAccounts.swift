import AccessControl
import AccessModel
import HTTPSupport
import Hummingbird
import StrictJSON

extension RESTAPI {
    typealias Owner = @Sendable (AuthenticatedContext) throws -> AccountName

    /// Under what path the service accounts of an owner are, and how the owner is read from it.
    var serviceAccountOwners: [(path: String, owner: Owner)] {
        [
            ("orgs/{org}", { try owner($0.accountName("org", kind: "organisation"), .organization) }),
            ("users/{user}", { try owner($0.accountName("user", kind: "user"), .user) }),
        ]
    }

    private func owner(_ name: AccountName, _ kind: Account.Kind) throws -> AccountName {
        guard service.transactions.published.current.kind(ofAccount: name) == kind else {
            throw AccessError.notFound(kind: kind == .user ? "user" : "organisation", name: name.rawValue)
        }
        return name
    }

    func addServiceAccounts(to routes: Routes) {
        for (path, owner) in serviceAccountOwners { addServiceAccounts(to: routes, "\(path)/service-accounts", owner) }
    }

    private func addServiceAccounts(to routes: Routes, _ path: String, _ owner: @escaping Owner) {
        let name: @Sendable (AuthenticatedContext) throws -> TeamName = {
            try $0.teamName("service", kind: "service account")
        }
        routes.get(path) { _, context in
            let found = try await service.transactions.ask(
                ListServiceAccounts(owner: owner(context)), as: context.caller)
            return ["items": .array(found.map { JSONValue(serviceAccount: $0) })] as JSONValue
        }
        routes.post(path, accepting: .dryRun) { request, context in
            let command = try await request.json(NewServiceAccountBody.self).command(owner(context))
            if try request.flag("dry_run") { return try await rehearse(command, context) }
            let made = try await service.transactions.perform(command, as: context.caller)
            return JSONValue(serviceAccount: made.value).resource(
                made.value.revision, status: .created, written: made.revision,
                location: "\(request.uri.path)/\(command.name)")
        }
        routes.get("\(path)/{service}") { _, context in
            let query = GetServiceAccount(owner: try owner(context), name: try name(context))
            let found = try await service.transactions.ask(query, as: context.caller)
            return JSONValue(serviceAccount: found).resource(found.revision)
        }
        routes.patch("\(path)/{service}", accepting: .dryRun) { request, context in
            let command = try await request.json(ServiceAccountPatchBody.self)
                .command(owner(context), name(context), condition: request.precondition())
            if try request.flag("dry_run") { return try await rehearse(command, context) }
            let changed = try await service.transactions.perform(command, as: context.caller)
            return JSONValue(serviceAccount: changed.value).resource(changed.value.revision, written: changed.revision)
        }
        routes.delete("\(path)/{service}", accepting: .dryRun) { request, context in
            let command = DeleteServiceAccount(
                owner: try owner(context), name: try name(context), condition: try request.precondition())
            return try await delete(command, request, context)
        }
    }
}

private struct NewServiceAccountBody: JSONReadable {
    let name: TeamName
    let fields: ServiceAccountFields

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        name = try body.required(TeamName.self, "name")
        fields = try ServiceAccountFields(&body)
        try body.refuseUnknown()
    }

    func command(_ owner: AccountName) -> CreateServiceAccount {
        CreateServiceAccount(owner: owner, name: name, fields: fields)
    }
}

private struct ServiceAccountPatchBody: JSONReadable {
    let fields: ServiceAccountFields
    let owner: AccountName?

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        fields = try ServiceAccountFields(&body)
        owner = try body.optional(AccountName.self, "owner")
        try body.refuseUnknown()
    }

    func command(_ owner: AccountName, _ name: TeamName, condition: Precondition) -> UpdateServiceAccount {
        UpdateServiceAccount(owner: owner, name: name, fields: fields, newOwner: self.owner, condition: condition)
    }
}

extension JSONValue {
    fileprivate init(serviceAccount stored: Stored<ServiceAccountView>) {
        let (view, account) = (stored.value, stored.value.account)
        self = [
            "id": JSONValue(account.id), "owner": JSONValue(view.owner), "name": JSONValue(account.name),
            "login": .string("\(view.owner)+\(account.name)"), "working": .bool(view.isWorking),
            "revision": JSONValue(stored.revision),
        ]
        add(ServiceAccountFields(of: account))
    }
}
