import AccessControl
import AccessModel
import StrictJSON

// Questions of the control plane: of every resource type but `repository`.

/// What a question of the control plane says of its resource, as it arrived.
struct ControlEntity {
    let type: String
    let id: String
    let properties: JSONValue

    /// Refuses what is misspelt in a way that would be passed over, and so might be allowed.
    init(type: String, id: String, properties: JSONValue) throws(AccessError) {
        (self.type, self.id, self.properties) = (type, id, properties)
        try checkProperties()
        try checkID()
    }

    /// A type whose resources are searched for.
    init(soughtType type: String, properties: JSONValue) throws(AccessError) {
        (self.type, id, self.properties) = (type, "", properties)
        try checkProperties()
    }

    /// What an answer depends on.
    var asked: [String] { [type, id, properties.serialized] }

    /// nil for what cannot exist.
    func question(_ subject: Principal, _ action: String) -> ControlQuestion? {
        guard let resource, let operations = operations(action) else { return nil }
        return ControlQuestion(subject: subject, operations: operations, resource: resource)
    }

    /// What an action means here: alone, or with what a creation asks for beside it.
    func operations(_ action: String) -> [ControlOperation]? {
        guard let operation = operation(action) else { return nil }
        let options = properties["options"].items.map { $0.string.flatMap(operation(_:)) }
        guard !options.contains(nil) else { return nil }
        return [operation] + options.compactMap(\.self)
    }

    private func operation(_ action: String) -> ControlOperation? {
        switch type {
        case ControlResource.collectionType: return try? ControlOperation(action)
        case "kubernetes":
            let verb = action
            if let path = properties["path"].string {
                return (try? KubernetesOperation(verb: verb, target: .path(path))).map(ControlOperation.kubernetes)
            }
            let target = KubernetesOperation.Target.resource(
                properties["resource"].string ?? "", group: properties["group"].string ?? "",
                subresource: properties["subresource"].string ?? "")
            return (try? KubernetesOperation(verb: verb, target: target)).map(ControlOperation.kubernetes)
        case _ where PlacedResourceName.engineTypes.contains(type):
            let name = action.contains(".") ? action : "\(type).\(action)"
            return EngineOperation(name).map(ControlOperation.engine)
        default: return try? ControlOperation(type: type, verb: action)
        }
    }

    /// nil for what cannot exist, and where two labels say different things.
    var resource: ControlResource? {
        switch type {
        case ControlResource.collectionType:
            return (try? CollectionPath(id)).map(ControlResource.init)
        case "image" where Self.imagePlaces.contains { properties[$0].string != nil }:
            // The image alone is nowhere: where it is to run is asked about.
            if let path = properties["collection"].string {
                return (try? CollectionPath(path)).map(ControlResource.init)
            }
            if let cluster = properties["cluster"].string, let name = try? SiteName(cluster) {
                let namespace = properties["namespace"].string ?? ""
                return ControlResource(type: ControlResource.namespaceType, id: namespace, at: .init(.cluster, name))
            }
            guard let engine = properties["engine"].string, let name = try? SiteName(engine) else { return nil }
            return ControlResource(type: type, id: "", at: .init(.engine, name))
        case "kubernetes":
            let (name, namespace) = parts
            return name.map {
                ControlResource(
                    type: ControlResource.namespaceType, id: namespace, at: .init(.cluster, $0), given: given)
            }
        case _ where PlacedResourceName.engineTypes.contains(type):
            let (name, id) = parts
            guard let name, let label else { return nil }
            return ControlResource(type: type, id: id, at: .init(.engine, name), label: label.path, given: given)
        default: return ControlResource(type: type, id: id, given: given)
        }
    }

    private static let imagePlaces = ["collection", "cluster", "engine"]

    // MARK: Checks

    private var isOfEngine: Bool {
        type != ControlResource.collectionType && PlacedResourceName.engineTypes.contains(type)
    }

    /// What means something here. A property that is nearly called so is refused, as the answer would be about something else;
    /// others are the caller's own (AuthZEN 1.0 section 5.2).
    private var knownProperties: [String] {
        let others =
            type == "kubernetes"
            ? ["group", "resource", "subresource", "path"]
            : type == "image"
                ? ["options", "labels", "cluster", "namespace", "engine"] : isOfEngine ? ["options", "labels"] : []
        return ["collection"] + others
    }

    private func checkProperties() throws(AccessError) {
        guard type != "repository" else { return }
        let known = knownProperties
        for name in properties.members.map(\.name) where !known.contains(name) {
            guard let near = known.nearest(to: name) else { continue }
            throw .invalid(
                field: "resource.properties.\(name)", value: nil,
                reason: "there is no such property; is \(near) meant?")
        }
        try checkCollection()
        if type == "kubernetes" {
            for name in ["group", "resource", "subresource", "path"] { try checkText(name) }
            guard properties["path"].string != nil || properties["resource"].string != nil else {
                throw .invalid(
                    field: "resource.properties.resource", value: nil,
                    reason: "say what the verb is about: resource, with its group, or path")
            }
            guard properties["path"].string == nil || properties["resource"].string == nil else {
                throw .invalid(
                    field: "resource.properties.path", value: nil, reason: "ask about a path or about a resource")
            }
        }
        guard isOfEngine else { return }
        for name in ["cluster", "namespace", "engine"] where type == "image" { try checkText(name) }
        let (options, labels) = (properties["options"], properties["labels"])
        guard options == .null || options.isArray && options.items.allSatisfy({ $0.string != nil }) else {
            throw .invalid(field: "resource.properties.options", value: nil, reason: "it is a list of texts")
        }
        guard labels == .null || labels.isObject && Self.labels.allSatisfy(Self.isText(of: labels)) else {
            throw .invalid(
                field: "resource.properties.labels", value: nil, reason: "it is an object, and each label a text")
        }
    }

