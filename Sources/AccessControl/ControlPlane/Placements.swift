public import AccessModel

/// What is placed, by name: `namespace` `eu/shop`, `container` `swarm/4f66ad9d`, or a type of others and any text.
public struct PlacedResourceName: Hashable, Sendable {
    public let type: String
    public let site: ControlResource.SiteReference?
    public let id: String

    /// - Parameters:
    ///   - type: `namespace`, a type of an engine's operations, or one of others.
    ///   - text: with the cluster or the engine in front, and `/`, where it is at one.
    public init(type: String, _ text: String) throws(AccessError) {
        let form: Site.Form? =
            type == ControlResource.namespaceType ? .cluster : Self.engineTypes.contains(type) ? .engine : nil
        guard type != ControlResource.collectionType else {
            throw .invalid(field: "type", value: type, reason: "a collection is moved, not placed")
        }
        guard !["repository", "user", "team", "org", "service-account"].contains(type) else {
            throw .invalid(field: "type", value: type, reason: "a \(type) is in no collection")
        }
        guard type != "kubernetes" else {
            throw .invalid(field: "type", value: type, reason: "what is placed of a cluster is a namespace")
        }
        guard Site.Form(rawValue: type) == nil else {
            throw .invalid(field: "type", value: type, reason: "that has a collection itself: change it")
        }
        guard let form else {
            do throws(NameError) { _ = try ControlOperation(type: type, verb: "x") } catch {
                throw .invalid(field: "type", value: type, reason: error.reason)
            }
            // A slip would be a type of one's own, about which no cluster and no engine asks.
            if let near = (Self.engineTypes + [ControlResource.namespaceType]).nearest(to: type) {
                throw .invalid(field: "type", value: type, reason: "is \(near) meant?")
            }
            (self.type, site, id) = (type, nil, text)
            try checkID()
            return
        }
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let name = try? SiteName(parts[0]) else {
            throw .invalid(
                field: "id", value: text, reason: "write \(form == .cluster ? "CLUSTER/NAMESPACE" : "ENGINE/ID")")
        }
        (self.type, site, id) = (type, .init(form, name), parts[1])
        try checkID()
    }

    private func checkID() throws(AccessError) {
        guard type != ControlResource.namespaceType || ControlResource.isNamespace(id) else {
            throw .invalid(
                field: "id", value: id, reason: "a namespace has up to 63 lower-case letters, digits and '-' inside")
        }
        let segments = id.split(separator: "/", omittingEmptySubsequences: false)
        guard site == nil || !segments.contains(where: { $0.isEmpty || $0.contains(where: \.isWhitespace) }) else {
            throw .invalid(field: "id", value: id, reason: "no part of it is empty, or has blanks")
        }
        guard (1...512).contains(id.utf8.count), !id.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw .invalid(field: "id", value: id, reason: "it has 1 to 512 characters, and no control characters")
        }
    }

    public static let engineTypes = Set(EngineOperation.all.map { String($0.type) })

    /// What `init` reads.
    public var text: String { (site.map { "\($0.name)/" } ?? "") + id }
}

extension PlacedResourceName: CustomStringConvertible {
    public var description: String { "\(type) \(text)" }
}

public struct PlacementView: Hashable, Sendable {
    public let resource: PlacedResourceName
    public let collection: CollectionPath
}

/// Puts a resource into a collection, or into another.
public struct PutPlacement: Command {
    public var resource: PlacedResourceName
    public var collection: CollectionPath
    public var condition: Precondition

    public init(resource: PlacedResourceName, collection: CollectionPath, condition: Precondition = .none) {
        (self.resource, self.collection, self.condition) = (resource, collection, condition)
    }

    public func perform(in context: WriteContext) throws(AccessError) -> PutResult<PlacementView> {
        try context.require(.placeResources, in: collection, to: "place resources in \(collection)")
        let resource = try context.identified(self.resource)
        let old = try context.requireToTake(self.resource)
        try context.refuse(
            context.graph.missing(toMoveFrom: old, to: collection, for: context.actor, at: context.now),
            "place \(self.resource) in \(collection), where others have more than they had")
        let stored = try context.writer.placement(of: resource)
        try context.expect(stored?.revision ?? 0, meets: condition)
        let view = PlacementView(resource: self.resource, collection: collection)
        let placement = Placement(resource, in: try context.madeCollection(at: collection))
        guard let stored else {
            return PutResult(value: view, revision: try context.insert(.placement(placement)), isNew: true)
        }
        let revision = try context.update(.placement(stored.value), to: .placement(placement))
        return PutResult(value: view, revision: revision ?? stored.revision, isNew: false)
    }
}

