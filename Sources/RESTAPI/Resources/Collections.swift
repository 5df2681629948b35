import AccessControl
import AccessModel
import HTTPSupport
import Hummingbird
import StrictJSON

extension RESTAPI {
    func addCollections(to routes: Routes) {
        routes.get("collections", accepting: .page.union(["depth", "under"])) { request, context in
            let paging = try Paging(request)
            let query = ListCollections(
                under: try request.collectionPath("under") ?? .root,
                depth: try request.number("depth", in: 0...CollectionPath.depthLimit),
                after: try paging.page.after.map { (text) throws(AccessError) in
                    try AccessError.collectionPath(text, field: "cursor")
                }, limit: paging.page.limit)
            let collections = try await service.transactions.ask(query, as: context.caller)
            return paging.response(collections, key: \.value.path.description) { JSONValue(collection: $0) }
        }
        routes.post("collections", accepting: .dryRun) { request, context in
            let path = try await request.json(NewCollectionBody.self).path
            let command = CreateCollection(path: try AccessError.collectionPath(path, field: "path"))
            if try request.flag("dry_run") { return try await rehearse(command, context) }
            let made = try await service.transactions.perform(command, as: context.caller)
            return JSONValue(collection: made.value).resource(
                made.value.revision, status: .created, written: made.revision,
                location: "/v1/collections/\(path.inPathSegment)")
        }
        routes.get("collections/{path}") { _, context in
            let collection = try await service.transactions.ask(
                GetCollection(path: try context.collectionPath()), as: context.caller)
            return JSONValue(collection: collection).resource(collection.revision)
        }
        routes.patch("collections/{path}", accepting: .dryRun) { request, context in
            let command = try await request.json(CollectionPatchBody.self).command(
                try context.collectionPath(), condition: try request.precondition())
            if try request.flag("dry_run") { return try await rehearse(command, context) }
            let changed = try await service.transactions.perform(command, as: context.caller)
            return JSONValue(collection: changed.value).resource(changed.value.revision, written: changed.revision)
        }
        routes.delete("collections/{path}", accepting: ["dry_run", "recursive"]) { request, context in
            let command = DeleteCollection(
                path: try context.collectionPath(), isRecursive: try request.flag("recursive"),
                condition: try request.precondition())
            return try await delete(command, request, context)
        }
    }

    func addControlGrants(to routes: Routes) {
        routes.get("collections/{path}/grants", accepting: ["inherited"]) { request, context in
            let query = ListCollectionGrants(
                collection: try context.collectionPath(), isInherited: try request.flag("inherited"))
            return JSONValue(controlGrants: try await service.transactions.ask(query, as: context.caller))
        }
        routes.get("control-grants", accepting: ["collection", "effective", "role", "subject"]) { request, context in
            let query = ListControlGrants(
                subject: try request.controlSubject("subject"), role: try request.roleName("role"),
                collection: try request.collectionPath("collection"), isEffective: try request.flag("effective"))
            return JSONValue(controlGrants: try await service.transactions.ask(query, as: context.caller))
        }
        let path = "collections/{path}/grants/{subject}/{role}"
        routes.put(path, accepting: .dryRun) { request, context in
            let end = try await request.json(ControlGrantBody.self).expiresAt
            let command = PutControlGrant(
                subject: try context.controlSubject(), role: try context.roleName(),
                collection: try context.collectionPath(), expiresAt: end,
                condition: try request.precondition())
            if try request.flag("dry_run") { return try await rehearse(command, context) }
            let done = try await service.transactions.perform(command, as: context.caller)
            return JSONValue(controlGrant: done.value.value, revision: done.value.revision)
                .resource(done.value.revision, status: done.value.isNew ? .created : .ok, written: done.revision)
        }
        routes.delete(path, accepting: .dryRun) { request, context in
            let command = RemoveControlGrant(
                subject: try context.controlSubject(), role: try context.roleName(),
                collection: try context.collectionPath(), condition: try request.precondition())
            return try await delete(command, request, context)
        }
    }
}

private struct NewCollectionBody: JSONReadable {
    let path: String

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        path = try body.required(String.self, "path")
        try body.refuseUnknown()
    }
}

private struct CollectionPatchBody: JSONReadable {
    let name: String?
    let parent: String?

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        name = try body.optional(String.self, "name")
        parent = try body.optional(String.self, "parent")
        try body.refuseUnknown()
    }

    func command(_ path: CollectionPath, condition: Precondition) throws(AccessError) -> UpdateCollection {
        let newName: CollectionName?
        do throws(NameError) { newName = try name.map { (name) throws(NameError) in try CollectionName(name) } } catch {
            throw .unusable(code: .invalidCollection, field: "name", value: error.value, reason: error.reason)
        }
        return UpdateCollection(
            path: path, newName: newName,
            newParent: try parent.map { (text) throws(AccessError) in
                try AccessError.collectionPath(text, field: "parent")
            }, condition: condition)
    }
}

private struct ControlGrantBody: JSONReadable {
    let expiresAt: Timestamp??

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        expiresAt = try body.nullable(Timestamp.self, "expires_at")
        try body.refuseUnknown()
    }
}

extension AuthenticatedContext {
    /// A path that cannot be is that of nothing: 404. One without a `/` in front is below `/`.
    func collectionPath() throws(AccessError) -> CollectionPath {
        let text = try parameter("path")
        guard let path = try? CollectionPath(text.hasPrefix("/") ? text : "/" + text) else {
            throw .notFound(kind: "collection", name: text)
        }
        return path
    }

    func controlSubject() throws(AccessError) -> ControlSubjectName {
        try AccessError.controlSubject(try parameter("subject"), field: "subject")
    }
}

extension Request {
    func collectionPath(_ field: Substring) throws(AccessError) -> CollectionPath? {
        try text(field).map { (text) throws(AccessError) in
            try AccessError.collectionPath(text, field: String(field))
        }
    }

    func controlSubject(_ field: Substring) throws(AccessError) -> ControlSubjectName? {
        try text(field).map { (text) throws(AccessError) in
            try AccessError.controlSubject(text, field: String(field))
        }
    }
}

extension AccessError {
    fileprivate static func controlSubject(_ text: String, field: String) throws(AccessError) -> ControlSubjectName {
        do throws(NameError) { return try ControlSubjectName(text) } catch {
            throw .invalid(field: field, value: error.value, reason: error.reason)
        }
    }
}

extension JSONValue {
    fileprivate init(collection stored: Stored<CollectionView>) {
        let view = stored.value
        self = [
            "id": JSONValue(view.id), "path": view.path.json, "name": JSONValue(view.path.components.last?.rawValue),
            "parent": JSONValue(view.path.parent), "owner": JSONValue(view.owner), "built_in": .bool(view.isFixed),
            "revision": JSONValue(stored.revision),
        ]
    }

    fileprivate init(controlGrants: [Stored<ControlGrantView>]) {
        self = ["items": .array(controlGrants.map { JSONValue(controlGrant: $0.value, revision: $0.revision) })]
    }

    fileprivate init(controlGrant grant: ControlGrantView, revision: Revision) {
        self = [
            "subject": grant.subject.json, "role": grant.role.json, "collection": grant.collection.json,
            "expires_at": JSONValue(grant.expiresAt), "revision": JSONValue(revision),
        ]
    }
}
