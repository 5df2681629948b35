public import AccessModel

/// A repository with its whole name.
public struct RepositoryView: Hashable, Sendable {
    public let repository: Repository
    public let path: RepositoryPath
    /// What the caller may do with it.
    public let level: AccessLevel?
}

/// Makes a repository.
public struct CreateRepository: Command {
    public var path: RepositoryPath
    public var visibility: Repository.Visibility
    public var description: String

    public init(path: RepositoryPath, visibility: Repository.Visibility = .private, description: String = "") {
        self.path = path
        self.visibility = visibility
        self.description = description
    }

    public func perform(in context: WriteContext) throws(AccessError) -> Stored<RepositoryView> {
        let namespace = try context.account(path.namespace).value
        try context.require(.manageNamespace(namespace.id), to: "make repositories in \(namespace.name)")
        guard try context.writer.repository(named: path.name, in: namespace.id) == nil else {
            throw .conflict(code: "name-taken", detail: "there is a repository \(path) already")
        }
        try checkDescription(description)
        let repository = Repository(
            id: context.newIdentifier(), namespace: namespace.id, name: path.name, visibility: visibility,
            description: description)
        let revision = try context.insert(.repository(repository))
        return Stored(context.view(repository, path), revision: revision)
    }
}

/// Changes a repository. Absent members keep their value.
public struct UpdateRepository: Command {
    public var path: RepositoryPath
    public var visibility: Repository.Visibility?
    public var description: String?
    public var ifMatch: Revision?

    public init(
        path: RepositoryPath, visibility: Repository.Visibility? = nil, description: String? = nil,
        ifMatch: Revision? = nil
    ) {
        self.path = path
        self.visibility = visibility
        self.description = description
        self.ifMatch = ifMatch
    }

    public func perform(in context: WriteContext) throws(AccessError) -> Stored<RepositoryView> {
        let stored = try context.repository(path)
        try context.require(.manageRepository(stored.value.id), to: "change \(path)")
        try context.expect(stored.revision, toMatch: ifMatch)
        var after = stored.value
        if let visibility { after.visibility = visibility }
        if let description {
            try checkDescription(description)
            after.description = description
        }
        let revision = try context.update(.repository(stored.value), to: .repository(after))
        return Stored(context.view(after, path), revision: revision ?? stored.revision)
    }
}

/// Deletes a repository with its grants. Its name may be used again.
public struct DeleteRepository: Command {
    public var path: RepositoryPath
    public var ifMatch: Revision?

    public init(path: RepositoryPath, ifMatch: Revision? = nil) {
        self.path = path
        self.ifMatch = ifMatch
    }

    public func perform(in context: WriteContext) throws(AccessError) {
        let stored = try context.repository(path)
        try context.require(.manageRepository(stored.value.id), to: "delete \(path)")
        try context.expect(stored.revision, toMatch: ifMatch)
        try context.delete(repository: stored.value)
    }
}

/// One repository.
public struct GetRepository: Query {
    public var path: RepositoryPath

    public init(path: RepositoryPath) { self.path = path }

    public func answer(in context: ReadContext) throws(AccessError) -> Stored<RepositoryView> {
        let stored = try context.repository(path)
        return Stored(context.view(stored.value, path), revision: stored.revision)
    }
}

/// The repositories that the caller may view, ordered by path; of one namespace, or of all.
/// A page's `after` is a path.
public struct ListRepositories: Query {
    public var namespace: AccountName?
    public var page: Page

    public init(namespace: AccountName? = nil, page: Page = Page()) {
        self.namespace = namespace
        self.page = page
    }

    public func answer(in context: ReadContext) throws(AccessError) -> [Stored<RepositoryView>] {
        var views: [Stored<RepositoryView>] = []
        for path in context.graph.viewableRepositories(for: context.actor, in: namespace, at: context.now)
            .drop(while: { $0.description <= page.after ?? "" }).prefix(page.limit)
        {
            guard let id = context.graph.repositoryID(at: path), let stored = try context.reader.repository(id) else {
                continue
            }
            views.append(Stored(context.view(stored.value, path), revision: stored.revision))
        }
        return views
    }
}

extension LookupContext {
    func view(_ repository: Repository, _ path: RepositoryPath) -> RepositoryView {
        RepositoryView(
            repository: repository, path: path, level: graph.level(of: caller.actor, on: repository.id, at: now))
    }
}
