public import AccessModel

/// A collection with the names that its identities stand for.
public struct CollectionView: Hashable, Sendable {
    public let path: CollectionPath
    /// nil for a private collection in which nothing was made yet.
    public let id: CollectionID?
    /// Whose private collection it is.
    public let owner: AccountName?
    public let isFixed: Bool
}

/// Makes a collection below one that is there.
public struct CreateCollection: Command {
    public var path: CollectionPath

    public init(path: CollectionPath) { self.path = path }

    public func perform(in context: WriteContext) throws(AccessError) -> Stored<CollectionView> {
        guard let parent = path.parent, let name = path.components.last else {
            throw .conflict(code: .collectionExists, detail: "/ is there already")
        }
        try context.require(.createCollections, in: parent, to: "make collections below \(parent)")
        try context.requireOrdinaryChildren(of: parent)
        guard !context.graph.hasCollection(at: path) else {
            throw .conflict(code: .collectionExists, detail: "there is a collection \(path) already")
        }
        let below = try context.madeCollection(at: parent)
        let collection = ResourceCollection(id: context.newIdentifier(), name: name, parent: below)
        let revision = try context.insert(.collection(collection))
        return Stored(context.view(path), revision: revision)
    }
}

/// Renames or moves a collection; it keeps its grants. Absent members keep their value.
public struct UpdateCollection: Command {
    public var path: CollectionPath
    public var newName: CollectionName?
    public var newParent: CollectionPath?
    public var condition: Precondition

    public init(
        path: CollectionPath, newName: CollectionName? = nil, newParent: CollectionPath? = nil,
        condition: Precondition = .none
    ) {
        (self.path, self.newName, self.newParent, self.condition) = (path, newName, newParent, condition)
    }

    public func perform(in context: WriteContext) throws(AccessError) -> Stored<CollectionView> {
        let stored = try context.changeableCollection(path, "renamed or moved")
        guard let parent = path.parent, let name = path.components.last else {
            throw .storage(.damaged("the collection \(path) is below nothing"))
        }
        try context.expect(stored.revision, meets: condition)
        let target = newParent ?? parent
        let after = target.appending(newName ?? name)
        if target != parent {
            try context.require(.administer, to: "move collections")
            try context.requireVisible(target)
            try context.requireOrdinaryChildren(of: target)
        } else {
            try context.require(.renameCollections, in: path, to: "rename \(path)")
        }
        guard after != path else { return Stored(context.view(path), revision: stored.revision) }
        try check(after, context)
        try requireOwnRights(context)
        var collection = stored.value
        collection.name = (newName ?? name).rawValue
        collection.parent = try context.madeCollection(at: target)
        let revision = try context.update(.collection(stored.value), to: .collection(collection))
        return Stored(context.view(after), revision: revision ?? stored.revision)
    }

    private func check(_ after: CollectionPath, _ context: WriteContext) throws(AccessError) {
        guard after == path || !after.isAtOrBelow(path) else {
            throw .conflict(code: .collectionCycle, detail: "\(path) would be below itself: choose another parent")
        }
        guard !context.graph.hasCollection(at: after) else {
            throw .conflict(code: .collectionExists, detail: "there is a collection \(after) already")
        }
        let deepest = after.components.count - 1 + context.graph.height(of: path)
        guard deepest <= CollectionPath.depthLimit, after.description.utf8.count <= CollectionPath.lengthLimit else {
            throw .conflict(
                code: .collectionTooDeep,
                detail: "\(after) would be deeper than \(CollectionPath.depthLimit) levels, or its path too long")
        }
    }

    /// Labels, proxies and clusters name a collection by its path: to give one the path of another says who has what there.
    private func requireOwnRights(_ context: WriteContext) throws(AccessError) {
        guard !context.allows(.administer), let parent = path.parent else { return }
        for place in context.graph.collections(from: path) {
            try context.refuse(
                context.graph.missing(toMoveFrom: parent, to: place, for: context.actor, at: context.now),
                "rename \(path): others have more on \(place)")
        }
    }
}

