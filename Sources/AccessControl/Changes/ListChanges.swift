public import AccessModel

extension Transactions {
    /// Entries of the change log. One question at a time: to find names of the past takes long while the log is indexed.
    public func list(_ query: ListChanges, as caller: Caller) async throws(AccessError) -> [NamedChange] {
        try await longReadings.pass(caller.actor) { () async throws(AccessError) in try await ask(query, as: caller) }
    }
}

/// Entries of the change log, with the names that they are read by.
public struct ListChanges: Query {
    /// In which order, and between which revisions.
    public var selection: ChangeSelection
    /// Only what is about this account.
    public var subject: AccountName?
    /// Only what is about this collection: what is in it, and who has what there. Not together with a subject.
    public var collection: CollectionPath?
    /// Only what was done by this one: a user, `owner+name` for a service account, or the log's own word, such as
    /// `directory:corp`.
    public var actor: String?
    /// Only what was done at this time or later, or after this revision.
    public var since: PointInTime?
    /// Only what was done up to this time or revision.
    public var until: PointInTime?
    public var limit: Int

    public init(_ selection: ChangeSelection = ChangeSelection(), subject: AccountName? = nil, limit: Int = 100) {
        self.selection = selection
        self.subject = subject
        self.limit = limit
    }

    public func answer(in context: ReadContext) throws(AccessError) -> [NamedChange] {
        let subject = try subjectOfReader(in: context)
        let selection = try resolved(in: context)
        let entries =
            if let subject {
                try context.reader.changes(about: subject, selection, limit: limit)
            } else {
                try context.reader.changes(selection, limit: limit)
            }
        var names = try ChangeNames(of: entries, context)
        let newestFirst = selection.order == .newest ? entries : entries.reversed()
        let named = try newestFirst.map { (entry) throws(AccessError) in
            NamedChange(entry: entry, names: try names.names(of: entry))
        }
        return selection.order == .newest ? named : named.reversed()
    }

    /// Whose part is asked for; nil for the whole log. Refuses who may not read it.
    func subjectOfReader(in context: ReadContext) throws(AccessError) -> ChangeSubject? {
        if let collection {
            guard subject == nil else {
                throw .invalid(
                    field: "collection", value: collection.description, reason: "name a subject or a collection")
            }
            try context.require(.giveRoles, in: collection, to: "read the changes of \(collection)")
            // A private collection in which nothing was made is in no entry.
            let made = context.graph.collectionID(at: collection)
            return .collection(made ?? CollectionID(rawValue: collection.description))
        }
        guard let subject else {
            try context.require(.administer, to: "read the whole change log: name a subject that you own")
            return nil
        }
        let account = try context.account(subject).value
        try context.require(.readChanges(of: account.id), to: "read the changes of \(subject)")
        return .account(account.id)
    }

    private func resolved(in context: ReadContext) throws(AccessError) -> ChangeSelection {
        var selection = selection
        selection.actor = try actor.map { (text) throws(AccessError) in try actor(text, in: context) }
        switch since {
        case .revision(let revision): selection.after = max(selection.after, revision)
        case .time(let time):
            let earlier = Timestamp(microseconds: time.microseconds - 1)
            selection.after = max(selection.after, try context.reader.revision(at: earlier))
        case .now, nil: break
        }
        let last: Revision? =
            switch until {
            case .revision(let revision): revision
            case .time(let time): try context.reader.revision(at: time)
            case .now, nil: nil
            }
        if let last { selection.before = min(selection.before ?? .max, last + 1) }
        return selection
    }

    private func actor(_ text: String, in context: ReadContext) throws(AccessError) -> Actor {
        let graph = context.graph
        if text.contains(":") {
            guard let actor = Actor(text: text) else {
                throw .invalid(field: "actor", value: text, reason: "name a user, OWNER+NAME, or one as directory:corp")
            }
            return actor
        }
        if text.contains("+") {
            // One that the reader may not know is as good as none.
            guard let principal = try? Principal(text), let id = graph.identity(ofServiceAccount: principal),
                context.mayKnow(id)
            else { throw .notFound(kind: "service account", name: text) }
            return .serviceAccount(id)
        }
        if let name = try? AccountName(text), let id = graph.userID(named: name) { return .user(id) }
        guard let actor = Actor(text: text) else { throw .notFound(kind: "user", name: text) }
        return actor
    }
}
