public import AccessModel

/// A cluster or an engine with the names that its identities stand for.
public struct SiteView: Hashable, Sendable {
    public let site: Site
    public let collection: CollectionPath
    /// `owner+name`.
    public let agent: Principal?
}

/// Makes a cluster or an engine known.
public struct CreateSite: Command {
    public var form: Site.Form
    public var name: SiteName
    public var collection: CollectionPath
    /// The service account that may ask for it.
    public var agent: Principal?

    public init(form: Site.Form, name: SiteName, collection: CollectionPath = .root, agent: Principal? = nil) {
        (self.form, self.name, self.collection, self.agent) = (form, name, collection, agent)
    }

    public func perform(in context: WriteContext) throws(AccessError) -> Stored<SiteView> {
        try context.require(.administer, to: "make clusters and engines known")
        try context.requireFree(form, name)
        try context.requireVisible(collection)
        let site = Site(
            id: context.newIdentifier(), form: form, name: name, collection: try context.madeCollection(at: collection),
            agent: try context.agent(agent))
        let revision = try context.insert(.site(site))
        return Stored(context.view(site), revision: revision)
    }
}

/// Changes a cluster or an engine. Absent members keep their value.
public struct UpdateSite: Command {
    public var form: Site.Form
    public var name: SiteName
    public var newName: SiteName?
    public var collection: CollectionPath?
    /// `.some(nil)` for none.
    public var agent: Principal??
    public var condition: Precondition

    public init(
        form: Site.Form, name: SiteName, newName: SiteName? = nil, collection: CollectionPath? = nil,
        agent: Principal?? = nil, condition: Precondition = .none
    ) {
        self.form = form
        self.name = name
        self.newName = newName
        self.collection = collection
        self.agent = agent
        self.condition = condition
    }

    public func perform(in context: WriteContext) throws(AccessError) -> Stored<SiteView> {
        try context.require(.administer, to: "change clusters and engines")
        let stored = try context.site(form, name)
        try context.expect(stored.revision, meets: condition)
        var after = stored.value
        if let newName, newName != name {
            try context.requireFree(form, newName)
            after.name = newName
        }
        if let collection {
            try context.requireVisible(collection)
            after.collection = try context.madeCollection(at: collection)
        }
        if let agent { after.agent = try context.agent(agent) }
        let revision = try context.update(.site(stored.value), to: .site(after))
        return Stored(context.view(after), revision: revision ?? stored.revision)
    }
}

/// Forgets a cluster or an engine, with what is placed there.
public struct DeleteSite: Command {
    public var form: Site.Form
    public var name: SiteName
    public var condition: Precondition

    public init(form: Site.Form, name: SiteName, condition: Precondition = .none) {
        (self.form, self.name, self.condition) = (form, name, condition)
    }

    public func perform(in context: WriteContext) throws(AccessError) {
        try context.require(.administer, to: "forget clusters and engines")
        let stored = try context.site(form, name)
        try context.expect(stored.revision, meets: condition)
        try context.delete(site: stored.value)
    }
}

/// One cluster or engine.
public struct GetSite: Query {
    public var form: Site.Form
    public var name: SiteName

    public init(form: Site.Form, name: SiteName) { (self.form, self.name) = (form, name) }

    public func answer(in context: ReadContext) throws(AccessError) -> Stored<SiteView> {
        let stored = try context.visibleSite(form, name)
        return Stored(context.view(stored.value), revision: stored.revision)
    }
}

/// The clusters or the engines whose collection the caller may see, ordered by name.
public struct ListSites: Query {
    public var form: Site.Form

    public init(form: Site.Form) { self.form = form }

    public func answer(in context: ReadContext) throws(AccessError) -> [Stored<SiteView>] {
        try context.require(.readNames, to: "read clusters and engines")
        var views: [Stored<SiteView>] = []
        for name in context.graph.siteNames(form) {
            let stored = try context.site(form, name)
            guard context.mayKnow(stored.value) else { continue }
            views.append(Stored(context.view(stored.value), revision: stored.revision))
        }
        return views
    }
}

extension Site.Form {
    var word: String { rawValue }
}

extension LookupContext {
    func site(_ form: Site.Form, _ name: SiteName) throws(AccessError) -> Stored<Site> {
        guard let id = graph.siteID(form, name), let site = try rows.site(id) else {
            throw .notFound(kind: form.word, name: name.rawValue)
        }
        return site
    }

    func visibleSite(_ form: Site.Form, _ name: SiteName) throws(AccessError) -> Stored<Site> {
        let stored = try site(form, name)
        guard mayKnow(stored.value) else { throw .notFound(kind: form.word, name: name.rawValue) }
        return stored
    }

    fileprivate func mayKnow(_ site: Site) -> Bool {
        if case .serviceAccount(let id) = caller.actor, site.agent == id { return true }
        return graph.path(of: site.collection).map { graph.isVisible($0, to: caller.actor, at: now) } ?? false
    }

    fileprivate func view(_ site: Site) -> SiteView {
        SiteView(
            site: site, collection: graph.path(of: site.collection) ?? .root,
            agent: site.agent.flatMap { graph.principal(of: .serviceAccount($0)) })
    }
}

extension WriteContext {
    fileprivate func requireFree(_ form: Site.Form, _ name: SiteName) throws(AccessError) {
        guard graph.siteID(form, name) == nil else {
            throw .conflict(
                code: .siteExists, detail: "there is \(form == .engine ? "an" : "a") \(form.word) \(name) already")
        }
    }

    fileprivate func agent(_ principal: Principal?) throws(AccessError) -> ServiceAccountID? {
        guard let principal else { return nil }
        guard let id = graph.identity(ofServiceAccount: principal) else {
            throw .notFound(kind: "service account", name: principal.description)
        }
        return id
    }
}
