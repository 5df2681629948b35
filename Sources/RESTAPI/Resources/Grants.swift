import AccessControl
import AccessModel
import HTTPSupport
import Hummingbird
import StrictJSON

extension RESTAPI {
    func addGrants(to routes: Routes) {
        let (repository, namespace) = ("repositories/{namespace}/{name}/grants", "namespaces/{namespace}/grants")
        let onRepository: Reading<TargetName> = { .repository(try $0.repositoryPath()) }
        let onNamespace: Reading<TargetName> = { .namespace(try $0.accountName("namespace")) }
        let team: Reading<SubjectName> = {
            .team(organization: try $0.accountName("namespace"), name: try $0.teamName("subject"))
        }
        let user: Reading<SubjectName> = { .user(try $0.accountName("subject", kind: "user")) }
        let robot: Reading<SubjectName> = {
            .serviceAccount(
                owner: try $0.accountName("namespace"), name: try $0.teamName("subject", kind: "service account"))
        }
        addGrants(to: routes, repository, onRepository, ["teams": team, "users": user, "service-accounts": robot])
        addGrants(to: routes, namespace, onNamespace, ["teams": team, "service-accounts": robot])
        addGrantsOfSubjects(to: routes)
    }

    private func addGrantsOfSubjects(to routes: Routes) {
        let subjects: [(String, Reading<SubjectName>)] = [
            ("users/{user}", { .user(try $0.accountName("user", kind: "user")) }),
            (
                "orgs/{org}/teams/{team}",
                { .team(organization: try $0.accountName("org", kind: "organisation"), name: try $0.teamName("team")) }
            ),
            (
                "orgs/{org}/service-accounts/{service}",
                {
                    .serviceAccount(
                        owner: try $0.accountName("org", kind: "organisation"),
                        name: try $0.teamName("service", kind: "service account"))
                }
            ),
            (
                "users/{user}/service-accounts/{service}",
                {
                    .serviceAccount(
                        owner: try $0.accountName("user", kind: "user"),
                        name: try $0.teamName("service", kind: "service account"))
                }
            ),
        ]
        for (path, subject) in subjects {
            routes.get("\(path)/grants") { _, context in
                let query = ListGrantsOf(try subject(context))
                return JSONValue(grants: try await service.transactions.ask(query, as: context.caller))
            }
        }
    }

    private typealias Reading<Value> = @Sendable (AuthenticatedContext) throws -> Value

    private func addGrants(
        to routes: Routes, _ path: String, _ target: @escaping Reading<TargetName>,
        _ subjects: [String: Reading<SubjectName>]
    ) {
        let isNamespace = subjects["users"] == nil
        routes.get(path, accepting: isNamespace ? ["all"] : []) { request, context in
            let target = try target(context)
            if case .namespace(let name) = target, try request.flag("all") {
                let query = ListNamespaceGrants(namespace: name)
                return JSONValue(grants: try await service.transactions.ask(query, as: context.caller))
            }
            let grants = try await service.transactions.ask(ListGrants(target: target), as: context.caller)
            return JSONValue(grants: grants)
        }
        for (kind, subject) in subjects {
            routes.put("\(path)/\(kind)/{subject}", accepting: .dryRun) { request, context in
                let body = try await request.json(GrantBody.self)
                let command = PutGrant(
                    subject: try subject(context), target: try target(context), level: body.level,
                    expiresAt: body.expiresAt, condition: try request.precondition())
                if try request.flag("dry_run") { return try await rehearse(command, context) }
                let done = try await service.transactions.perform(command, as: context.caller)
                return JSONValue(grant: done.value.value, revision: done.value.revision)
                    .resource(done.value.revision, status: done.value.isNew ? .created : .ok, written: done.revision)
            }
            routes.delete("\(path)/\(kind)/{subject}", accepting: .dryRun) { request, context in
                let command = RemoveGrant(
                    subject: try subject(context), target: try target(context), condition: try request.precondition())
                return try await delete(command, request, context)
            }
        }
    }
}

private struct GrantBody: JSONReadable {
    let level: AccessLevel
    let expiresAt: Timestamp??

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        level = try body.required(AccessLevel.self, "level")
        expiresAt = try body.nullable(Timestamp.self, "expires_at")
        try body.refuseUnknown()
    }
}

extension JSONValue {
    fileprivate init(grants: [Stored<GrantView>]) {
        self = ["items": .array(grants.map { JSONValue(grant: $0.value, revision: $0.revision) })]
    }

    fileprivate init(grant: GrantView, revision: Revision) {
        self = [
            "subject": JSONValue(subject: grant.subject), "target": JSONValue(target: grant.target),
            "level": .string(grant.level.rawValue), "expires_at": JSONValue(grant.expiresAt),
            "revision": JSONValue(revision),
        ]
    }

    init(subject: SubjectName) {
        self =
            switch subject {
            case .team(let organization, let name):
                ["type": "team", "org": JSONValue(organization), "name": JSONValue(name)]
            case .user(let name): ["type": "user", "name": JSONValue(name)]
            case .serviceAccount(let owner, let name):
                ["type": "service-account", "owner": JSONValue(owner), "name": JSONValue(name)]
            }
    }

    private init(target: TargetName) {
        self =
            switch target {
            case .repository(let path):
                ["type": "repository", "namespace": JSONValue(path.namespace), "name": .string(path.name)]
            case .namespace(let name): ["type": "namespace", "name": JSONValue(name)]
            }
    }
}
