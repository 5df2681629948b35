import AccessControl
import AccessModel
import HTTPSupport
import Hummingbird
import StrictJSON

extension RESTAPI {
    func addTeams(to routes: Routes) {
        routes.get("orgs/{org}/teams", accepting: .list(.contains, .count)) { request, context in
            let paging = try Paging(filtered: request)
            let organization = try context.accountName("org", kind: "organisation")
            let teams = try await service.transactions.ask(
                ListTeams(organization: organization, page: paging.page), as: context.caller)
            return paging.response(teams, key: \.value.team.name.rawValue) { JSONValue(team: $0) }
        }
        routes.post("orgs/{org}/teams", accepting: .dryRun) { request, context in
            let organization = try context.accountName("org", kind: "organisation")
            let command = try await request.json(NewTeamBody.self).command(organization)
            if try request.flag("dry_run") { return try await rehearse(command, context) }
            let made = try await service.transactions.perform(command, as: context.caller)
            return JSONValue(team: made.value).resource(
                made.value.revision, status: .created, written: made.revision,
                location: "/v1/orgs/\(organization)/teams/\(made.value.value.team.name)")
        }
        routes.get("orgs/{org}/teams/{team}") { _, context in
            let query = GetTeam(
                organization: try context.accountName("org", kind: "organisation"), name: try context.teamName("team"))
            let team = try await service.transactions.ask(query, as: context.caller)
            return JSONValue(team: team).resource(team.revision)
        }
        routes.patch("orgs/{org}/teams/{team}", accepting: .dryRun) { request, context in
            let command = try await request.json(TeamPatchBody.self).command(
                try context.accountName("org", kind: "organisation"), try context.teamName("team"),
                condition: try request.precondition())
            if try request.flag("dry_run") { return try await rehearse(command, context) }
            let changed = try await service.transactions.perform(command, as: context.caller)
            return JSONValue(team: changed.value).resource(changed.value.revision, written: changed.revision)
        }
        routes.delete("orgs/{org}/teams/{team}", accepting: .dryRun) { request, context in
            let command = DeleteTeam(
                organization: try context.accountName("org", kind: "organisation"), name: try context.teamName("team"),
                condition: try request.precondition())
            return try await delete(command, request, context)
        }
    }

    func addTeamMembers(to routes: Routes) {
        let parameters = Set<String>.list(.active, .contains, .count, .role).union(["effective"])
        routes.get("orgs/{org}/teams/{team}/members", accepting: parameters) { request, context in
            let paging = try Paging(filtered: request, roles: TeamMember.Role.allCases.map(\.rawValue))
            let query = ListTeamMembers(
                organization: try context.accountName("org", kind: "organisation"), team: try context.teamName("team"),
                isEffective: try request.flag("effective"), page: paging.page)
            let members = try await service.transactions.ask(query, as: context.caller)
            return paging.response(members, key: \.member.user.rawValue) { JSONValue(member: $0) }
        }
        routes.get("orgs/{org}/teams/{team}/members/{user}") { _, context in
            let query = GetTeamMember(
                organization: try context.accountName("org", kind: "organisation"), team: try context.teamName("team"),
                user: try context.accountName("user", kind: "user"))
            let member = try await service.transactions.ask(query, as: context.caller)
            return JSONValue(member: member).resource(member.member.revision)
        }
        routes.put("orgs/{org}/teams/{team}/members/{user}", accepting: .dryRun) { request, context in
            let role = try await request.json(RoleBody<TeamMember.Role>.self).role
            let command = PutTeamMember(
                organization: try context.accountName("org", kind: "organisation"), team: try context.teamName("team"),
                user: try context.accountName("user", kind: "user"), role: role, condition: try request.precondition())
            if try request.flag("dry_run") { return try await rehearse(command, context) }
            let done = try await service.transactions.perform(command, as: context.caller)
            return JSONValue(user: command.user, role: role.rawValue, managedBy: done.value.value.managedBy)
                .resource(done.value.revision, status: done.value.isNew ? .created : .ok, written: done.revision)
        }
        routes.delete("orgs/{org}/teams/{team}/members/{user}", accepting: .dryRun) { request, context in
            let command = RemoveTeamMember(
                organization: try context.accountName("org", kind: "organisation"), team: try context.teamName("team"),
                user: try context.accountName("user", kind: "user"), condition: try request.precondition())
            return try await delete(command, request, context)
        }
    }
}

private struct NewTeamBody: JSONReadable {
    let name: TeamName
    let fields: TeamFields

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        name = try body.required(TeamName.self, "name")
        fields = try TeamFields(&body)
        try body.refuseUnknown()
    }

    func command(_ organization: AccountName) -> CreateTeam {
        CreateTeam(organization: organization, name: name, fields: fields)
    }
}

private struct TeamPatchBody: JSONReadable {
    let name: TeamName?
    let fields: TeamFields

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        name = try body.optional(TeamName.self, "name")
        fields = try TeamFields(&body)
        try body.refuseUnknown()
    }

    func command(_ organization: AccountName, _ team: TeamName, condition: Precondition) -> UpdateTeam {
        UpdateTeam(organization: organization, name: team, newName: name, fields: fields, condition: condition)
    }
}

extension JSONValue {
    fileprivate init(team stored: Stored<TeamView>) {
        let view = stored.value
        self = [
            "id": JSONValue(view.team.id), "org": JSONValue(view.organization),
            "name": JSONValue(view.team.name),
            "parent": JSONValue(view.parent), "managed_by": JSONValue(view.team.managedBy),
            "revision": JSONValue(stored.revision),
        ]
        add(TeamFields(of: view.team))
    }

    fileprivate init(member view: TeamMemberView) {
        let member = view.member
        self = [
            "user": JSONValue(member.user), "full_name": .string(member.fullName), "active": .bool(member.isActive),
            "role": .string(member.membership.role.rawValue), "through": JSONValue(view.through),
            "managed_by": JSONValue(member.membership.managedBy), "revision": JSONValue(member.revision),
        ]
    }
}