/// Takes a resource out of the collection that it was put into: it is where its source says then.
public struct RemovePlacement: Command {
    public var resource: PlacedResourceName
    public var condition: Precondition

    public init(resource: PlacedResourceName, condition: Precondition = .none) {
        (self.resource, self.condition) = (resource, condition)
    }

    public func perform(in context: WriteContext) throws(AccessError) {
        let resource = try context.identified(self.resource)
        guard let stored = try context.writer.placement(of: resource),
            let place = context.graph.path(of: stored.value.collection),
            context.graph.isVisible(place, to: context.actor, at: context.now)
        else { throw .notFound(kind: "placement of", name: "\(self.resource)") }
        let old = try context.requireToTake(self.resource)
        try context.expect(stored.revision, meets: condition)
        try context.delete(.placement(stored.value))
        // Where it is now is where it was put back to.
        let new = context.graph.collection(of: self.resource.controlResource) ?? .root
        try context.require(.placeResources, in: new, to: "place resources in \(new), where it would be then")
        try context.refuse(
            context.graph.missing(toMoveFrom: old, to: new, for: context.actor, at: context.now),
            "take \(self.resource) out of \(old): others have more where it would be then")
    }
}

/// Where one resource was placed.
public struct GetPlacement: Query {
    public var resource: PlacedResourceName

    public init(resource: PlacedResourceName) { self.resource = resource }

    public func answer(in context: ReadContext) throws(AccessError) -> Stored<PlacementView> {
        let known = try context.identified(resource)
        guard let stored = try context.reader.placement(of: known),
            let path = context.graph.path(of: stored.value.collection),
            context.graph.isVisible(path, to: context.actor, at: context.now)
        else { throw .notFound(kind: "placement of", name: "\(resource)") }
        return Stored(PlacementView(resource: resource, collection: path), revision: stored.revision)
    }
}

/// What was placed in a collection that the caller may see, ordered by type and name.
public struct ListPlacements: Query {
    public var collection: CollectionPath

    public init(collection: CollectionPath) { self.collection = collection }

    public func answer(in context: ReadContext) throws(AccessError) -> [Stored<PlacementView>] {
        try context.requireVisible(collection)
        guard let id = context.graph.collectionID(at: collection) else { return [] }
        return try context.views(of: try context.reader.placements(in: id))
    }
}

extension PlacedResourceName {
    fileprivate init(_ resource: PlacedResource, _ graph: AccessGraph) {
        type = resource.type
        id = resource.id
        site = resource.site.flatMap { graph.site($0) }.map { .init($0.form, $0.name) }
    }

    public var controlResource: ControlResource { ControlResource(type: type, id: id, at: site) }
}

extension LookupContext {
    fileprivate func identified(_ name: PlacedResourceName) throws(AccessError) -> PlacedResource {
        let site = try name.site.map { (reference) throws(AccessError) in
            try visibleSite(reference.form, reference.name).value.id
        }
        return PlacedResource(type: name.type, site: site, id: name.id)
    }

    /// Where a resource is, for somebody who may take it from there.
    fileprivate func requireToTake(_ name: PlacedResourceName) throws(AccessError) -> CollectionPath {
        let old = graph.collection(of: name.controlResource) ?? .root
        guard allows(.placeResources, in: old) else {
            throw .forbidden("you may not take \(name) from where it is: that needs collection.place there")
        }
        return old
    }
}

extension ReadContext {
    func views(of placements: [Stored<Placement>]) throws(AccessError) -> [Stored<PlacementView>] {
        placements.compactMap { stored in
            graph.path(of: stored.value.collection).map { path in
                Stored(
                    PlacementView(resource: PlacedResourceName(stored.value.resource, graph), collection: path),
                    revision: stored.revision)
            }
        }.sorted { ($0.value.resource.type, $0.value.resource.text) < ($1.value.resource.type, $1.value.resource.text) }
    }
}
