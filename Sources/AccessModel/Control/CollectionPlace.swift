// Where collections are, and where resources are among them.

/// A collection by what the graph has of it.
enum CollectionPlace: Hashable, Sendable {
    case known(Int32)
    /// The private collection of a user, in which nothing was made yet.
    case ofUser(Int32)
}

extension AccessGraph {
    /// nil for a collection that does not exist.
    @inline(__always)
    func place(of path: CollectionPath) -> CollectionPlace? {
        let collections = control.collections
        guard var index = collections.root else { return nil }
        for depth in path.components.indices {
            let name = path.components[depth].rawValue
            if index == collections.privates {
                guard let user = principals.accounts.find(AccountName(trusted: name)),
                    principals.accounts.has(.isUser, user)
                else { return nil }
                guard let own = collections.ofUsers[user] else {
                    return depth + 1 == path.components.count ? .ofUser(user) : nil
                }
                index = own
            } else {
                guard let next = collections.find(name, below: index) else { return nil }
                index = next
            }
        }
        return .known(index)
    }

    func path(of place: CollectionPlace) -> CollectionPath {
        switch place {
        case .known(let index): path(ofCollection: index)
        case .ofUser(let user):
            .privates.appending(CollectionName(trusted: principals.accounts.names[user].rawValue))
        }
    }

    func path(ofCollection index: Int32) -> CollectionPath {
        var names: [CollectionName] = []
        control.collections.forEach(upwardFrom: index) { index in
            let node = control.collections.nodes[index]
            if node.parent >= 0 { names.append(CollectionName(trusted: name(of: node))) }
        }
        return CollectionPath(names.reversed())
    }

    private func name(of node: CollectionNode) -> String {
        node.owner >= 0 ? principals.accounts.names[node.owner].rawValue : node.name
    }

    /// Visits a collection and those above it, as far as they are facts.
    @inline(__always)
    func forEachCollection(upwardFrom place: CollectionPlace, _ visit: (Int32) -> Void) {
        switch place {
        case .known(let index): control.collections.forEach(upwardFrom: index, visit)
        case .ofUser:
            if let above = control.collections.privates { control.collections.forEach(upwardFrom: above, visit) }
        }
    }

    /// The user in whose private collection a place is; nil for none.
    @inline(__always)
    func owner(of place: CollectionPlace) -> Int32? {
        switch place {
        case .ofUser(let owner): return owner
        case .known(let index):
            guard !control.collections.ofUsers.isEmpty else { return nil }
            var owner: Int32?
            control.collections.forEach(upwardFrom: index) { above in
                let node = control.collections.nodes[above]
                if node.owner >= 0 { owner = node.owner }
            }
            return owner
        }
    }

    /// Where a resource is. The first that says so counts: a placement; its own label, or the namespace of that name below the
    /// cluster's collection; whoever is believed; its cluster or engine; `/`. nil where that is no collection, or the cluster or engine
    /// is not known: nobody has anything there.
    func place(of resource: ControlResource) -> CollectionPlace? {
        if resource.type == ControlResource.collectionType {
            return resource.path.flatMap { place(of: $0) }
        }
        var site: Int32?
        if let reference = resource.site {
            guard let found = control.sites.find(reference.form, reference.name) else { return nil }
            site = found
        }
        let id = site.map { control.sites.nodes[$0].id }
        if let placed = control.placements[PlacedResource(type: resource.type, site: id, id: resource.id)] {
            return .known(placed)
        }
        if let label = resource.label { return place(of: label) }
        if let site, resource.type == ControlResource.namespaceType, !resource.id.isEmpty,
            let child = control.collections.find(resource.id, below: control.sites.nodes[site].collection)
        {
            return .known(child)
        }
        if let given = resource.given { return place(of: given) }
        return (site.map { control.sites.nodes[$0].collection } ?? control.collections.root).map { .known($0) }
    }
}
