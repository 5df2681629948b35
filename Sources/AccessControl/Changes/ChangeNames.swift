import AccessModel

/// An entry of the change log with the names that it is read by.
public struct NamedChange: Hashable, Sendable {
    public let entry: LoggedChange
    /// By identity, what the actor and everything that the fact names were called just after the entry: accounts by their
    /// name, teams as `org/team`, service accounts as `owner+name`, repositories as `namespace/name`. What the reader may
    /// not know the name of is not in it.
    public let names: [String: String]
}

/// Finds the names of entries. To be asked from the newest entry to the oldest: what was found for one is valid back to
/// the change that it was found in.
struct ChangeNames {
    private let context: ReadContext
    private let knowsAll: Bool
    private var known: [FactKey: (since: Revision, fact: Fact?)] = [:]

    init(_ context: ReadContext) {
        self.context = context
        knowsAll = context.allows(.administer)
    }

    mutating func names(of entry: LoggedChange) throws(AccessError) -> [String: String] {
        var keys = [entry.change.before, entry.change.after].flatMap { $0?.value.named ?? [] }
        if let actor = Actor(text: entry.actor)?.factKey { keys.append(actor) }
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
        default: nil
        }
    }

    private mutating func joined(
        _ owner: AccountID, _ separator: String, _ name: String, _ revision: Revision
    ) throws(AccessError) -> String? {
        guard case .account(let owner)? = try fact(.account(owner), at: revision) else { return nil }
        return owner.name.rawValue + separator + name
    }

    private mutating func fact(_ key: FactKey, at revision: Revision) throws(AccessError) -> Fact? {
        if let known = known[key], known.since <= revision { return known.fact }
        let last = try context.reader.lastChange(of: key, upTo: revision)
        known[key] = (last?.revision ?? 0, last?.change.fact)
        return last?.change.fact
    }

    private func mayKnow(_ fact: Fact) -> Bool {
        if knowsAll { return true }
        return switch fact {
        case .account, .serviceAccount: context.allows(.readNames)
        case .team(let team): mayRead(team.organization) || context.allows(.readOrganization(team.organization))
        case .repository(let repository):
            mayRead(repository.namespace) || context.allows(.manageNamespace(repository.namespace))
                || context.allows(.viewRepository(repository.id))
        default: false
        }
    }

    /// Whether the log of an account is the reader's, and so everything that belonged to that.
    private func mayRead(_ account: AccountID) -> Bool { context.allows(.readChanges(of: account)) }
}

extension Actor {
    fileprivate var factKey: FactKey? {
        switch self {
        case .user(let id): .account(id)
        case .serviceAccount(let id): .serviceAccount(id)
        case .anonymous, .local, .directory, .service: nil
        }
    }
}
