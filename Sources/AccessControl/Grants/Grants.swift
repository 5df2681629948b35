public import AccessModel

/// Gives a subject a level on a target, or changes it.
public struct PutGrant: Command {
    public var subject: SubjectName
    public var target: TargetName
    public var level: AccessLevel
    /// `.some(nil)` for no end; nil keeps the end of a grant that is there.
    public var expiresAt: Timestamp??
    public var condition: Precondition

    public init(
        subject: SubjectName, target: TargetName, level: AccessLevel, expiresAt: Timestamp?? = nil,
        condition: Precondition = .none
    ) {
        self.subject = subject
        self.target = target
        self.level = level
        self.expiresAt = expiresAt
        self.condition = condition
    }

    public func perform(in context: WriteContext) throws(AccessError) -> PutResult<GrantView> {
        let (target, namespace) = try context.target(self.target)
        try context.requireToManageGrants(on: target, of: namespace, named: self.target)
        if case let end?? = expiresAt, end <= context.now {
            throw .invalid(
                field: "expires_at", value: end.description,
                reason: "this is past; leave it out for a grant without end")
        }
        let subject = try context.subject(subject)
        try Self.check(self.subject, on: self.target, of: namespace)
        let stored = try context.grant(subject, on: target)
        try context.expect(stored?.revision ?? 0, meets: condition)
        let end = expiresAt ?? stored?.value.expiresAt.flatMap { $0 > context.now ? $0 : nil }
        let grant = Grant(subject: subject, target: target, level: level, expiresAt: end)
        // What a whole namespace is given is its owners' to give, and they are owners without an end.
        if case .repository(let id) = target, !(stored?.value.gives(atLeast: grant) ?? false) {
            try context.require(
                .manageRepository(id), until: end, to: "give access to \(self.target) for longer than you have it")
        }
        let view = GrantView(subject: self.subject, target: self.target, level: level, expiresAt: end)
        guard let stored else {
            return PutResult(value: view, revision: try context.insert(.grant(grant)), isNew: true)
        }
        let revision = try context.update(.grant(stored.value), to: .grant(grant))
        return PutResult(value: view, revision: revision ?? stored.revision, isNew: false)
    }

    /// On an organisation's repository: its teams, its service accounts, single users. On a
    /// user's: users and that user's service accounts. On a namespace: no single user.
    static func check(_ subject: SubjectName, on target: TargetName, of namespace: Account) throws(AccessError) {
        switch subject {
        case .team(let organization, _) where organization != namespace.name:
            throw .conflict(
                code: .foreignTeam,
                detail:
                    "\(subject) is not of \(namespace.name): only an organisation's own teams have grants in its namespace"
            )
        case .serviceAccount(let owner, _) where owner != namespace.name:
            throw .conflict(
                code: .foreignServiceAccount,
                detail:
                    "\(subject) does not belong to \(namespace.name): only an owner's own service accounts have grants there"
            )
        case .user:
            if case .namespace = target {
                throw .conflict(
                    code: .userOnNamespace,
                    detail: "a single user cannot be given a whole namespace: use a team, or single repositories")
            }
        default:
            break
        }
    }
}

/// Takes a grant away.
public struct RemoveGrant: Command {
    public var subject: SubjectName
    public var target: TargetName
    public var condition: Precondition

    public init(subject: SubjectName, target: TargetName, condition: Precondition = .none) {
        self.subject = subject
        self.target = target
        self.condition = condition
    }

    public func perform(in context: WriteContext) throws(AccessError) {
        let (target, namespace) = try context.target(self.target)
        try context.requireToManageGrants(on: target, of: namespace, named: self.target)
        guard let stored = try context.writer.grant(try context.subject(subject), on: target) else {
            throw .notFound(kind: "grant of", name: "\(subject) on \(self.target)")
        }
        try context.expect(stored.revision, meets: condition)
        try context.delete(.grant(stored.value))
    }
}

/// The grants on a repository or namespace.
public struct ListGrants: Query {
    public var target: TargetName

    public init(target: TargetName) { self.target = target }

    public func answer(in context: ReadContext) throws(AccessError) -> [Stored<GrantView>] {
        let (target, namespace) = try context.target(self.target)
        try context.requireToManageGrants(on: target, of: namespace, named: self.target)
        return try context.views(of: target, self.target)
    }
}

