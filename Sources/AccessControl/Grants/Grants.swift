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
        let end = expiresAt ?? stored?.value.expiresAt
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
            throw .notFound(kind: "grant", name: "of \(subject) on \(self.target)")
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
        var views: [Stored<GrantView>] = []
        for stored in try context.reader.grants(on: target) {
            guard let view = try context.view(stored.value, on: self.target) else { continue }
            views.append(Stored(view, revision: stored.revision))
        }
        return views.sorted { $0.value.subject.description < $1.value.subject.description }
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
