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
            return ["items": .array(found.map { JSON(serviceAccount: $0) })] as JSON
        }
        routes.post(path, accepting: .dryRun) { request, context in
            let command = try await request.json(NewServiceAccountBody.self).command(owner(context))
            if try request.flag("dry_run") { return try await rehearse(command, as: context.caller) }
            let made = try await service.transactions.perform(command, as: context.caller)
            return JSON(serviceAccount: made.value).resource(
                made.value.revision, status: .created, written: made.revision,
                location: "\(request.uri.path)/\(command.name)")
        }
        routes.get("\(path)/{service}") { _, context in
            let query = GetServiceAccount(owner: try owner(context), name: try name(context))
            let found = try await service.transactions.ask(query, as: context.caller)
            return JSON(serviceAccount: found).resource(found.revision)
        }
        routes.patch("\(path)/{service}", accepting: .dryRun) { request, context in
            let command = try await request.json(ServiceAccountPatchBody.self)
                .command(owner(context), name(context), ifMatch: request.ifMatch())
            if try request.flag("dry_run") { return try await rehearse(command, as: context.caller) }
            let changed = try await service.transactions.perform(command, as: context.caller)
            return JSON(serviceAccount: changed.value).resource(changed.value.revision, written: changed.revision)
        }
        routes.delete("\(path)/{service}", accepting: .dryRun) { request, context in
            let command = DeleteServiceAccount(
                owner: try owner(context), name: try name(context), ifMatch: try request.ifMatch())
            return try await delete(command, request, context)
        }
    }
}

private struct NewServiceAccountBody: JSONReadable {
    let name: TeamName
    let description: String?
    let isActive: Bool?
    let isDecisionReader: Bool?
    let expiresAt: Timestamp?

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        name = try body.required(TeamName.self, "name")
        description = try body.optional(String.self, "description")
        isActive = try body.optional(Bool.self, "active")
        isDecisionReader = try body.optional(Bool.self, "decision_reader")
        expiresAt = try body.optional(Timestamp.self, "expires_at")
        try body.refuseUnknown()
    }

    func command(_ owner: AccountName) -> CreateServiceAccount {
        CreateServiceAccount(
            owner: owner, name: name, description: description ?? "", isActive: isActive ?? true,
            isDecisionReader: isDecisionReader ?? false, expiresAt: expiresAt)
    }
}

private struct ServiceAccountPatchBody: JSONReadable {
    let description: String?
    let isActive: Bool?
    let isDecisionReader: Bool?
    let expiresAt: Timestamp??
    let owner: AccountName?

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        description = try body.optional(String.self, "description")
        isActive = try body.optional(Bool.self, "active")
        isDecisionReader = try body.optional(Bool.self, "decision_reader")
        expiresAt = try body.nullable(Timestamp.self, "expires_at")
        owner = try body.optional(AccountName.self, "owner")
        try body.refuseUnknown()
    }

    func command(_ owner: AccountName, _ name: TeamName, ifMatch: Revision?) -> UpdateServiceAccount {
        UpdateServiceAccount(
            owner: owner, name: name, description: description, isActive: isActive,
            isDecisionReader: isDecisionReader, expiresAt: expiresAt, newOwner: self.owner, ifMatch: ifMatch)
    }
}

extension JSON {
    fileprivate init(serviceAccount stored: Stored<ServiceAccountView>) {
        let (view, account) = (stored.value, stored.value.account)
        self = [
            "id": JSON(account.id), "owner": JSON(view.owner), "name": JSON(account.name),
            "login": .string("\(view.owner)+\(account.name)"), "description": .string(account.description),
            "active": .bool(account.isActive), "working": .bool(view.isWorking),
            "decision_reader": .bool(account.isDecisionReader), "expires_at": JSON(account.expiresAt),
            "revision": .number(stored.revision),
        ]
    }
}
