import AccessModel
import StrictJSON

// What the control plane has, in the order in which each names only what came before it. Built-in roles and the collections that
// are always there have no lines: every installation has them.

struct RoleLine: ImportLine {
    static let kind = "role"

    let name: RoleName
    let fields: RoleFields

    init(_ line: inout JSONMembers) throws(JSONError) {
        name = try line.required(RoleName.self, "name")
        fields = try RoleFields(&line)
    }

    private init(_ role: Role) {
        name = role.name
        var fields = RoleFields(of: role)
        fields.operations = role.operations.map(\.description)
        self.fields = fields
    }

    var members: [JSONValue.Member] { [.init("name", name)] + fields.members }
    var namespace: AccountName? { nil }

    func put(in context: WriteContext) throws(AccessError) {
        guard let known = context.graph.roleID(named: name) else {
            _ = try CreateRole(name: name, fields: fields).perform(in: context)
            return
        }
        // A line that says what a built-in role is changes nothing.
        if let builtIn = Role.builtIn.first(where: { $0.id == known }), says(no: builtIn) { return }
        _ = try UpdateRole(name: name, fields: fields).perform(in: context)
    }

    private func says(no role: Role) -> Bool {
        let own = fields.operations.map { words in Set(words) == Set(role.operations.map(\.description)) } ?? true
        return own && fields.description.map { $0 == role.description } ?? true
    }

    static func forEach(in export: ExportedWorld, _ write: (Self) throws(AccessError) -> Void) throws(AccessError) {
        for role in try export.reader.roles().map(\.value) where !role.isBuiltIn { try write(Self(role)) }
    }
}

struct CollectionLine: ImportLine {
    static let kind = "collection"

    let path: CollectionPath

    init(_ line: inout JSONMembers) throws(JSONError) { path = try line.required(CollectionPath.self, "path") }

    private init(_ path: CollectionPath) { self.path = path }

    var members: [JSONValue.Member] { [.init("path", path)] }
    var namespace: AccountName? { nil }

    func put(in context: WriteContext) throws(AccessError) {
        // Somebody's own is there by itself, and becomes a fact with what is in it.
        guard !context.graph.hasCollection(at: path) else { return }
        _ = try CreateCollection(path: path).perform(in: context)
    }

    static func forEach(in export: ExportedWorld, _ write: (Self) throws(AccessError) -> Void) throws(AccessError) {
        let (graph, fixed) = (export.context.graph, Set(ResourceCollection.fixed.map(\.id)))
        for path in graph.collections(from: .root) {
            guard let id = graph.collectionID(at: path), !fixed.contains(id), path.parent != .privates else { continue }
            try write(Self(path))
        }
    }
}

struct ControlGrantLine: ImportLine {
    static let kind = "control-grant"

    let subject: ControlSubjectName
    let role: RoleName
    let collection: CollectionPath
    let expiresAt: Timestamp??

    init(_ line: inout JSONMembers) throws(JSONError) {
        subject = try line.required(ControlSubjectName.self, "subject")
        role = try line.required(RoleName.self, "role")
        collection = try line.required(CollectionPath.self, "collection")
        expiresAt = try line.nullable(Timestamp.self, "expires_at")
    }

    private init(_ grant: ControlGrantView) {
        (subject, role, collection, expiresAt) = (grant.subject, grant.role, grant.collection, grant.expiresAt)
    }

    var members: [JSONValue.Member] {
        [.init("subject", subject), .init("role", role), .init("collection", collection)]
            + ((expiresAt ?? nil).map { [.init("expires_at", $0)] } ?? [])
    }
    var namespace: AccountName? { nil }

    var end: Timestamp? { expiresAt ?? nil }

    func put(in context: WriteContext) throws(AccessError) {
        _ = try PutControlGrant(subject: subject, role: role, collection: collection, expiresAt: expiresAt)
            .perform(in: context)
    }

    static func forEach(in export: ExportedWorld, _ write: (Self) throws(AccessError) -> Void) throws(AccessError) {
        // An ended grant gives nothing.
        let live = try export.reader.controlGrants().filter { stored in
            stored.value.expiresAt.map { $0 > export.context.now } ?? true
        }
        for view in try export.context.views(of: live) { try write(Self(view.value)) }
    }
}

/// Of a cluster and of an engine.
protocol SiteLine: ImportLine {
    static var form: Site.Form { get }
    var site: SiteMembers { get }
    init(site: SiteMembers)
}

struct SiteMembers: Sendable {
    let name: SiteName
    let collection: CollectionPath?
    let agent: Principal??
}

extension SiteLine {
    static var kind: String { form.rawValue }

