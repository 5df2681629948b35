import AccessControl
import AccessModel
import HTTPSupport
import Hummingbird
import StrictJSON

extension RESTAPI {
    func addRoles(to routes: Routes) {
        routes.get("operations") { _, _ in
            ["items": .array(EngineOperation.all.map { JSONValue(operation: $0) })] as JSONValue
        }
        routes.get("roles") { _, context in
            let roles = try await service.transactions.ask(ListRoles(), as: context.caller)
            return ["items": .array(roles.map { JSONValue(role: $0) })] as JSONValue
        }
        routes.post("roles", accepting: .dryRun) { request, context in
            let command = try await request.json(NewRoleBody.self, upTo: roleLimit).command
            if try request.flag("dry_run") { return try await rehearse(command, context) }
            let made = try await service.transactions.perform(command, as: context.caller)
            return JSONValue(role: made.value).resource(
                made.value.revision, status: .created, written: made.revision,
                location: "/v1/roles/\(command.name.rawValue.inPathSegment)")
        }
        routes.get("roles/{role}") { _, context in
            let role = try await service.transactions.ask(GetRole(name: try context.roleName()), as: context.caller)
            return JSONValue(role: role).resource(role.revision)
        }
        routes.patch("roles/{role}", accepting: .dryRun) { request, context in
            let command = try await request.json(RolePatchBody.self, upTo: roleLimit).command(
                try context.roleName(), condition: try request.precondition())
            if try request.flag("dry_run") { return try await rehearse(command, context) }
            let changed = try await service.transactions.perform(command, as: context.caller)
            return JSONValue(role: changed.value).resource(changed.value.revision, written: changed.revision)
        }
        routes.delete("roles/{role}", accepting: ["dry_run", "replace_with"]) { request, context in
            let command = DeleteRole(
                name: try context.roleName(), replacement: try request.roleName("replace_with"),
                condition: try request.precondition())
            return try await delete(command, request, context)
        }
        routes.get("control-plane") { _, context in
            let settings = try await service.transactions.ask(GetControlSettings(), as: context.caller)
            return JSONValue(settings: settings).resource(settings.revision)
        }
        routes.patch("control-plane", accepting: .dryRun) { request, context in
            let body = try await request.json(ControlSettingsBody.self)
            let command = UpdateControlSettings(defaultRole: body.defaultRole, condition: try request.precondition())
            if try request.flag("dry_run") { return try await rehearse(command, context) }
            let changed = try await service.transactions.perform(command, as: context.caller)
            return JSONValue(settings: changed.value).resource(changed.value.revision, written: changed.revision)
        }
    }

    /// 2,000 operations take some 100 KiB.
    private var roleLimit: Int { 1 << 20 }
}

private struct NewRoleBody: JSONReadable {
    let command: CreateRole

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        command = CreateRole(name: try body.required(RoleName.self, "name"), fields: try RoleFields(&body))
        try body.refuseUnknown()
    }
}

private struct RolePatchBody: JSONReadable {
    let name: RoleName?
    let fields: RoleFields
    let added: [String]
    let removed: [String]

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        name = try body.optional(RoleName.self, "name")
        fields = try RoleFields(&body)
        added = try body.optional([String].self, "add") ?? []
        removed = try body.optional([String].self, "remove") ?? []
        try body.refuseUnknown()
    }

    func command(_ role: RoleName, condition: Precondition) -> UpdateRole {
        UpdateRole(name: role, newName: name, fields: fields, added: added, removed: removed, condition: condition)
    }
}

private struct ControlSettingsBody: JSONReadable {
    let defaultRole: RoleName?

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        defaultRole = try body.optional(RoleName.self, "default_role")
        try body.refuseUnknown()
    }
}

extension AuthenticatedContext {
    func roleName() throws(AccessError) -> RoleName {
        let text = try parameter("role")
        guard let name = try? RoleName(text) else { throw .notFound(kind: "role", name: text) }
        return name
    }
}

extension Request {
    func roleName(_ field: Substring) throws(AccessError) -> RoleName? {
        guard let text = text(field) else { return nil }
        do throws(NameError) { return try RoleName(text) } catch {
            throw .invalid(field: String(field), value: error.value, reason: error.reason)
        }
    }
}

extension JSONValue {
    fileprivate init(operation: EngineOperation) {
        self = [
            "name": .string(operation.name), "description": .string(operation.summary),
            "dangerous": .bool(operation.isDangerous),
        ]
    }

    fileprivate init(role stored: Stored<Role>) {
        let role = stored.value
        self = [
            "id": JSONValue(role.id), "name": role.name.json, "description": .string(role.description),
            "operations": .array(role.operations.map { .string($0.description) }), "built_in": .bool(role.isBuiltIn),
            "revision": JSONValue(stored.revision),
        ]
    }

    fileprivate init(settings stored: Stored<ControlSettingsView>) {
        self = ["default_role": stored.value.defaultRole.json, "revision": JSONValue(stored.revision)]
    }
}
