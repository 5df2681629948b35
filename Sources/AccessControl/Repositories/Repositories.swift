public import AccessModel

/// A repository with its whole name.
public struct RepositoryView: Hashable, Sendable {
    public let repository: Repository
    public let path: RepositoryPath
    /// What the caller may do with it.
    public let level: AccessLevel?
    /// Of pulls only for whoever manages it.
    public let use: RepositoryUse
}

/// Makes a repository.
public struct CreateRepository: Command {
    public var path: RepositoryPath
    /// Without a visibility it has the namespace's default.
    public var fields: RepositoryFields

    public init(path: RepositoryPath, fields: RepositoryFields = RepositoryFields()) {
        self.path = path
        self.fields = fields
    }

    public func perform(in context: WriteContext) throws(AccessError) -> Stored<RepositoryView> {
        let (repository, revision) = try make(in: context)
        return Stored(try context.view(repository, path), revision: revision)
    }

    func make(in context: WriteContext) throws(AccessError) -> (repository: Repository, revision: Revision) {
        let namespace = try context.account(path.namespace).value
        try context.require(.manageNamespace(namespace.id), to: "make repositories in \(namespace.name)")
        guard context.graph.repositoryID(at: path) == nil else {
            throw .conflict(code: .nameTaken, detail: "there is a repository \(path) already")
        }
        if fields.visibility == .public, namespace.repositoryDefaults.visibility == .private {
            // Images may lie under the name from before.
            try context.require(
                .manageNamespace(namespace.id), until: nil, to: "make public repositories in \(namespace.name)")
        }
        return try context.makeRepository(path.name, in: namespace, fields)
    }
}

/// Changes a repository. Absent members keep their value.
public struct UpdateRepository: Command {
    public var path: RepositoryPath
    public var fields: RepositoryFields
    /// Where it is to be from now on: its identity stays, and so do the grants that can be there. Its images
    /// stay where they were, as no registry renames.
    public var newPath: RepositoryPath?
    public var condition: Precondition

    public init(
        path: RepositoryPath, fields: RepositoryFields = RepositoryFields(), newPath: RepositoryPath? = nil,
        condition: Precondition = .none
    ) {
        self.path = path
        self.fields = fields
        self.newPath = newPath
        self.condition = condition
    }

    public func perform(in context: WriteContext) throws(AccessError) -> Stored<RepositoryView> {
        let stored = try context.repository(path)
        try context.require(.manageRepository(stored.value.id), to: "change \(path)")
        try context.expect(stored.revision, meets: condition)
        var after = stored.value
        fields.apply(to: &after)
        if after.visibility == .public, stored.value.visibility == .private {
            try context.require(.manageRepository(after.id), until: nil, to: "make \(path) public")
        }
        try checkDescription(after.description)
        if let newPath, newPath != path { try move(&after, to: newPath, in: context) }
        let revision = try context.update(.repository(stored.value), to: .repository(after))
        return Stored(try context.view(after, newPath ?? path), revision: revision ?? stored.revision)
    }

    private func move(
        _ repository: inout Repository, to path: RepositoryPath, in context: WriteContext
    ) throws(AccessError) {
        let namespace = try context.account(path.namespace).value
        try context.require(.manageNamespace(namespace.id), to: "make repositories in \(namespace.name)")
        guard try context.writer.repository(named: path.name, in: namespace.id) == nil else {
            throw .conflict(code: .nameTaken, detail: "there is a repository \(path) already")
        }
        if repository.namespace != namespace.id {
            // It is the new namespace's from then on, for good.
            try context.require(.manageRepository(repository.id), until: nil, to: "move \(self.path)")
            // And brings its grants to single users along.
            try context.require(
                .manageNamespace(namespace.id), until: nil, to: "move \(self.path) to \(namespace.name)")
            for grant in try context.writer.grants(on: .repository(repository.id)) {
                if case .user = grant.value.subject { continue }
                try context.delete(.grant(grant.value), reason: "\(self.path) moved to \(path)")
            }
        }
        repository.namespace = namespace.id
        repository.name = path.name
        try context.writer.deleteUses(of: repository.id)
    }
}