/// Deletes a collection, with everything in it where that is asked for.
public struct DeleteCollection: Command {
    public var path: CollectionPath
    /// Without this a collection with anything in it is kept.
    public var isRecursive: Bool
    public var condition: Precondition

    public init(path: CollectionPath, isRecursive: Bool = false, condition: Precondition = .none) {
        (self.path, self.isRecursive, self.condition) = (path, isRecursive, condition)
    }

    public func perform(in context: WriteContext) throws(AccessError) {
        let stored = try context.changeableCollection(path, "deleted")
        try context.require(.removeCollections, in: path, to: "delete \(path)")
        try context.expect(stored.revision, meets: condition)
        if isRecursive {
            try requireOwnRights(context)
        } else {
            let contents = try context.contents(of: stored.value.id)
            guard contents.isEmpty else {
                throw .conflict(
                    code: .collectionNotEmpty,
                    detail: "\(path) is not empty (\(contents.joined(separator: ", "))): empty it first, or delete all "
                        + "of it (--recursive, recursive=true)")
            }
        }
        try context.delete(collectionsFrom: path)
    }

    /// To delete a grant is to take a role; and what was placed here is elsewhere then.
    private func requireOwnRights(_ context: WriteContext) throws(AccessError) {
        guard !context.allows(.administer) else { return }
        for path in context.graph.collections(from: path) {
            guard let id = context.graph.collectionID(at: path) else { continue }
            guard try context.writer.sites(in: id).isEmpty, try context.writer.placements(in: id).isEmpty else {
                throw .forbidden("\(path) has clusters, engines or placed resources: take them away first")
            }
            for grant in try context.writer.controlGrants(on: id).map(\.value) {
                guard let role = try context.writer.role(grant.role)?.value else { continue }
                try context.requireOwn(role, in: path, until: grant.liveEnd(context.now))
            }
        }
    }
}

/// One collection, also a private one that is no fact yet.
public struct GetCollection: Query {
    public var path: CollectionPath

    public init(path: CollectionPath) { self.path = path }

    public func answer(in context: ReadContext) throws(AccessError) -> Stored<CollectionView> {
        try context.requireVisible(path)
        return try context.storedView(path)
    }
}

/// The collections at and below one that the caller may see, ordered by path. Private ones only once something is in them.
public struct ListCollections: Query {
    public var under: CollectionPath
    /// How many levels below it; nil for all.
    public var depth: Int?
    /// Only those behind this one.
    public var after: CollectionPath?
    public var limit: Int

    public init(under: CollectionPath = .root, depth: Int? = nil, after: CollectionPath? = nil, limit: Int = .max) {
        (self.under, self.depth, self.after, self.limit) = (under, depth, after, limit)
    }

    public func answer(in context: ReadContext) throws(AccessError) -> [Stored<CollectionView>] {
        try context.requireVisible(under)
        let last = under.components.count + (depth ?? CollectionPath.depthLimit)
        var views: [Stored<CollectionView>] = []
        for path in context.graph.collections(from: under) where path.components.count <= last {
            guard views.count < limit else { break }
            guard after.map({ $0 < path }) ?? true, context.graph.isVisible(path, to: context.actor, at: context.now)
            else { continue }
            views.append(try context.storedView(path))
        }
        return views
    }
}

extension LookupContext {
    func view(_ path: CollectionPath) -> CollectionView {
        let id = graph.collectionID(at: path)
        return CollectionView(
            path: path, id: id, owner: graph.owner(ofPrivateCollection: path).flatMap { graph.name(ofAccount: $0) },
            isFixed: ResourceCollection.fixed.contains { $0.id == id })
    }
}

extension ReadContext {
    fileprivate func storedView(_ path: CollectionPath) throws(AccessError) -> Stored<CollectionView> {
        let view = view(path)
        let revision = try view.id.flatMap { (id) throws(AccessError) in try reader.collection(id)?.revision }
        return Stored(view, revision: revision ?? 0)
    }
}

