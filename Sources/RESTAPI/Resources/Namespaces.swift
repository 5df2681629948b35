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
            return JSONValue(namespace: found).resource(found.revision)
        }
        routes.patch("namespaces/{namespace}", accepting: .dryRun) { request, context in
            let command = try await request.json(NamespacePatchBody.self)
                .command(context.accountName("namespace"), condition: request.precondition())
            if try request.flag("dry_run") { return try await rehearse(command, context) }
            let changed = try await service.transactions.perform(command, as: context.caller)
            return JSONValue(namespace: changed.value).resource(changed.value.revision, written: changed.revision)
        }
    }
}

private struct NamespacePatchBody: JSONReadable {
    let fields: NamespaceFields

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        fields = try NamespaceFields(&body)
        try body.refuseUnknown()
    }

    func command(_ name: AccountName, condition: Precondition) -> UpdateNamespace {
        UpdateNamespace(name: name, fields: fields, condition: condition)
    }
}

extension JSONValue {
    fileprivate init(namespace stored: Stored<NamespaceView>) {
        let view = stored.value
        self = [
            "name": JSONValue(view.name), "kind": view.kind == .user ? "user" : "org",
            "revision": JSONValue(stored.revision),
        ]
        add(view.fields)
    }
}
