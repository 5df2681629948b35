import AccessControl
import AccessModel
import HTTPSupport
import Hummingbird
import StrictJSON

extension RESTAPI {
    func addNamespaces(to routes: Routes) {
        routes.get("namespaces/{namespace}") { _, context in
            let found = try await service.transactions.ask(
                GetNamespace(name: context.accountName("namespace")), as: context.caller)
            return JSON(namespace: found).resource(found.revision)
        }
        routes.patch("namespaces/{namespace}", accepting: .dryRun) { request, context in
            let command = try await request.json(NamespacePatchBody.self)
                .command(context.accountName("namespace"), ifMatch: request.ifMatch())
            if try request.flag("dry_run") { return try await rehearse(command, as: context.caller) }
            let changed = try await service.transactions.perform(command, as: context.caller)
            return JSON(namespace: changed.value).resource(changed.value.revision, written: changed.revision)
        }
    }
}

private struct NamespacePatchBody: JSONReadable {
    let createsOnPush: Bool?
    let visibility: Repository.Visibility?
    let grants: [DefaultGrantView]?

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        createsOnPush = try body.optional(Bool.self, "create_on_push")
        visibility = try body.optional(Repository.Visibility.self, "default_visibility")
        grants = try body.optional([DefaultGrantView].self, "default_grants")
        try body.refuseUnknown()
    }

    func command(_ name: AccountName, ifMatch: Revision?) -> UpdateNamespace {
        UpdateNamespace(
            name: name, createsRepositoriesOnPush: createsOnPush, visibility: visibility, grants: grants,
            ifMatch: ifMatch)
    }
}

extension JSON {
    fileprivate init(namespace stored: Stored<NamespaceView>) {
        let view = stored.value
        self = [
            "name": JSON(view.name), "kind": .string(view.kind.rawValue),
            "create_on_push": .bool(view.createsRepositoriesOnPush),
            "default_visibility": .string(view.visibility.rawValue),
            "default_grants": .array(
                view.grants.map { ["subject": JSON(subject: $0.subject), "level": .string($0.level.rawValue)] }),
            "revision": .number(stored.revision),
        ]
    }
}
