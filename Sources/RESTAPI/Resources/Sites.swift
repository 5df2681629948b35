import AccessControl
import AccessModel
import HTTPSupport
import Hummingbird
import StrictJSON

extension RESTAPI {
    func addSites(to routes: Routes) {
        addSites(to: routes, "clusters", "cluster", .cluster)
        addSites(to: routes, "engines", "engine", .engine)
    }

    private func addSites(to routes: Routes, _ path: String, _ parameter: String, _ form: Site.Form) {
        routes.get("\(path)") { _, context in
            let sites = try await service.transactions.ask(ListSites(form: form), as: context.caller)
            return ["items": .array(sites.map { JSONValue(site: $0) })] as JSONValue
        }
        routes.post("\(path)", accepting: .dryRun) { request, context in
            let command = try await request.json(NewSiteBody.self).command(form)
            if try request.flag("dry_run") { return try await rehearse(command, context) }
            let made = try await service.transactions.perform(command, as: context.caller)
            return JSONValue(site: made.value).resource(
                made.value.revision, status: .created, written: made.revision,
                location: "/v1/\(path)/\(made.value.value.site.name)")
        }
        routes.get("\(path)/{\(parameter)}") { _, context in
            let site = try await service.transactions.ask(
                GetSite(form: form, name: try context.siteName(parameter)), as: context.caller)
            return JSONValue(site: site).resource(site.revision)
        }
        routes.patch("\(path)/{\(parameter)}", accepting: .dryRun) { request, context in
            let command = try await request.json(SitePatchBody.self).command(
                form, try context.siteName(parameter), condition: try request.precondition())
            if try request.flag("dry_run") { return try await rehearse(command, context) }
            let changed = try await service.transactions.perform(command, as: context.caller)
            return JSONValue(site: changed.value).resource(changed.value.revision, written: changed.revision)
        }
        routes.delete("\(path)/{\(parameter)}", accepting: .dryRun) { request, context in
            let command = DeleteSite(
                form: form, name: try context.siteName(parameter), condition: try request.precondition())
            return try await delete(command, request, context)
        }
    }

    func addPlacements(to routes: Routes) {
        routes.get("placements", accepting: ["collection"]) { request, context in
            let query = ListPlacements(collection: try request.collectionPath("collection") ?? .root)
            let placements = try await service.transactions.ask(query, as: context.caller)
            return ["items": .array(placements.map { JSONValue(placement: $0.value, revision: $0.revision) })]
                as JSONValue
        }
        addPlacement(to: routes, "placements/{type}/{id}") {
            try PlacedResourceName(type: try $0.parameter("type"), try $0.parameter("id"))
        }
        addPlacement(to: routes, "clusters/{cluster}/namespaces/{kubernetes_namespace}") {
            try PlacedResourceName(
                type: ControlResource.namespaceType,
                "\(try $0.siteName("cluster"))/\(try $0.parameter("kubernetes_namespace"))")
        }
    }

    private func addPlacement(
        to routes: Routes, _ path: String,
        _ resource: @escaping @Sendable (AuthenticatedContext) throws -> PlacedResourceName
    ) {
        routes.get(path) { _, context in
            let placement = try await service.transactions.ask(
                GetPlacement(resource: try resource(context)), as: context.caller)
            return JSONValue(placement: placement.value, revision: placement.revision).resource(placement.revision)
        }
        routes.put(path, accepting: .dryRun) { request, context in
            let collection = try await request.json(PlacementBody.self).collection
            let command = PutPlacement(
                resource: try resource(context), collection: try AccessError.collectionPath(collection),
                condition: try request.precondition())
            if try request.flag("dry_run") { return try await rehearse(command, context) }
            let done = try await service.transactions.perform(command, as: context.caller)
            return JSONValue(placement: done.value.value, revision: done.value.revision)
                .resource(done.value.revision, status: done.value.isNew ? .created : .ok, written: done.revision)
        }
        routes.delete(path, accepting: .dryRun) { request, context in
            let command = RemovePlacement(resource: try resource(context), condition: try request.precondition())
            return try await delete(command, request, context)
        }
    }
}

private struct NewSiteBody: JSONReadable {
    let name: SiteName
    let collection: String?
    let agent: Principal?

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        name = try body.required(SiteName.self, "name")
        collection = try body.optional(String.self, "collection")
        agent = try body.agent() ?? nil
        try body.refuseUnknown()
    }

    func command(_ form: Site.Form) throws(AccessError) -> CreateSite {
        let path = try collection.map { (text) throws(AccessError) in try AccessError.collectionPath(text) }
        return CreateSite(form: form, name: name, collection: path ?? .root, agent: agent)
    }
}

private struct SitePatchBody: JSONReadable {
    let name: SiteName?
    let collection: String?
    let agent: Principal??

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        name = try body.optional(SiteName.self, "name")
        collection = try body.optional(String.self, "collection")
        agent = try body.agent()
        try body.refuseUnknown()
    }

    func command(
        _ form: Site.Form, _ site: SiteName, condition: Precondition
    ) throws(AccessError) -> UpdateSite {
        UpdateSite(
            form: form, name: site, newName: name,
            collection: try collection.map { (text) throws(AccessError) in try AccessError.collectionPath(text) },
            agent: agent, condition: condition)
    }
}

private struct PlacementBody: JSONReadable {
    let collection: String

    init(json: JSONValue) throws(JSONError) {
        var body = try JSONMembers(json)
        collection = try body.required(String.self, "collection")
        try body.refuseUnknown()
    }
}

extension JSONMembers {
    /// A service account as `owner+name`; null for none.
    fileprivate mutating func agent() throws(JSONError) -> Principal?? {
        guard let text = try nullable(String.self, "agent") else { return nil }
        guard let text else { return .some(nil) }
        guard let principal = try? Principal(text), case .serviceAccount = principal else {
            throw JSONError("name a service account, as OWNER+NAME", at: "agent", value: text)
        }
        return principal
    }
}

extension AuthenticatedContext {
    fileprivate func siteName(_ parameter: String) throws(AccessError) -> SiteName {
        let text = try self.parameter(parameter)
        guard let name = try? SiteName(text) else { throw .notFound(kind: parameter, name: text) }
        return name
    }
}

extension JSONValue {
    fileprivate init(site stored: Stored<SiteView>) {
        let view = stored.value
        self = [
            "id": JSONValue(view.site.id), "name": view.site.name.json, "collection": view.collection.json,
            "agent": JSONValue(view.agent), "revision": JSONValue(stored.revision),
        ]
    }

    fileprivate init(placement view: PlacementView, revision: Revision) {
        self = [
            "type": .string(view.resource.type), "id": .string(view.resource.text),
            "collection": view.collection.json, "revision": JSONValue(revision),
        ]
    }
}