    private static func isText(of object: JSONValue) -> (String) -> Bool {
        { name in object[name] == .null || object[name].string != nil }
    }

    private func checkText(_ name: String) throws(AccessError) {
        guard !Self.isText(of: properties)(name) else { return }
        throw .invalid(field: "resource.properties.\(name)", value: nil, reason: "it is a text")
    }

    private func checkCollection() throws(AccessError) {
        try checkText("collection")
        guard let path = properties["collection"].string, (try? CollectionPath(path)) == nil else { return }
        throw .invalid(
            field: "resource.properties.collection", value: path, reason: "it is the path of a collection, as /prod/web"
        )
    }

    /// Of another spelling of a resource the placement would not be found, and that of the cluster or engine count.
    private func checkID() throws(AccessError) {
        if type == "kubernetes", id.contains("/") {
            guard ControlResource.isNamespace(parts.id) else {
                throw .invalid(field: "resource.id", value: id, reason: "write CLUSTER/NAMESPACE, or CLUSTER alone")
            }
            guard properties["path"].string == nil else {
                throw .invalid(field: "resource.id", value: id, reason: "a path is of a cluster, not of a namespace")
            }
        }
        guard isOfEngine, type != "image" || resource?.site?.form == .engine else { return }
        let segments = id.split(separator: "/", omittingEmptySubsequences: false)
        guard segments.contains(where: { $0.isEmpty || $0.contains(where: \.isWhitespace) }) else { return }
        throw .invalid(field: "resource.id", value: id, reason: "write ENGINE/ID, or ENGINE alone")
    }

    /// A label of DNS (RFC 1123), as Kubernetes has it.
    /// Of `SITE/ID`, where the second may be missing.
    private var parts: (name: SiteName?, id: String) {
        let parts = id.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return (try? SiteName(parts[0]), parts.count == 2 ? parts[1] : "")
    }

    private var given: CollectionPath? { properties["collection"].string.flatMap { try? CollectionPath($0) } }

    /// nil where the labels are no collection, or two.
    private var label: (path: CollectionPath?, ())? {
        let labels = properties["labels"]
        let texts = Set(Self.labels.compactMap { labels[$0].string })
        guard let text = texts.first else { return (nil, ()) }
        guard texts.count == 1, let path = try? CollectionPath(text) else { return nil }
        return (path, ())
    }

    /// Where Docker Enterprise had it, and ours.
    private static let labels = ["com.docker.ucp.access.label", "io.portreeve.collection"]
}

extension JSONValue {
    fileprivate var isArray: Bool { if case .array = self { true } else { false } }
    fileprivate var isObject: Bool { if case .object = self { true } else { false } }
}

extension ControlQuestion {
    /// The same, believing what it says of its collection only from who is believed.
    func believing(_ caller: Caller, _ decisions: Decisions, in world: WorldView) -> ControlQuestion {
        guard resource.given != nil, !decisions.believes(caller, about: resource.site, in: world) else { return self }
        var question = self
        question.resource.given = nil
        return question
    }
}

extension JSONValue {
    /// An answer may be used again for so many seconds, and not longer than it is valid.
    private static let cacheSeconds: Int64 = 30

    /// - Parameters:
    ///   - explanation: adds the path of each reason and, of a denial, what would allow it.
    ///   - missing: further members of the context.
    init(
        _ decision: ControlDecision, explains: Bool, _ explanation: ControlExplanation? = nil,
        missing: [(String, JSONValue?)]
    ) {
        let left = decision.validUntil.map { ($0.microseconds - decision.time.microseconds) / 1_000_000 }
        var context: [(String, JSONValue?)] = [
            ("revision", JSONValue(decision.revision)), ("valid_until", JSONValue(decision.validUntil)),
            ("cache_seconds", JSONValue(min(Self.cacheSeconds, max(0, left ?? .max)))),
        ]
        if explains {
            context.append(("time", JSONValue(decision.time)))
            if let collection = explanation?.collection { context.append(("collection", JSONValue(collection))) }
            let reasons = decision.reasons.indices.map { place in
                JSONValue(
                    decision.reasons[place], decided: decision.isAllowed && place == 0, explanation?.paths[place] ?? [])
            }
            context.append(("reasons", .array(reasons)))
            if let denial = decision.denial { context.append(("denial", .string(denial.description))) }
        }
        if let remedies = explanation?.remedies, !remedies.isEmpty {
            let told = remedies.map {
                ["kind": .string($0.kind.rawValue), "text": .string($0.description)] as JSONValue
            }
            context.append(("remedies", .array(told)))
        }
        self = ["decision": .bool(decision.isAllowed), "context": JSONValue(members: context + missing)]
    }

    private init(_ reason: ControlReason, decided: Bool, _ path: [Explanation.Step]) {
        var members: [(String, JSONValue?)] = [
            ("via", .string(reason.kind.rawValue)), ("text", .string(reason.description)),
            ("role", JSONValue(reason.role)), ("collection", JSONValue(reason.collection)),
            ("operation", .string(reason.operation.description)),
        ]
        if case .team(let organization, let teams) = reason.source {
            members.append(("teams", .array(teams.map { .string("\(organization)/\($0)") })))
        }
        if let end = reason.expiresAt { members.append(("expires_at", JSONValue(end))) }
        self.init(members: members + [("decided", .bool(decided)), ("path", .array(path.map { JSONValue($0) }))])
    }
}
