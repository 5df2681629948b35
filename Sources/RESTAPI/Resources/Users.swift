import AccessControl
import AccessModel
import HTTPSupport
import Hummingbird
import StrictJSON

extension RESTAPI {
    func addUsers(to routes: Routes) {
        routes.get("users", accepting: .list(.active, .contains, .count, .order, .source)) { request, context in
            let paging = try Paging(filtered: request)
            let users = try await service.transactions.ask(ListUsers(page: paging.page), as: context.caller)
            return paging.response(users, key: { paging.key(of: $0.value.account) }) { JSONValue($0) }
        }
        routes.post("users", accepting: .dryRun) { request, context in
            let body = try await request.json(NewUserBody.self)
            let isDryRun = try request.flag("dry_run")
            let user = try await service.authentication.createUser(
                body.command, password: body.password, as: context.caller, dryRun: isDryRun)
            if isDryRun {
                return JSONValue(effect: try await service.transactions.effect(of: user, for: context.caller))
                    .response()
            }
            return JSONValue(user: user.value).resource(
                user.value.revision, status: .created, written: user.revision,
                location: "/v1/users/\(user.value.value.name)")
        }
        routes.get("users/me") { _, context in
            let user = try await service.transactions.ask(GetOwnUser(), as: context.caller)
            return JSONValue(user).resource(user.revision)
        }
        routes.get("users/{user}") { _, context in
            let name = try context.accountName("user", kind: "user")
            let user = try await service.transactions.ask(GetUser(name: name), as: context.caller)
            return JSONValue(user, service.authentication.lastRefusal(of: user.value.account)).resource(user.revision)
        }
        routes.get("users/{user}/memberships") { _, context in
            let query = ListMemberships(user: try context.accountName("user", kind: "user"))
            let memberships = try await service.transactions.ask(query, as: context.caller)
            return ["items": .array(memberships.map { JSONValue(membership: $0) })] as JSONValue
        }
        routes.patch("users/{user}", accepting: .dryRun) { request, context in
            let name = try context.accountName("user", kind: "user")
            let command = try await request.json(UserPatchBody.self).command(name, condition: request.precondition())
            if try request.flag("dry_run") { return try await rehearse(command, context) }
            let user = try await service.transactions.perform(command, as: context.caller)
            return JSONValue(user: user.value).resource(user.value.revision, written: user.revision)
        }
        routes.delete("users/{user}", accepting: ["delete_collections", "delete_repositories", "dry_run"]) {
            request, context in
            let command = DeleteUser(
                name: try context.accountName("user", kind: "user"),
                deleteRepositories: try request.flag("delete_repositories"),
                deleteCollections: try request.flag("delete_collections"), condition: try request.precondition())
            return try await delete(command, request, context)
        }
        routes.put("users/{user}/password") { request, context in
            let name = try context.accountName("user", kind: "user")
            let body = try await request.json(PasswordBody.self)
            let done = try await service.authentication.setPassword(
                of: name, to: body.password, old: body.oldPassword, as: context.caller, address: context.address)
            return Response.gone(at: done.revision)
        }
        routes.get("retired-names", accepting: .page) { request, context in
            let paging = try Paging(request)
            let names = try await service.transactions.ask(ListRetiredNames(page: paging.page), as: context.caller)
            return paging.response(names, key: \.name.rawValue) {
                ["name": JSONValue($0.name), "retired_at": JSONValue($0.retiredAt)]
            }
        }
        routes.delete("retired-names/{name}", accepting: .dryRun) { request, context in
            let name = try context.accountName("name", kind: "retired name")
            return try await delete(FreeRetiredName(name: name), request, context)
        }
    }

    /// Performs a command that deletes something: 204, or what would go with `?dry_run=true`.
    func delete<C: Command>(
        _ command: C, _ request: Request, _ context: AuthenticatedContext
    ) async throws -> Response where C.Result == Void {
        if try request.flag("dry_run") { return try await rehearse(command, context) }
        return .gone(at: try await service.transactions.perform(command, as: context.caller).revision)
    }

    /// What a command would change, and whose access.
    func rehearse<C: Command>(_ command: C, _ context: AuthenticatedContext) async throws -> Response {
        try await context.whileClientWaits {
            JSONValue(effect: try await service.transactions.rehearse(command, as: context.caller)).response()
        }
    }
}

private struct NewUserBody: JSONReadable {
    let command: CreateUser
    let password: String?

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        command = CreateUser(
            name: try body.required(AccountName.self, "name"), fields: try UserFields(&body))
        password = try body.optional(String.self, "password")
        try body.refuseUnknown()
    }
}

private struct UserPatchBody: JSONReadable {
    let fields: UserFields
    let createsRepositoriesOnPush: Bool?

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        fields = try UserFields(&body)
        createsRepositoriesOnPush = try body.optional(Bool.self, "create_on_push")
        try body.refuseUnknown()
    }

    func command(_ name: AccountName, condition: Precondition) -> UpdateUser {
        UpdateUser(
            name: name, fields: fields, createsRepositoriesOnPush: createsRepositoriesOnPush, condition: condition)
    }
}

private struct PasswordBody: JSONReadable {
    let password: String
    let oldPassword: String?

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        password = try body.required(String.self, "password")
        oldPassword = try body.optional(String.self, "old_password")
        try body.refuseUnknown()
    }
}

extension JSONValue {
    fileprivate init(membership: MembershipView) {
        self = [
            "org": JSONValue(membership.organization), "role": .string(membership.role.rawValue),
            "teams": .array(
                membership.teams.map { ["name": JSONValue($0.name), "role": .string($0.role.rawValue)] as JSONValue }),
        ]
    }

    /// For those who may see everything.
    init(user stored: Stored<Account>) {
        self.init(Stored(UserView(stored.value, isInFull: true), revision: stored.revision))
    }

    /// - Parameter refusal: shown to those who may see everything.
    fileprivate init(_ stored: Stored<UserView>, _ refusal: LoginRefusal? = nil) {
        let (user, isInFull) = (stored.value.account, stored.value.isInFull)
        self = [
            "id": JSONValue(user.id), "name": JSONValue(user.name), "login": JSONValue(user.login),
            "create_on_push": .bool(user.createsRepositoriesOnPush),
            "directory": user.directory.map { JSONValue($0, isInFull ? refusal : nil, isInFull: isInFull) } ?? .null,
            "revision": JSONValue(stored.revision),
        ]
        let fields = UserFields(of: user)
        var shown = isInFull ? fields : UserFields()
        (shown.fullName, shown.isActive) = (fields.fullName, fields.isActive)
        add(shown)
    }

    private init(_ link: DirectoryLink, _ refusal: LoginRefusal?, isInFull: Bool) {
        var members: [(String, JSONValue?)] = [("name", .string(link.directory))]
        if isInFull {
            members += [
                ("external_id", .string(link.externalID)), ("dn", .string(link.dn)),
                ("principal_name", JSONValue(link.principalName)),
                (
                    "login_refused",
                    refusal.map { ["at": JSONValue($0.time), "reason": .string($0.reason)] } ?? .null
                ),
            ]
        }
        self.init(members: members + [("gone_since", JSONValue(link.goneSince)), ("resting", .bool(link.isResting))])
    }
}
