import AccessControl
import AccessModel
import HTTPSupport
import Hummingbird
import StrictJSON

extension RESTAPI {
    func addUsers(to routes: Routes) {
        routes.get("users", accepting: .page) { request, context in
            let paging = try Paging(request)
            let users = try await service.transactions.ask(ListUsers(page: paging.page), as: context.caller)
            return paging.response(users, key: \.value.account.name.rawValue) { JSON($0) }
        }
        routes.post("users", accepting: .dryRun) { request, context in
            let body = try await request.json(NewUserBody.self)
            let isDryRun = try request.flag("dry_run")
            let user = try await service.authentication.createUser(
                body.command, password: body.password, as: context.caller, dryRun: isDryRun)
            if isDryRun {
                return JSON(effect: try service.transactions.effect(of: user, for: context.caller)).response()
            }
            return JSON(user: user.value).resource(
                user.value.revision, status: .created, written: user.revision,
                location: "/v1/users/\(user.value.value.name)")
        }
        routes.get("users/me") { _, context in
            let user = try await service.transactions.ask(GetOwnUser(), as: context.caller)
            return JSON(user).resource(user.revision)
        }
        routes.get("users/{user}") { _, context in
            let name = try context.accountName("user", kind: "user")
            let user = try await service.transactions.ask(GetUser(name: name), as: context.caller)
            return JSON(user).resource(user.revision)
        }
        routes.patch("users/{user}", accepting: .dryRun) { request, context in
            let name = try context.accountName("user", kind: "user")
            let command = try await request.json(UserPatchBody.self).command(name, ifMatch: request.ifMatch())
            if try request.flag("dry_run") { return try await rehearse(command, as: context.caller) }
            let user = try await service.transactions.perform(command, as: context.caller)
            return JSON(user: user.value).resource(user.value.revision, written: user.revision)
        }
        routes.delete("users/{user}", accepting: ["delete_repositories", "dry_run"]) { request, context in
            let command = DeleteUser(
                name: try context.accountName("user", kind: "user"),
                deleteRepositories: try request.flag("delete_repositories"), ifMatch: try request.ifMatch())
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
                ["name": JSON($0.name), "retired_at": JSON($0.retiredAt)]
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
        if try request.flag("dry_run") { return try await rehearse(command, as: context.caller) }
        return .gone(at: try await service.transactions.perform(command, as: context.caller).revision)
    }

    /// What a command would change, and whose access.
    func rehearse<C: Command>(_ command: C, as caller: Caller) async throws -> Response {
        JSON(effect: try await service.transactions.rehearse(command, as: caller)).response()
    }
}

private struct NewUserBody: JSONReadable {
    let name: AccountName
    let fullName: String?
    let email: String?
    let isActive: Bool?
    let isSystemAdmin: Bool?
    let isDecisionReader: Bool?
    let password: String?

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        name = try body.required(AccountName.self, "name")
        fullName = try body.optional(String.self, "full_name")
        email = try body.optional(String.self, "email")
        isActive = try body.optional(Bool.self, "active")
        isSystemAdmin = try body.optional(Bool.self, "system_admin")
        isDecisionReader = try body.optional(Bool.self, "decision_reader")
        password = try body.optional(String.self, "password")
        try body.refuseUnknown()
    }

    var command: CreateUser {
        CreateUser(
            name: name, fullName: fullName ?? "", email: email, isActive: isActive ?? true,
            isSystemAdmin: isSystemAdmin ?? false, isDecisionReader: isDecisionReader ?? false)
    }
}

private struct UserPatchBody: JSONReadable {
    let fullName: String?
    let email: String??
    let isActive: Bool?
    let isSystemAdmin: Bool?
    let isDecisionReader: Bool?
    let createsRepositoriesOnPush: Bool?

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        fullName = try body.optional(String.self, "full_name")
        email = try body.nullable(String.self, "email")
        isActive = try body.optional(Bool.self, "active")
        isSystemAdmin = try body.optional(Bool.self, "system_admin")
        isDecisionReader = try body.optional(Bool.self, "decision_reader")
        createsRepositoriesOnPush = try body.optional(Bool.self, "create_on_push")
        try body.refuseUnknown()
    }

    func command(_ name: AccountName, ifMatch: Revision?) -> UpdateUser {
        UpdateUser(
            name: name, fullName: fullName, email: email, isActive: isActive, isSystemAdmin: isSystemAdmin,
            isDecisionReader: isDecisionReader, createsRepositoriesOnPush: createsRepositoriesOnPush, ifMatch: ifMatch)
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

extension JSON {
    /// For those who may see everything.
    init(user stored: Stored<Account>) {
        self.init(Stored(UserView(stored.value, isInFull: true), revision: stored.revision))
    }

    fileprivate init(_ stored: Stored<UserView>) {
        let (user, isInFull) = (stored.value.account, stored.value.isInFull)
        var members: [(String, JSON)] = [
            ("id", JSON(user.id)), ("name", JSON(user.name)), ("login", JSON(user.login)),
            ("full_name", .string(user.fullName)),
        ]
        if isInFull { members.append(("email", JSON(user.email))) }
        members.append(("active", .bool(user.isActive)))
        if isInFull {
            members += [
                ("system_admin", .bool(user.isSystemAdmin)), ("decision_reader", .bool(user.isDecisionReader)),
            ]
        }
        members += [
            ("create_on_push", .bool(user.createsRepositoriesOnPush)),
            ("directory", user.directory.map { JSON($0, isInFull: isInFull) } ?? .null),
            ("revision", .number(stored.revision)),
        ]
        self = .object(members)
    }

    private init(_ link: DirectoryLink, isInFull: Bool) {
        var members: [(String, JSON)] = [("name", .string(link.directory))]
        if isInFull {
            members += [
                ("external_id", .string(link.externalID)), ("dn", .string(link.dn)),
                ("principal_name", JSON(link.principalName)),
            ]
        }
        self = .object(members + [("gone_since", JSON(link.goneSince)), ("resting", .bool(link.isResting))])
    }
}
