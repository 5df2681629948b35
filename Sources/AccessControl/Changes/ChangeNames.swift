import AccessModel

/// An entry of the change log with the names that it is read by.
public struct NamedChange: Hashable, Sendable {
    public let entry: LoggedChange
    /// The names of the actor and of everything in the fact, by identity, as they were just after the entry: accounts by their
    /// name, teams as `org/team`, service accounts as `owner+name`, repositories as `namespace/name`. Identities whose
    /// names the reader may not know are left out.
    public let names: [String: String]
}

/// Finds the names in entries. To be asked from the newest entry to the oldest: a name stays valid for older entries,
/// down to the change that set it.
struct ChangeNames {
    private let context: ReadContext
    private let knowsAll: Bool
    private var known: [FactKey: (since: Revision, fact: Fact?)] = [:]
    /// The newest entry that is indexed by what it names.
    private let indexed: Revision
    /// What the entries behind that say of what is named, oldest first. They are read once, and not once for each name.
    private var behind: [FactKey: [(since: Revision, fact: Fact)]] = [:]

    /// - Parameter entries: those that will be asked for.
    init(of entries: [LoggedChange], _ context: ReadContext) throws(AccessError) {
        self.context = context
        knowsAll = context.allows(.administer)
        indexed = try context.reader.indexedRevision()
        guard entries.contains(where: { $0.revision > indexed }) else { return }
        let kinds: [Fact.Kind] = [.account, .team, .serviceAccount, .repository, .role, .collection, .site]
        let named = Set(entries.flatMap(Self.keys))
        try context.reader.forEachChange(of: kinds, after: indexed) { (revision, change) throws(AccessError) in
            // Of accounts and collections all, as teams, repositories and collections are named with what they are in.
            guard let fact = change.fact, named.contains(fact.key) || [.account, .collection].contains(fact.kind)
            else { return }
            behind[fact.key, default: []].append((revision, fact))
        }
    }

    private static func keys(of entry: LoggedChange) -> [FactKey] {
        [entry.change.before, entry.change.after].flatMap { $0?.value.named ?? [] }
            + (Actor(text: entry.actor)?.factKey.map { [$0] } ?? [])
    }

    mutating func names(of entry: LoggedChange) throws(AccessError) -> [String: String] {
        let keys = Self.keys(of: entry)
        var names: [String: String] = [:]
        for key in keys where names[key.first] == nil { names[key.first] = try name(of: key, at: entry.revision) }
        return names
    }

    private mutating func name(of key: FactKey, at revision: Revision) throws(AccessError) -> String? {
        guard let fact = try fact(key, at: revision), mayKnow(fact) else { return nil }
        return switch fact {
        case .account(let account): account.name.rawValue
        case .team(let team): try joined(team.organization, "/", team.name.rawValue, revision)
        case .serviceAccount(let service): try joined(service.owner, "+", service.name.rawValue, revision)
        case .repository(let repository): try joined(repository.namespace, "/", repository.name, revision)
        case .role(let role): role.name.rawValue
        case .collection(let collection): try path(of: collection, at: revision)
        case .site(let site): site.name.rawValue
        default: nil
        }
    }

    private mutating func path(of collection: ResourceCollection, at revision: Revision) throws(AccessError) -> String?
    {
        guard let parent = collection.parent else { return "/" }
        guard case .collection(let above)? = try fact(.collection(parent), at: revision),
            let path = try path(of: above, at: revision)
        else { return nil }
        var name = collection.name
        if let owner = collection.owner {
            guard case .account(let account)? = try fact(.account(owner), at: revision) else { return nil }
            name = account.name.rawValue
        }
        return path == "/" ? "/" + name : path + "/" + name
    }

    private mutating func joined(
        _ owner: AccountID, _ separator: String, _ name: String, _ revision: Revision
    ) throws(AccessError) -> String? {
        guard case .account(let owner)? = try fact(.account(owner), at: revision) else { return nil }
        return owner.name.rawValue + separator + name
    }

    private mutating func fact(_ key: FactKey, at revision: Revision) throws(AccessError) -> Fact? {
        if let known = known[key], known.since <= revision { return known.fact }
        if let last = behind[key]?.last(where: { $0.since <= revision }) {
            known[key] = (last.since, last.fact)
            return last.fact
        }
        let last = try context.reader.lastChange(of: key, upTo: min(revision, indexed))
        known[key] = (last?.revision ?? 0, last?.change.fact)
        return last?.change.fact
    }

    private func mayKnow(_ fact: Fact) -> Bool {
        if knowsAll { return true }
        return switch fact {
        case .account: context.allows(.readNames)
        case .serviceAccount(let service): context.mayKnow(service.id) || mayRead(service.owner)
        case .team(let team): mayRead(team.organization) || context.allows(.readOrganization(team.organization))
        case .repository(let repository):
            mayRead(repository.namespace) || context.allows(.manageNamespace(repository.namespace))
                || context.allows(.viewRepository(repository.id))
        case .role, .site: context.allows(.readNames)
        case .collection(let collection):
            context.graph.path(of: collection.id).map { path in
                context.graph.isVisible(path, to: context.actor, at: context.now)
            } ?? false
        default: false
        }
    }

    /// Whether the reader may read the log of an account, and so knows the names of what belonged to it.
    private func mayRead(_ account: AccountID) -> Bool { context.allows(.readChanges(of: account)) }
}

extension ReadContext {
    /// Whether the reader may know the name of a service account: it is their own, or themselves.
    func mayKnow(_ service: ServiceAccountID) -> Bool {
        allows(.administer) || allows(.manageServiceAccount(service)) || actor == .serviceAccount(service)
    }
}
