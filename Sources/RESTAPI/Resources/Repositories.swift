import AccessControl
import AccessModel
import Foundation
import HTTPSupport
import Hummingbird
import StrictJSON

extension RESTAPI {
    func addRepositories(to routes: Routes) {
        let parameters = Set<String>.list(.contains, .count, .level, .visibility).union(["namespace"])
        routes.get("repositories", accepting: parameters) { request, context in
            let paging = try Paging(filtered: request)
            var query = ListRepositories(page: paging.page)
            query.namespace = try await accountName("namespace", in: request, context)
            let found = try await service.transactions.ask(query, as: context.caller)
            return paging.response(found, key: \.value.path.description) { JSONValue(repository: $0) }
        }
        routes.post("repositories", accepting: ["dry_run", "namespace"]) { request, context in
            let namespace = try await accountName("namespace", in: request, context)
            let command = try await request.json(NewRepositoryBody.self).command(in: namespace)
            if try request.flag("dry_run") { return try await rehearse(command, context) }
            let made = try await service.transactions.perform(command, as: context.caller)
            let name = command.path.name.inPathSegment
            return JSONValue(repository: made.value).resource(
                made.value.revision, status: .created, written: made.revision,
                location: "/v1/repositories/\(command.path.namespace)/\(name)")
        }
        routes.get("repositories/{namespace}/{name}") { _, context in
            let found = try await service.transactions.ask(
                GetRepository(path: context.repositoryPath()), as: context.caller)
            return JSONValue(repository: found).resource(found.revision)
        }
        routes.patch("repositories/{namespace}/{name}", accepting: .dryRun) { request, context in
            let command = try await request.json(RepositoryPatchBody.self)
                .command(context.repositoryPath(), condition: request.precondition())
            if try request.flag("dry_run") { return try await rehearse(command, context) }
            let changed = try await service.transactions.perform(command, as: context.caller)
            return JSONValue(repository: changed.value).resource(changed.value.revision, written: changed.revision)
        }
        routes.delete("repositories/{namespace}/{name}", accepting: .dryRun) { request, context in
            let command = DeleteRepository(path: try context.repositoryPath(), condition: try request.precondition())
            return try await delete(command, request, context)
        }
        routes.get("repositories/{namespace}/{name}/tags", accepting: .page) { request, context in
            let paging = try Paging(request)
            let query = ListTags(path: try context.repositoryPath(), page: paging.page)
            return paging.response(try await service.transactions.ask(query, as: context.caller), key: \.name) {
                JSONValue(tag: $0)
            }
        }
        // As the registry's own catalogue is paged (distribution specification, "Listing Repositories").
        routes.get("catalog", accepting: ["last", "n"]) { request, context in
            let limit = try request.number("n", in: 1...1_000) ?? 100
            let found = try await service.transactions.ask(
                ListCatalog(after: request.text("last"), limit: limit + 1), as: context.caller)
            let shown = found.prefix(limit).map(\.description)
            var headers: HTTPFields = [:]
            if found.count > limit, let last = shown.last {
                let escaped = last.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? last
                headers[.link] = "<\(request.uri.path)?n=\(limit)&last=\(escaped)>; rel=\"next\""
            }
            return (["repositories": .array(shown.map { .string($0) })] as JSONValue).response(headers: headers)
        }
    }
}

private struct NewRepositoryBody: JSONReadable {
    let namespace: AccountName?
    let name: String
    let fields: RepositoryFields

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        namespace = try body.optional(AccountName.self, "namespace")
        name = try body.required(String.self, "name")
        fields = try RepositoryFields(&body)
        try body.refuseUnknown()
    }

    func command(in queried: AccountName?) throws -> CreateRepository {
        guard let namespace = namespace ?? queried else {
            throw BodyError.malformed(
                "\"namespace\" is missing: give it in the body or as ?namespace=", field: "namespace")
        }
        do {
            return CreateRepository(path: try RepositoryPath(namespace: namespace, name: name), fields: fields)
        } catch {
            throw AccessError.invalid(field: "name", value: error.value, reason: error.reason)
        }
    }
}

private struct RepositoryPatchBody: JSONReadable {
    let namespace: AccountName?
    let name: String?
    let fields: RepositoryFields

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        namespace = try body.optional(AccountName.self, "namespace")
        name = try body.optional(String.self, "name")
        fields = try RepositoryFields(&body)
        try body.refuseUnknown()
    }

    func command(_ path: RepositoryPath, condition: Precondition) throws -> UpdateRepository {
        var newPath: RepositoryPath?
        if namespace != nil || name != nil {
            do { newPath = try RepositoryPath(namespace: namespace ?? path.namespace, name: name ?? path.name) } catch {
                throw AccessError.invalid(field: "name", value: error.value, reason: error.reason)
            }
        }
        return UpdateRepository(path: path, fields: fields, newPath: newPath, condition: condition)
    }
}

extension JSONValue {
    fileprivate init(repository stored: Stored<RepositoryView>) {
        let view = stored.value
        self = [
            "id": JSONValue(view.repository.id), "namespace": JSONValue(view.path.namespace),
            "name": .string(view.path.name),
            "level": JSONValue(view.level?.rawValue),
            "last_pushed_at": JSONValue(view.use.push?.time), "last_pushed_by": JSONValue(view.use.push?.by),
            "last_pulled_at": JSONValue(view.use.pull?.time), "last_pulled_by": JSONValue(view.use.pull?.by),
            "revision": JSONValue(stored.revision),
        ]
        add(RepositoryFields(of: view.repository))
    }

    fileprivate init(tag: KnownTag) {
        self = [
            "name": .string(tag.name), "digest": .string(tag.digest), "pushed_at": JSONValue(tag.push.time),
            "pushed_by": .string(tag.push.by),
        ]
    }
}
