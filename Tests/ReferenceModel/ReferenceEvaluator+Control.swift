public import AccessModel

// The rule of the control plane once more, in sets.

extension ReferenceEvaluator {
    /// "The effective operations of a principal on a collection are the union of …"
    public func roles(of principal: Principal, in path: CollectionPath) -> Set<RoleID> {
        let places = Set(world.chain(to: path))
        let subjects = controlSubjects(of: principal)
        let counting = world.controlGrants.filter { grant in grant.expiresAt.map { now < $0 } ?? true }
        var roles = Set(counting.filter { places.contains($0.collection) && subjects.contains($0.subject) }.map(\.role))
        if case .user(let name) = principal, activeUser(principal) != nil, world.exists(path),
            path.components.starts(with: CollectionPath.privates.components + [CollectionName(trusted: name.rawValue)])
        {
            roles.formUnion(world.roles.map(\.id).filter { $0 == world.defaultRole })
        }
        return roles
    }

    public func may(_ principal: Principal, _ operation: ControlOperation, in path: CollectionPath) -> Bool {
        guard world.exists(path) else { return false }
        if activeUser(principal)?.isSystemAdmin ?? false { return true }
        let roles = roles(of: principal, in: path)
        return world.roles.filter { roles.contains($0.id) }.contains { role in
            role.operations.contains { $0.covers(operation) }
        }
    }

    private func controlSubjects(of principal: Principal) -> Set<ControlSubject> {
        if let user = activeUser(principal) {
            let organizations = world.organizationMembers.filter { $0.user == user.id }.map(\.organization)
            return Set([.everyone, .user(user.id)] + teams(of: user).map { .team($0) })
                .union(organizations.map { .organization($0) })
        }
        return activeServiceAccount(principal).map { [.everyone, .serviceAccount($0.id)] } ?? []
    }

    /// "A collection's name and path to whoever has any operation on it or below it."
    public func sees(_ principal: Principal, _ path: CollectionPath) -> Bool {
        guard world.exists(path), isActive(principal), principal != .anonymous else { return false }
        if activeUser(principal)?.isSystemAdmin ?? false { return true }
        var below = world.collectionPaths + [path]
        if case .user(let name) = principal {
            below.append(.privates.appending(CollectionName(trusted: name.rawValue)))
        }
        let real = Set(world.roles.filter { !$0.operations.isEmpty }.map(\.id))
        return below.contains { $0.isAtOrBelow(path) && !roles(of: principal, in: $0).isDisjoint(with: real) }
    }
}

extension ControlOperation {
    /// Whether one of a role covers what is asked for, as `evaluation_helpers` of Kubernetes' RBAC has it, with groups as kubectl
    /// writes them: `*` alone is of all groups.
    public func covers(_ asked: ControlOperation) -> Bool {
        guard case .kubernetes(let rule) = self, case .kubernetes(let question) = asked else { return self == asked }
        guard rule.verb == "*" || rule.verb == question.verb else { return false }
        switch (rule.target, question.target) {
        case (.path(let known), .path(let path)):
            return known == path || known.hasSuffix("*") && path.hasPrefix(known.dropLast())
        case (.resource("*", let group, let subresource), .resource(_, let asked, let below)):
            return (group.isEmpty || group == asked) && (subresource.isEmpty || subresource == below)
        case (.resource(let name, let group, let subresource), .resource(let asked, let other, let below)):
            return name == asked && group == other && subresource == below
        default: return false
        }
    }
}

extension World {
    public var defaultRole: RoleID { controlSettings.first?.defaultRole ?? Role.restrictedControl.id }

    /// Every collection that is a fact, by its path.
    public var collectionPaths: [CollectionPath] { collections.compactMap(path).sorted() }

    public func path(of collection: ResourceCollection) -> CollectionPath? {
        guard let parent = collection.parent else { return .root }
        guard let above = collections.first(where: { $0.id == parent }).flatMap(path) else { return nil }
        let name = collection.owner.map { account($0)?.name.rawValue ?? "?" } ?? collection.name
        return above.appending(CollectionName(trusted: name))
    }

    /// The collections that are facts, from a path up to `/`.
    func chain(to path: CollectionPath) -> [CollectionID] {
        guard exists(path) else { return [] }
        return collections.filter { self.path(of: $0).map(path.isAtOrBelow) ?? false }.map(\.id)
    }

    /// As a fact, or as somebody's own.
    public func exists(_ path: CollectionPath) -> Bool {
        if collections.contains(where: { self.path(of: $0) == path }) { return true }
        let isBelowPrivates = collections.contains { self.path(of: $0) == .privates } && path.parent == .privates
        return isBelowPrivates
            && accounts.contains { $0.kind == .user && $0.name.rawValue == path.components.last?.rawValue }
    }
}