/// Deletes a repository with its grants. Its name may be used again.
public struct DeleteRepository: Command {
    public var path: RepositoryPath
    public var condition: Precondition

    public init(path: RepositoryPath, condition: Precondition = .none) {
        self.path = path
        self.condition = condition
    }

    public func perform(in context: WriteContext) throws(AccessError) {
        let stored = try context.repository(path)
        try context.require(.manageRepository(stored.value.id), to: "delete \(path)")
        try context.expect(stored.revision, meets: condition)
        try context.delete(repository: stored.value)
    }
}

/// One repository.
public struct GetRepository: Query {
    public var path: RepositoryPath

    public init(path: RepositoryPath) { self.path = path }

    public func answer(in context: ReadContext) throws(AccessError) -> Stored<RepositoryView> {
        let stored = try context.repository(path)
        return Stored(try context.view(stored.value, path), revision: stored.revision)
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

    public func answer(in context: ReadContext) throws(AccessError) -> Listing<Stored<RepositoryView>> {
        var views: [Stored<RepositoryView>] = []
        // A typing error is no empty namespace.
        if let namespace { _ = try context.account(namespace) }
        let wanted = context.graph.viewableRepositories(for: context.actor, in: namespace, at: context.now)
            .filter { isWanted($0, in: context) }
        for path in wanted.drop(while: { $0.description <= page.after ?? "" }).prefix(page.limit) {
            guard let id = context.graph.repositoryID(at: path), let stored = try context.reader.repository(id) else {
                continue
            }
            views.append(Stored(try context.view(stored.value, path), revision: stored.revision))
        }
        return Listing(views, count: page.isCounted ? wanted.count : nil)
    }

    private func isWanted(_ path: RepositoryPath, in context: ReadContext) -> Bool {
        let (filter, graph) = (page.filter, context.graph)
        guard filter.matches(path.description) else { return false }
        guard filter.visibility != nil || filter.level != nil, let id = graph.repositoryID(at: path) else {
            return true
        }
        if let visibility = filter.visibility, graph.isPublic(id) != (visibility == .public) { return false }
        guard let level = filter.level else { return true }
        return graph.level(of: context.actor, on: id, at: context.now).map { $0 >= level } ?? false
    }
}

/// The tags that a registry told of, ordered by name. A page's `after` is a tag.
public struct ListTags: Query {
    public var path: RepositoryPath
    public var page: Page

    public init(path: RepositoryPath, page: Page = Page()) {
        self.path = path
        self.page = page
    }

    public func answer(in context: ReadContext) throws(AccessError) -> [KnownTag] {
        try context.reader.tags(of: try context.repository(path).value.id, page)
    }
}

/// The paths of the repositories that the caller may pull from, in order: the catalogue that a registry cannot
/// give, as it lists everything or nothing.
public struct ListCatalog: Query {
    /// Only what comes behind it.
    public var after: String?
    public var limit: Int

    public init(after: String? = nil, limit: Int) {
        self.after = after
        self.limit = limit
    }

    public func answer(in context: ReadContext) throws(AccessError) -> [RepositoryPath] {
        let paths = context.graph.viewableRepositories(for: context.actor, in: nil, at: context.now)
        return Array(paths.drop { $0.description <= after ?? "" }.prefix(limit))
    }
}

extension LookupContext {
    func view(_ repository: Repository, _ path: RepositoryPath) throws(AccessError) -> RepositoryView {
        var use = try rows.use(of: repository.id)
        if !allows(.manageRepository(repository.id)) { use.pull = nil }
        return RepositoryView(
            repository: repository, path: path, level: graph.level(of: caller.actor, on: repository.id, at: now),
            use: use)
    }
}