    init(_ line: inout JSONMembers) throws(JSONError) {
        let name = try line.required(SiteName.self, "name")
        let collection = try line.optional(CollectionPath.self, "collection")
        let agent = try line.nullable(AgentName.self, "agent")
        self.init(site: SiteMembers(name: name, collection: collection, agent: agent.map { $0?.principal }))
    }

    var members: [JSONValue.Member] {
        [.init("name", site.name)] + (site.collection.map { [.init("collection", $0)] } ?? [])
            + ((site.agent ?? nil).map { [.init("agent", AgentName(principal: $0))] } ?? [])
    }
    var namespace: AccountName? { nil }

    func put(in context: WriteContext) throws(AccessError) {
        if context.graph.siteID(Self.form, site.name) == nil {
            _ = try CreateSite(
                form: Self.form, name: site.name, collection: site.collection ?? .root, agent: site.agent ?? nil
            ).perform(in: context)
        } else {
            _ = try UpdateSite(form: Self.form, name: site.name, collection: site.collection, agent: site.agent)
                .perform(in: context)
        }
    }

    static func forEach(in export: ExportedWorld, _ write: (Self) throws(AccessError) -> Void) throws(AccessError) {
        for view in try ListSites(form: form).answer(in: export.context).map(\.value) {
            try write(Self(site: SiteMembers(name: view.site.name, collection: view.collection, agent: view.agent)))
        }
    }
}

struct ClusterLine: SiteLine {
    static let form = Site.Form.cluster
    let site: SiteMembers
}

struct EngineLine: SiteLine {
    static let form = Site.Form.engine
    let site: SiteMembers
}

/// `{"owner","name"}`.
private struct AgentName: JSONConvertible {
    let principal: Principal

    init(principal: Principal) { self.principal = principal }

    init(json: JSONValue) throws(JSONError) {
        var agent = try JSONMembers(json)
        principal = .serviceAccount(
            owner: try agent.required(AccountName.self, "owner"), name: try agent.required(TeamName.self, "name"))
        try agent.refuseUnknown()
    }

    var json: JSONValue {
        guard case .serviceAccount(let owner, let name) = principal else { return .null }
        return ["owner": owner.json, "name": name.json]
    }
}

struct PlacementLine: ImportLine {
    static let kind = "placement"

    let type: String
    let id: String
    let collection: CollectionPath

    init(_ line: inout JSONMembers) throws(JSONError) {
        collection = try line.required(CollectionPath.self, "collection")
        if let cluster = try line.optional(SiteName.self, "cluster") {
            type = ControlResource.namespaceType
            id = "\(cluster)/\(try line.required(String.self, "namespace"))"
        } else {
            type = try line.required(String.self, "type")
            id = try line.required(String.self, "id")
        }
    }

    private init(_ view: PlacementView) {
        (type, id, collection) = (view.resource.type, view.resource.text, view.collection)
    }

    var members: [JSONValue.Member] {
        let parts = id.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let resource: [JSONValue.Member] =
            type == ControlResource.namespaceType && parts.count == 2
            ? [.init("cluster", parts[0]), .init("namespace", parts[1])] : [.init("type", type), .init("id", id)]
        return resource + [.init("collection", collection)]
    }
    var namespace: AccountName? { nil }

    func put(in context: WriteContext) throws(AccessError) {
        _ = try PutPlacement(resource: try PlacedResourceName(type: type, id), collection: collection)
            .perform(in: context)
    }

    static func forEach(in export: ExportedWorld, _ write: (Self) throws(AccessError) -> Void) throws(AccessError) {
        for view in try export.context.views(of: try export.reader.placements()) { try write(Self(view.value)) }
    }
}

/// What holds for the whole control plane; only where it is not the default.
struct ControlPlaneLine: ImportLine {
    static let kind = "control-plane"

    let defaultRole: RoleName?

    init(_ line: inout JSONMembers) throws(JSONError) {
        defaultRole = try line.optional(RoleName.self, "default_role")
    }

    private init(_ settings: ControlSettingsView) { defaultRole = settings.defaultRole }

    var members: [JSONValue.Member] { defaultRole.map { [.init("default_role", $0)] } ?? [] }
    var namespace: AccountName? { nil }

    func put(in context: WriteContext) throws(AccessError) {
        _ = try UpdateControlSettings(defaultRole: defaultRole).perform(in: context)
    }

    static func forEach(in export: ExportedWorld, _ write: (Self) throws(AccessError) -> Void) throws(AccessError) {
        let stored = try GetControlSettings().answer(in: export.context)
        if stored.revision > 0 { try write(Self(stored.value)) }
    }
}
