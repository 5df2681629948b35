public import AccessModel

/// A control grant with names instead of identities.
public struct ControlGrantView: Hashable, Sendable {
    public let subject: ControlSubjectName
    public let role: RoleName
    public let collection: CollectionPath
    public let expiresAt: Timestamp?
}

/// Gives a subject a role on a collection, or changes when that ends.
public struct PutControlGrant: Command {
    public var subject: ControlSubjectName
    public var role: RoleName
    public var collection: CollectionPath
    /// `.some(nil)` for no end; nil keeps the end of a grant that is there and has not ended.
    public var expiresAt: Timestamp??
    public var condition: Precondition

    public init(
        subject: ControlSubjectName, role: RoleName, collection: CollectionPath, expiresAt: Timestamp?? = nil,
        condition: Precondition = .none
    ) {
        self.subject = subject
        self.role = role
        self.collection = collection
        self.expiresAt = expiresAt
        self.condition = condition
    }

    public func perform(in context: WriteContext) throws(AccessError) -> PutResult<ControlGrantView> {
        try context.require(.giveRoles, in: collection, to: "give roles on \(collection)")
        if case let end?? = expiresAt, end <= context.now {
            throw .invalid(
                field: "expires_at", value: end.description,
                reason: "this is past; leave it out for a grant without end")
        }
        let (role, subject) = (try context.role(self.role).value, try context.controlSubject(self.subject))
        let stored = try context.controlGrant(subject, role.id, on: collection)
        try context.expect(stored?.revision ?? 0, meets: condition)
        let end = expiresAt ?? stored?.value.expiresAt.flatMap { $0 > context.now ? $0 : nil }
        try context.requireOwn(role, in: collection, until: end)
        // An end that is brought forward takes something away: that, too, is for who has it.
        if let stored { try context.requireOwn(role, in: collection, until: stored.value.liveEnd(context.now)) }
        let view = ControlGrantView(
            subject: self.subject, role: role.name, collection: collection, expiresAt: end)
        guard let stored else {
            let grant = ControlGrant(
                subject: subject, role: role.id, collection: try context.madeCollection(at: collection), expiresAt: end)
            return PutResult(value: view, revision: try context.insert(.controlGrant(grant)), isNew: true)
        }
        var grant = stored.value
        grant.expiresAt = end
        let revision = try context.update(.controlGrant(stored.value), to: .controlGrant(grant))
        return PutResult(value: view, revision: revision ?? stored.revision, isNew: false)
    }
}

/// Takes a role away.
public struct RemoveControlGrant: Command {
    public var subject: ControlSubjectName
    public var role: RoleName
    public var collection: CollectionPath
    public var condition: Precondition

    public init(
        subject: ControlSubjectName, role: RoleName, collection: CollectionPath, condition: Precondition = .none
    ) {
        (self.subject, self.role, self.collection, self.condition) = (subject, role, collection, condition)
    }

    public func perform(in context: WriteContext) throws(AccessError) {
        try context.require(.giveRoles, in: collection, to: "take roles on \(collection)")
        let (role, subject) = (try context.role(self.role).value, try context.controlSubject(self.subject))
        guard let stored = try context.controlGrant(subject, role.id, on: collection) else {
            throw .notFound(kind: "grant of", name: "\(self.role) to \(self.subject) on \(collection)")
        }
        try context.expect(stored.revision, meets: condition)
        try context.requireOwn(role, in: collection, until: stored.value.liveEnd(context.now))
        try context.delete(.controlGrant(stored.value))
    }
}

/// The grants on a collection, ordered by path, subject and role.
public struct ListCollectionGrants: Query {
    public var collection: CollectionPath
    /// Whether those above it are listed, too.
    public var isInherited: Bool

    public init(collection: CollectionPath, isInherited: Bool = false) {
        (self.collection, self.isInherited) = (collection, isInherited)
    }

    public func answer(in context: ReadContext) throws(AccessError) -> [Stored<ControlGrantView>] {
        try context.requireVisible(collection)
        guard context.graph.mayAskWho(context.actor, in: collection, at: context.now) else {
            throw .forbidden("you may not read the grants on \(collection): that needs collection.grant there")
        }
        var views: [Stored<ControlGrantView>] = []
        var path: CollectionPath? = collection
        while let place = path {
            if let id = context.graph.collectionID(at: place) {
                views += try context.views(of: try context.reader.controlGrants(on: id))
            }
            path = isInherited ? place.parent : nil
        }
        return views
    }
}

/// Control grants by their subject, role and collection, as far as the caller may know them: their own, and those on
/// collections where they give roles. Ordered by path, subject and role.
public struct ListControlGrants: Query {
    public var subject: ControlSubjectName?
    public var role: RoleName?
    public var collection: CollectionPath?
    /// Whether what the subject is in counts, too: teams and those above them, organisations, everyone. What has ended
    /// counts no more.
    public var isEffective: Bool

