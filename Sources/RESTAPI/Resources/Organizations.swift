import AccessControl
import AccessModel
import HTTPSupport
import Hummingbird
import StrictJSON

extension RESTAPI {
    func addOrganizations(to routes: Routes) {
        routes.get("orgs", accepting: .list(.contains, .count, .order)) { request, context in
            let paging = try Paging(filtered: request)
            let found = try await service.transactions.ask(ListOrganizations(page: paging.page), as: context.caller)
            return paging.response(found, key: { paging.key(of: $0.value) }) { JSONValue(organization: $0) }
        }
        routes.post("orgs", accepting: .dryRun) { request, context in
            let command = try await request.json(NewOrganizationBody.self).command
            if try request.flag("dry_run") { return try await rehearse(command, context) }
            let made = try await service.transactions.perform(command, as: context.caller)
            return JSONValue(organization: made.value).resource(
                made.value.revision, status: .created, written: made.revision,
                location: "/v1/orgs/\(made.value.value.name)")
        }
        routes.get("orgs/{org}") { _, context in
            let name = try context.accountName("org", kind: "organisation")
            let found = try await service.transactions.ask(GetOrganization(name: name), as: context.caller)
            return JSONValue(organization: found).resource(found.revision)
        }
        routes.patch("orgs/{org}", accepting: .dryRun) { request, context in
            let name = try context.accountName("org", kind: "organisation")
            let command = try await request.json(OrganizationPatchBody.self).command(
                name, condition: request.precondition())
            if try request.flag("dry_run") { return try await rehearse(command, context) }
            let changed = try await service.transactions.perform(command, as: context.caller)
            return JSONValue(organization: changed.value).resource(changed.value.revision, written: changed.revision)
        }
        routes.delete("orgs/{org}", accepting: ["delete_repositories", "dry_run"]) { request, context in
            let command = DeleteOrganization(
                name: try context.accountName("org", kind: "organisation"),
                deleteRepositories: try request.flag("delete_repositories"), condition: try request.precondition())
            return try await delete(command, request, context)
        }
    }

    func addOrganizationMembers(to routes: Routes) {
        routes.get("orgs/{org}/members", accepting: .list(.active, .contains, .count, .role, .source)) {
            request, context in
            let paging = try Paging(filtered: request, roles: OrganizationMember.Role.allCases.map(\.rawValue))
            let organization = try context.accountName("org", kind: "organisation")
            let members = try await service.transactions.ask(
                ListOrganizationMembers(organization: organization, page: paging.page), as: context.caller)
            return paging.response(members, key: \.user.rawValue) { JSONValue(member: $0) }
        }
        routes.get("orgs/{org}/members/{user}") { _, context in
            let query = GetOrganizationMember(
                organization: try context.accountName("org", kind: "organisation"),
                user: try context.accountName("user", kind: "user"))
            let member = try await service.transactions.ask(query, as: context.caller)
            return JSONValue(member: member).resource(member.revision)
        }
        routes.put("orgs/{org}/members/{user}", accepting: .dryRun) { request, context in
            let role = try await request.json(RoleBody<OrganizationMember.Role>.self).role
            let command = PutOrganizationMember(
                organization: try context.accountName("org", kind: "organisation"),
                user: try context.accountName("user", kind: "user"), role: role, condition: try request.precondition())
            if try request.flag("dry_run") { return try await rehearse(command, context) }
            let done = try await service.transactions.perform(command, as: context.caller)
            return JSONValue(user: command.user, role: role.rawValue, managedBy: done.value.value.managedBy)
                .resource(done.value.revision, status: done.value.isNew ? .created : .ok, written: done.revision)
        }
        routes.delete("orgs/{org}/members/{user}", accepting: ["dry_run", "keep_direct_grants"]) { request, context in
            let command = RemoveOrganizationMember(
                organization: try context.accountName("org", kind: "organisation"),
                user: try context.accountName("user", kind: "user"),
                keepDirectGrants: try request.flag("keep_direct_grants"), condition: try request.precondition())
            return try await delete(command, request, context)
        }
    }
}

struct RoleBody<Role: JSONReadable>: JSONReadable {
    let role: Role

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        role = try body.required(Role.self, "role")
        try body.refuseUnknown()
    }
}

private struct NewOrganizationBody: JSONReadable {
    let command: CreateOrganization

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        command = CreateOrganization(
            name: try body.required(AccountName.self, "name"), fields: try OrganizationFields(&body))
        try body.refuseUnknown()
    }
}

private struct OrganizationPatchBody: JSONReadable {
    let fields: OrganizationFields
    let createsRepositoriesOnPush: Bool?

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        fields = try OrganizationFields(&body)
        createsRepositoriesOnPush = try body.optional(Bool.self, "create_on_push")
        try body.refuseUnknown()
    }

    func command(_ name: AccountName, condition: Precondition) -> UpdateOrganization {
        UpdateOrganization(
            name: name, fields: fields, createsRepositoriesOnPush: createsRepositoriesOnPush, condition: condition)
    }
}

extension JSONValue {
    fileprivate init(organization stored: Stored<Account>) {
        let organization = stored.value
        self = [
            "id": JSONValue(organization.id), "name": JSONValue(organization.name),
            "create_on_push": .bool(organization.createsRepositoriesOnPush),
            "managed_by": JSONValue(organization.managedBy), "revision": JSONValue(stored.revision),
        ]
        add(OrganizationFields(of: organization))
    }

    init(user: AccountName, role: String, managedBy: String?) {
        self = ["user": JSONValue(user), "role": .string(role), "managed_by": JSONValue(managedBy)]
    }

    fileprivate init(member view: MemberView<OrganizationMember>) {
        self = [
            "user": JSONValue(view.user), "full_name": .string(view.fullName), "active": .bool(view.isActive),
            "role": .string(view.membership.role.rawValue), "managed_by": JSONValue(view.membership.managedBy),
            "revision": JSONValue(view.revision),
        ]
    }
}
