import AccessControl
import AccessModel
import Foundation
import HTTPSupport
import Hummingbird

extension RESTAPI {
    func addRepositories(to routes: Routes) {
        routes.get("repositories") { request, context in
            let paging = try Paging(request)
            var query = ListRepositories(page: paging.page)
            if let text = request.text("namespace") {
                query.namespace = try AccountName(query: text, field: "namespace")
            }
            let found = try await service.ask(query, as: context.caller)
            return paging.response(found, key: \.value.path.description) { JSON(repository: $0) }
        }
        routes.post("repositories") { request, context in
            var namespace: AccountName?
            if let text = request.text("namespace") { namespace = try AccountName(query: text, field: "namespace") }
            let command = try await request.json(NewRepositoryBody.self).command(in: namespace)
            if try request.flag("dry_run") { return try await rehearse(command, as: context.caller) }
            let made = try await service.perform(command, as: context.caller)
            let name = command.path.name.addingPercentEncoding(withAllowedCharacters: .pathSegment) ?? ""
            return JSON(repository: made.value).resource(
                made.value.revision, status: .created, written: made.revision,
                location: "/v1/repositories/\(command.path.namespace)/\(name)")
        }
        routes.get("repositories/{namespace}/{name}") { _, context in
            let found = try await service.ask(GetRepository(path: context.repositoryPath()), as: context.caller)
            return JSON(repository: found).resource(found.revision)
        }
        routes.patch("repositories/{namespace}/{name}") { request, context in
            let command = try await request.json(RepositoryPatchBody.self)
                .command(context.repositoryPath(), ifMatch: request.ifMatch())
            if try request.flag("dry_run") { return try await rehearse(command, as: context.caller) }
            let changed = try await service.perform(command, as: context.caller)
            return JSON(repository: changed.value).resource(changed.value.revision, written: changed.revision)
        }
        routes.delete("repositories/{namespace}/{name}") { request, context in
            let command = DeleteRepository(path: try context.repositoryPath(), ifMatch: try request.ifMatch())
            return try await delete(command, request, context)
        }
    }
}

private struct NewRepositoryBody: Decodable {
    let namespace: AccountName?
    let name: String
    let visibility: Repository.Visibility?
    let description: String?

    init(from decoder: any Decoder) throws {
        let body = try StrictContainer(decoder)
        namespace = try body.optional(AccountName.self, "namespace")
        name = try body.required(String.self, "name")
        visibility = try body.optional(Repository.Visibility.self, "visibility")
        description = try body.optional(String.self, "description")
        try body.refuseUnread()
    }

    func command(in queried: AccountName?) throws -> CreateRepository {
        guard let namespace = namespace ?? queried else {
            throw BodyError.malformed(
                "\"namespace\" is missing: give it in the body or as ?namespace=", field: "namespace")
        }
        do {
            let path = try RepositoryPath(namespace: namespace, name: name)
            return CreateRepository(path: path, visibility: visibility ?? .private, description: description ?? "")
        } catch {
            throw AccessError.invalid(field: "name", value: error.value, reason: error.reason)
        }
    }
}

private struct RepositoryPatchBody: Decodable {
    let visibility: Repository.Visibility?
    let description: String?

    init(from decoder: any Decoder) throws {
        let body = try StrictContainer(decoder)
        visibility = try body.optional(Repository.Visibility.self, "visibility")
        description = try body.optional(String.self, "description")
        try body.refuseUnread()
    }

    func command(_ path: RepositoryPath, ifMatch: Revision?) -> UpdateRepository {
        UpdateRepository(path: path, visibility: visibility, description: description, ifMatch: ifMatch)
    }
}

extension AccountName {
    init(query text: String, field: String) throws(AccessError) {
        do { try self.init(text) } catch {
            throw .invalid(field: field, value: error.value, reason: error.reason)
        }
    }
}

extension CharacterSet {
    /// RFC 3986 `pchar` without what would end a segment.
    fileprivate static let pathSegment = CharacterSet.urlPathAllowed.subtracting(CharacterSet(charactersIn: "/;%"))
}

extension JSON {
    fileprivate init(repository stored: Stored<RepositoryView>) {
        let view = stored.value
        self = [
            "id": JSON(view.repository.id), "namespace": JSON(view.path.namespace), "name": .string(view.path.name),
            "visibility": .string(view.repository.visibility.rawValue),
            "description": .string(view.repository.description), "level": JSON(view.level?.rawValue),
            "revision": .number(stored.revision),
        ]
    }
}