/// The grants on a namespace and on all of its repositories, ordered by target and subject.
public struct ListNamespaceGrants: Query {
    public var namespace: AccountName

    public init(namespace: AccountName) { self.namespace = namespace }

    public func answer(in context: ReadContext) throws(AccessError) -> [Stored<GrantView>] {
        let namespace = try context.account(self.namespace).value
        try context.require(.manageOrganization(namespace.id), to: "manage access to all of \(namespace.name)")
        var views = try context.views(of: .namespace(namespace.id), .namespace(namespace.name))
        for repository in try context.reader.repositories(in: namespace.id, .all).map(\.value) {
            let path = RepositoryPath(trustedNamespace: namespace.name, name: repository.name)
            views += try context.views(of: .repository(repository.id), .repository(path))
        }
        return views
    }
}

/// What was granted to somebody: for themselves and for administrators all of it, for others what they manage. Ordered by
/// target.
public struct ListGrantsOf: Query {
    public var subject: SubjectName

    public init(_ subject: SubjectName) { self.subject = subject }

    public func answer(in context: ReadContext) throws(AccessError) -> [Stored<GrantView>] {
        try context.require(.readNames, to: "read grants")
        let subject = try context.subject(self.subject)
        let seesAll = context.isOneself(subject) || context.allows(.administer)
        if !seesAll { try context.requireToKnow(subject, self.subject) }
        var views: [Stored<GrantView>] = []
        for stored in try context.reader.grants(to: subject) {
            guard let target = try context.name(of: stored.value.target),
                seesAll || context.managesGrants(on: stored.value.target)
            else { continue }
            let view = GrantView(
                subject: self.subject, target: target, level: stored.value.level, expiresAt: stored.value.expiresAt)
            views.append(Stored(view, revision: stored.revision))
        }
        return views.sorted { $0.value.target.description < $1.value.target.description }
    }
}

extension ReadContext {
    fileprivate func views(
        of target: GrantTarget, _ name: TargetName
    ) throws(AccessError) -> [Stored<GrantView>] {
        var views: [Stored<GrantView>] = []
        for stored in try reader.grants(on: target) {
            guard let view = try view(stored.value, on: name) else { continue }
            views.append(Stored(view, revision: stored.revision))
        }
        return views.sorted { $0.value.subject.description < $1.value.subject.description }
    }

    /// Whether the caller asks about themselves, or about a team of theirs.
    fileprivate func isOneself(_ subject: GrantSubject) -> Bool {
        switch subject {
        case .user(let id): actor == .user(id)
        case .serviceAccount(let id): actor == .serviceAccount(id) || allows(.manageServiceAccount(id))
        case .team(let id): allows(.readTeamMembers(id))
        }
    }

    /// Refuses to tell of a team or a service account that the caller may not even see.
    fileprivate func requireToKnow(_ subject: GrantSubject, _ name: SubjectName) throws(AccessError) {
        switch subject {
        case .user: break
        case .team(let id):
            guard let team = try reader.team(id)?.value, allows(.readOrganization(team.organization)) else {
                throw .forbidden("you may not read the grants of \(name)")
            }
        case .serviceAccount: throw .forbidden("you may not read the grants of \(name)")
        }
    }

    fileprivate func managesGrants(on target: GrantTarget) -> Bool {
        switch target {
        case .repository(let id): allows(.manageRepository(id))
        case .namespace(let id): allows(.manageOrganization(id))
        }
    }

    fileprivate func name(of target: GrantTarget) throws(AccessError) -> TargetName? {
        switch target {
        case .repository(let id):
            guard let repository = try reader.repository(id)?.value,
                let namespace = try reader.account(repository.namespace)?.value
            else { return nil }
            return .repository(RepositoryPath(trustedNamespace: namespace.name, name: repository.name))
        case .namespace(let id):
            return try reader.account(id).map { .namespace($0.value.name) }
        }
    }
}

extension LookupContext {
    /// A repository's grants are its managers'; those on a whole namespace its owners', so that
    /// a namespace-admin team cannot make another one.
    fileprivate func requireToManageGrants(
        on target: GrantTarget, of namespace: Account, named name: TargetName
    ) throws(AccessError) {
        switch target {
        case .repository(let id): try require(.manageRepository(id), to: "manage access to \(name)")
        case .namespace(let id): try require(.manageOrganization(id), to: "manage access to all of \(name)")
        }
    }
}
