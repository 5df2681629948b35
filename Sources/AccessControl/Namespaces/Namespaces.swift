public import AccessModel

/// How repositories of a namespace begin.
public struct NamespaceView: Hashable, Sendable {
    public let name: AccountName
    public let kind: Account.Kind
    /// All of them; of the grants those whose subject is still there.
    public let fields: NamespaceFields
}

/// A grant that a new repository begins with, by name.
public struct DefaultGrantView: Hashable, Sendable {
    public var subject: SubjectName
    public var level: AccessLevel

    public init(subject: SubjectName, level: AccessLevel) {
        self.subject = subject
        self.level = level
    }
}

/// Changes how repositories of a namespace begin. Absent members keep their value.
public struct UpdateNamespace: Command {
    public var name: AccountName
    public var fields: NamespaceFields
    public var condition: Precondition

    public init(name: AccountName, fields: NamespaceFields, condition: Precondition = .none) {
        self.name = name
        self.fields = fields
        self.condition = condition
    }

    public func perform(in context: WriteContext) throws(AccessError) -> Stored<NamespaceView> {
        let stored = try context.namespace(name, to: "change how repositories begin")
        try context.expect(stored.revision, meets: condition)
        var after = stored.value
        fields.apply(to: &after)
        if let grants = fields.grants {
            guard grants.count <= 50 else {
                throw .invalid(field: "default_grants", value: "\(grants.count)", reason: "use 50 at the most")
            }
            after.repositoryDefaults.grants = try grants.map { (grant) throws(AccessError) in
                let subject = try context.subject(grant.subject)
                guard try context.belongs(subject, to: after.id) else {
                    throw .invalid(
                        field: "default_grants", value: grant.subject.description,
                        reason: "use teams and service accounts of \(name)")
                }
                return RepositoryDefaults.DefaultGrant(subject: subject, level: grant.level)
            }
            guard Set(after.repositoryDefaults.grants.map(\.subject)).count == grants.count else {
                throw .invalid(field: "default_grants", value: nil, reason: "name each subject once")
            }
        }
        let revision = try context.update(.account(stored.value), to: .account(after))
        return Stored(try context.view(after), revision: revision ?? stored.revision)
    }
}

/// How repositories of a namespace begin.
public struct GetNamespace: Query {
    public var name: AccountName

    public init(name: AccountName) { self.name = name }

    public func answer(in context: ReadContext) throws(AccessError) -> Stored<NamespaceView> {
        let stored = try context.namespace(name, to: "read how repositories begin")
        return Stored(try context.view(stored.value), revision: stored.revision)
    }
}

extension LookupContext {
    fileprivate func namespace(_ name: AccountName, to doing: String) throws(AccessError) -> Stored<Account> {
        try require(.readNames, to: doing)
        let stored = try account(name)
        try require(.manageOrganization(stored.value.id), to: "\(doing) in \(name)")
        return stored
    }

    /// Whether a grant to somebody may be a default: of users there may be none.
    func belongs(_ subject: GrantSubject, to namespace: AccountID) throws(AccessError) -> Bool {
        switch subject {
        case .team(let id): try rows.team(id)?.value.organization == namespace
        case .serviceAccount(let id): try rows.serviceAccount(id)?.value.owner == namespace
        case .user: false
        }
    }

    func view(_ namespace: Account) throws(AccessError) -> NamespaceView {
        var grants: [DefaultGrantView] = []
        for grant in namespace.repositoryDefaults.grants where try belongs(grant.subject, to: namespace.id) {
            guard let name = try name(of: grant.subject) else { continue }
            grants.append(DefaultGrantView(subject: name, level: grant.level))
        }
        var fields = NamespaceFields(of: namespace)
        fields.grants = grants
        return NamespaceView(name: namespace.name, kind: namespace.kind, fields: fields)
    }
}

extension WriteContext {
    /// Makes a repository as its namespace has it, where nothing else is said.
    func makeRepository(
        _ name: String, in namespace: Account, _ fields: RepositoryFields = RepositoryFields(), reason: String? = nil
    ) throws(AccessError) -> (repository: Repository, revision: Revision) {
        let defaults = namespace.repositoryDefaults
        var repository = Repository(
            id: newIdentifier(), namespace: namespace.id, name: name, visibility: defaults.visibility)
        fields.apply(to: &repository)
        try checkDescription(repository.description)
        let revision = try insert(.repository(repository), reason: reason)
        for grant in defaults.grants where try belongs(grant.subject, to: namespace.id) {
            try insert(
                .grant(Grant(subject: grant.subject, target: .repository(repository.id), level: grant.level)),
                reason: "a default of \(namespace.name)")
        }
        return (repository, revision)
    }
}