extension WriteContext {
    /// Below `/Shared/Private` there are people's own collections, and no others.
    fileprivate func requireOrdinaryChildren(of path: CollectionPath) throws(AccessError) {
        guard path != .privates else {
            throw .invalid(
                field: "path", value: path.description,
                reason: "below it everybody has a collection of their own, and there are no others")
        }
    }

    /// A collection that people made.
    fileprivate func changeableCollection(
        _ path: CollectionPath, _ what: String
    ) throws(AccessError) -> Stored<ResourceCollection> {
        try requireVisible(path)
        guard let id = graph.collectionID(at: path), let stored = try writer.collection(id), stored.value.owner == nil
        else {
            throw .conflict(
                code: .collectionFixed,
                detail: "\(path) is a private collection: it belongs to its owner and cannot be \(what)")
        }
        guard !stored.value.isFixed else {
            throw .conflict(code: .collectionFixed, detail: "\(path) is built in and cannot be \(what)")
        }
        return stored
    }

    /// The fact that a collection is; somebody's own becomes one now.
    func madeCollection(at path: CollectionPath) throws(AccessError) -> CollectionID {
        if let id = graph.collectionID(at: path) { return id }
        guard let owner = graph.owner(ofPrivateCollection: path) else {
            throw .notFound(kind: "collection", name: path.description)
        }
        let collection = ResourceCollection(id: newIdentifier(), owner: owner)
        try insert(.collection(collection), reason: "something is made in it")
        return collection.id
    }

    /// Deletes a collection and everything in it and below it, lowest first.
    func delete(collectionsFrom path: CollectionPath) throws(AccessError) {
        for path in graph.collections(from: path).reversed() {
            guard let id = graph.collectionID(at: path), let collection = try writer.collection(id)?.value else {
                continue
            }
            for grant in try writer.controlGrants(on: id) { try delete(.controlGrant(grant.value)) }
            for site in try writer.sites(in: id) { try delete(site: site.value) }
            for placement in try writer.placements(in: id) { try delete(.placement(placement.value)) }
            try delete(.collection(collection))
        }
    }

    func delete(site: Site) throws(AccessError) {
        for placement in try writer.placements(at: site.id) { try delete(.placement(placement.value)) }
        try delete(.site(site))
    }

    /// As `2 collections` and `1 grant`.
    func contents(of id: CollectionID) throws(AccessError) -> [String] {
        let parts: [(Int, String, String)] = [
            (graph.path(of: id).map { graph.children(of: $0).count } ?? 0, "collection", "collections"),
            (try writer.controlGrants(on: id).count, "grant", "grants"),
            (try writer.placements(in: id).count, "placement", "placements"),
            (try writer.sites(in: id).count, "cluster or engine", "clusters and engines"),
        ]
        return parts.filter { $0.0 > 0 }.map { count, one, many in "\(count) \(count == 1 ? one : many)" }
    }

    // MARK: What goes with somebody

    func deleteControlGrants(to subject: ControlSubject, reason: String? = nil) throws(AccessError) {
        for grant in try writer.controlGrants(to: subject) { try delete(.controlGrant(grant.value), reason: reason) }
    }

    /// - Parameter deletes: whether what somebody has in it goes, too.
    func deletePrivateCollection(of user: Account, deletes: Bool) throws(AccessError) {
        guard let id = graph.privateCollection(of: user.id), let path = graph.path(of: id) else { return }
        let isEmpty = try contents(of: id).isEmpty
        guard deletes || isEmpty else {
            throw .conflict(
                code: .ownsCollections,
                detail: "\(user.name) has something in \(path): delete it first, or along with the account "
                    + "(--delete-collections, delete_collections=true)")
        }
        try delete(collectionsFrom: path)
    }

    /// The clusters and engines of a service account that goes have no agent until they get another.
    func removeAgent(_ service: ServiceAccountID, reason: String) throws(AccessError) {
        for site in try writer.sites(withAgent: service).map(\.value) {
            var after = site
            after.agent = nil
            try update(.site(site), to: .site(after), reason: reason)
        }
    }
}