    public init(
        subject: ControlSubjectName? = nil, role: RoleName? = nil, collection: CollectionPath? = nil,
        isEffective: Bool = false
    ) {
        (self.subject, self.role, self.collection, self.isEffective) = (subject, role, collection, isEffective)
    }

    public func answer(in context: ReadContext) throws(AccessError) -> [Stored<ControlGrantView>] {
        try context.require(.readNames, to: "read grants")
        let seesAll = context.allows(.askAnyDecision) || context.allows(.administer)
        var subject: ControlSubject?
        if let name = self.subject {
            do throws(AccessError) { subject = try context.controlSubject(name) } catch {
                // A team or a service account that there is not looks like one without grants that the caller may know.
                guard case .notFound = error, !seesAll, !name.isReadable(in: context) else { throw error }
                return []
            }
        }
        let role = try self.role.map { (name) throws(AccessError) in try context.role(name).value.id }
        if let collection { try context.requireVisible(collection) }
        let place = collection.flatMap { context.graph.collectionID(at: $0) }
        let grants: [Stored<ControlGrant>] =
            if let subject {
                try grants(to: isEffective ? context.graph.subjects(of: subject) : [subject], context)
            } else if let role {
                try context.reader.controlGrants(of: role)
            } else if let place {
                try context.reader.controlGrants(on: place)
            } else {
                try context.reader.controlGrants()
            }
        let wanted = grants.filter { stored in
            let grant = stored.value
            guard role == nil || grant.role == role, collection == nil || grant.collection == place,
                let path = context.graph.path(of: grant.collection)
            else { return false }
            let isOwn = isEffective ? subject.map(context.isOneself) ?? false : context.isOneself(grant.subject)
            if isEffective, let end = grant.expiresAt, end <= context.now { return false }
            // What gives nothing, or has ended, shows nobody a collection.
            let isShown =
                context.graph.hasOperations(grant.role) && grant.expiresAt.map { $0 > context.now } ?? true
                || context.graph.isVisible(path, to: context.actor, at: context.now)
            return seesAll || isOwn && isShown || context.allows(.giveRoles, in: path)
        }
        return try context.views(of: wanted)
    }
}

extension ControlSubjectName {
    /// Whether the caller may know what there is of the kind, where its name says it is.
    fileprivate func isReadable(in context: ReadContext) -> Bool {
        let graph = context.graph
        switch self {
        case .user, .organization, .everyone: return true
        case .team(let organization, _):
            return graph.accountID(named: organization).map { context.allows(.readOrganization($0)) } ?? true
        case .serviceAccount(let owner, _):
            return graph.accountID(named: owner).map { context.allows(.manageOrganization($0)) } ?? true
        }
    }
}

extension ListControlGrants {
    private func grants(
        to subjects: [ControlSubject], _ context: ReadContext
    ) throws(AccessError) -> [Stored<ControlGrant>] {
        var grants: [Stored<ControlGrant>] = []
        for subject in subjects { grants += try context.reader.controlGrants(to: subject) }
        return grants
    }
}

extension ControlGrant {
    /// Until when it gives something from `now` on; `now` for one that has ended.
    func liveEnd(_ now: Timestamp) -> Timestamp? { expiresAt.map { max($0, now) } }
}

extension WriteContext {
    fileprivate func controlGrant(
        _ subject: ControlSubject, _ role: RoleID, on path: CollectionPath
    ) throws(AccessError) -> Stored<ControlGrant>? {
        guard let id = graph.collectionID(at: path), graph.hasGrant(subject, role, on: id) else { return nil }
        return try writer.controlGrant(subject, role, on: id)
    }
}

extension ReadContext {
    func views(of grants: [Stored<ControlGrant>]) throws(AccessError) -> [Stored<ControlGrantView>] {
        var views: [Stored<ControlGrantView>] = []
        for stored in grants {
            guard let view = try view(stored.value) else { continue }
            views.append(Stored(view, revision: stored.revision))
        }
        return views.sorted {
            ($0.value.collection, $0.value.subject.text, $0.value.role)
                < ($1.value.collection, $1.value.subject.text, $1.value.role)
        }
    }

    private func view(_ grant: ControlGrant) throws(AccessError) -> ControlGrantView? {
        guard let subject = try name(of: grant.subject), let role = graph.roleName(grant.role),
            let path = graph.path(of: grant.collection)
        else { return nil }
        return ControlGrantView(subject: subject, role: role, collection: path, expiresAt: grant.expiresAt)
    }

    /// Whether the caller is the subject of a grant, or in it.
    fileprivate func isOneself(_ subject: ControlSubject) -> Bool {
        switch subject {
        case .everyone: true
        case .user(let id): actor == .user(id)
        case .serviceAccount(let id): actor == .serviceAccount(id) || allows(.manageServiceAccount(id))
        case .team(let id): allows(.readTeamMembers(id))
        case .organization(let id): allows(.readOrganization(id))
        }
    }
}
