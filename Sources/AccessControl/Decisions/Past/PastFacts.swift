import AccessModel

/// Gathers the facts that a question about an earlier revision touches, and makes a graph of them: in it the
/// question has the answer that it had then. Whatever it names is in it: an owner for each team, an account for
/// each member.
struct PastFacts {
    private let history: any FactHistory
    private let revision: Revision
    private(set) var facts: [FactKey: Fact] = [:]
    private var asked: [Question: [Fact]] = [:]

    private struct Question: Hashable {
        let kind: Fact.Kind
        let key: ChangeKey
    }

    /// Above so many accounts it takes less to read all of them.
    private static let manyAccounts = 30_000

    init(_ reader: any StoreReader, at revision: Revision) throws(AccessError) {
        history = try reader.history(at: revision)
        self.revision = revision
    }

    /// - Throws: `.storage(.damaged)` when what was found does not fit together.
    func graph() throws(AccessError) -> AccessGraph {
        var graph = AccessGraph(revision: revision)
        do throws(GraphError) {
            for fact in facts.values.inOrder { try graph.insert(fact) }
        } catch {
            throw .storage(.damaged("the past cannot be brought back to revision \(revision): \(error)"))
        }
        return graph
    }

    /// As `graph()`, made from the graph of another moment: what is in both stands at the same place in both, so
    /// that they are compared quickly.
    func graph(from graph: AccessGraph, of other: PastFacts) throws(AccessError) -> AccessGraph {
        var next = graph
        do throws(GraphError) {
            for change in changes(since: other) { try next.patch(change, revision: revision) }
        } catch {
            throw .storage(.damaged("the past cannot be brought back to revision \(revision): \(error)"))
        }
        return next.numbered(revision)
    }

    /// What makes these facts of others, as if all had happened at once: what comes, what changes, what goes.
    func changes(since other: PastFacts) -> [Change] {
        let come = facts.filter { other.facts[$0.key] == nil }.values.inOrder.map(Change.insert)
        var detached: [Change?] = []
        var changed: [Change?] = []
        for (key, after) in facts {
            guard let before = other.facts[key], before != after else { continue }
            if case .team(var team) = before, case .team(let moved) = after, team.parent != moved.parent {
                // Two teams may have changed places: in between neither is below the other.
                team.parent = nil
                detached.append(.update(before, to: .team(team)))
                changed.append(.update(.team(team), to: after))
            } else {
                changed.append(.update(before, to: after))
            }
        }
        let gone = other.facts.filter { facts[$0.key] == nil }.values.inOrder.reversed().map(Change.delete)
        return detached.compactMap(\.self) + come + changed.compactMap(\.self) + gone
    }

    mutating func gather(_ scope: PastScope) throws(AccessError) {
        switch scope {
        case .decision(let principal, let path): try gatherDecision(principal, path)
        case .holders(let path, let everybody): try gatherHolders(of: path, everybody)
        case .holdings(let principal, let everybody): try gatherHoldings(of: principal, everybody)
        case .teamHoldings(let team, let organization): try gatherHoldings(ofTeam: team, organization)
        case .namespace(let name): try gatherNamespace(name)
        case .controlDecision(let principal, let resource): try gatherControlDecision(principal, resource)
        case .controlHolders(let path, let expands): try gatherControlHolders(in: path, expands)
        case .controlHoldings(let principal): try gatherControlHoldings(of: principal)
        case .everything: break
        }
    }

    /// Brings back the people and service accounts too that another moment has, so that both can be compared: who
    /// has nothing of their own may have what everybody has.
    mutating func gatherPrincipals(of other: PastFacts) throws(AccessError) {
        for fact in other.facts.values {
            switch fact {
            case .account(let account): try addAccount(account.id)
            case .serviceAccount(let service): try addServiceAccount(service.id)
            default: break
            }
        }
    }

    // MARK: Questions

    private mutating func gatherDecision(_ principal: Principal, _ path: RepositoryPath) throws(AccessError) {
        let subject = try addPrincipal(principal)
        guard let namespace = try addAccount(named: path.namespace) else { return }
        var places = [GrantTarget.namespace(namespace)]
        if let repository = try addRepository(path.name, in: namespace) { places.append(.repository(repository)) }
        if case .user(let id)? = subject {
            try addMemberships(of: id) { $0 == namespace }
        }
        for place in places { try addGrants(on: place) }
    }

    private mutating func gatherHolders(of path: RepositoryPath, _ everybody: Bool) throws(AccessError) {
        guard let namespace = try addAccount(named: path.namespace) else { return }
        try addAdministrators()
        try addOwners(of: namespace)
        try addGrants(on: .namespace(namespace))
        var isPublic = false
        if let repository = try addRepository(path.name, in: namespace) {
            try addGrants(on: .repository(repository))
            if case .repository(let found)? = facts[FactKey(.repository, repository.rawValue)] {
                isPublic = found.visibility == .public
            }
        }
        try addMembersOfTeamsWithGrants(of: namespace)
        if isPublic && everybody { try addEverybody() }
    }

    private mutating func gatherHoldings(of principal: Principal, _ everybody: Bool) throws(AccessError) {
        let subject = try addPrincipal(principal)
        var isAdministrator = false
        switch subject {
        case .user(let id)?:
            isAdministrator = account(id)?.isSystemAdmin ?? false
            try addMemberships(of: id) { _ in true }
            try addRepositories(in: id)
            try addGrantedRepositories(to: .user(id))
            for case .organizationMember(let member) in facts.values where member.user == id && member.role == .owner {
                try addRepositories(in: member.organization)
            }
            for case .team(let team) in facts.values { try addGrantedRepositories(to: .team(team.id)) }
        case .serviceAccount(let id)?:
            try addGrantedRepositories(to: .serviceAccount(id))
        case nil:
            break
        }
        if isAdministrator {
            try addRepositories(under: .everything)
        } else if everybody {
            try addRepositories(under: .publicRepositories)
        }
    }

    private mutating func gatherHoldings(
        ofTeam name: TeamName, _ organization: AccountName
    ) throws(AccessError) {
        guard let organization = try addAccount(named: organization) else { return }
        for case .team(let team) in try ask(.team, .identity(organization)) where team.name == name {
            try addTeam(team.id)
        }
        for case .team(let team) in facts.values { try addGrantedRepositories(to: .team(team.id)) }
    }

    private mutating func gatherNamespace(_ name: AccountName) throws(AccessError) {
        guard let namespace = try addAccount(named: name) else { return }
        try addAdministrators()
        try addOwners(of: namespace)
        try addGrants(on: .namespace(namespace))
        try addRepositories(in: namespace)
        for case .repository(let repository) in facts.values where repository.namespace == namespace {
            try addGrants(on: .repository(repository.id))
        }
        try addMembersOfTeamsWithGrants(of: namespace)
    }

    // MARK: Parts

    enum Subject {
        case user(AccountID)
        case serviceAccount(ServiceAccountID)
    }

    mutating func addPrincipal(_ principal: Principal) throws(AccessError) -> Subject? {
        switch principal {
        case .anonymous:
            return nil
        case .user(let name):
            return try addAccount(named: name).map { .user($0) }
        case .serviceAccount(let owner, let name):
            guard let owner = try addAccount(named: owner) else { return nil }
            for case .serviceAccount(let service) in try ask(.serviceAccount, .identity(owner))
            where service.owner == owner && service.name == name {
                add(.serviceAccount(service))
                return .serviceAccount(service.id)
            }
            return nil
        }
    }

    private mutating func addAccount(named name: AccountName) throws(AccessError) -> AccountID? {
        for case .account(let account) in try ask(.account, .account(named: name)) where account.name == name {
            add(.account(account))
            return account.id
        }
        return nil
    }

    mutating func addAccount(_ id: AccountID) throws(AccessError) {
        guard account(id) == nil else { return }
        for fact in try ask(.account, .identity(id)) { add(fact) }
    }

    mutating func addAccounts(_ ids: Set<AccountID>) throws(AccessError) {
        if ids.count > Self.manyAccounts { _ = try ask(.account, .everything).map { add($0) } }
        for id in ids { try addAccount(id) }
    }

    mutating func addServiceAccount(_ id: ServiceAccountID) throws(AccessError) {
        for case .serviceAccount(let service) in try ask(.serviceAccount, .identity(id)) where service.id == id {
            try addAccount(service.owner)
            add(.serviceAccount(service))
        }
    }

    mutating func addAdministrators() throws(AccessError) {
        for fact in try ask(.account, .systemAdministrators) { add(fact) }
    }

    mutating func addEverybody() throws(AccessError) {
        for fact in try ask(.account, .everything) { add(fact) }
        for fact in try ask(.serviceAccount, .everything) { add(fact) }
    }

    /// A team with those above it.
    mutating func addTeam(_ id: TeamID) throws(AccessError) {
        var next: TeamID? = id
        while let id = next, facts[FactKey(.team, id.rawValue)] == nil {
            guard case .team(let team)? = try ask(.team, .identity(id)).first(where: { $0.key.first == id.rawValue })
            else { return }
            try addAccount(team.organization)
            add(.team(team))
            next = team.parent
        }
    }

    /// What a user belongs to, in the organisations that count.
    mutating func addMemberships(
        of user: AccountID, _ counts: (AccountID) -> Bool
    ) throws(AccessError) {
        for case .organizationMember(let member) in try ask(.organizationMember, .identity(user))
        where member.user == user && counts(member.organization) {
            try addAccount(member.organization)
            add(.organizationMember(member))
        }
        for case .teamMember(let member) in try ask(.teamMember, .identity(user)) where member.user == user {
            let found = try ask(.team, .identity(member.team)).first { $0.key.first == member.team.rawValue }
            guard case .team(let team)? = found, counts(team.organization) else { continue }
            try addTeam(member.team)
            add(.teamMember(member))
        }
    }

    private mutating func addOwners(of organization: AccountID) throws(AccessError) {
        let owners = try ask(.organizationMember, .identity(organization)).filter { fact in
            if case .organizationMember(let member) = fact {
                member.role == .owner && member.organization == organization
            } else {
                false
            }
        }
        for case .organizationMember(let member) in owners { try addAccount(member.user) }
        for owner in owners { add(owner) }
    }

    private mutating func addRepository(
        _ name: String, in namespace: AccountID
    ) throws(AccessError) -> RepositoryID? {
        for case .repository(let repository) in try ask(.repository, .repository(named: name, in: namespace)) {
            add(.repository(repository))
            return repository.id
        }
        return nil
    }

    private mutating func addRepositories(in namespace: AccountID) throws(AccessError) {
        for case .repository(let repository) in try ask(.repository, .identity(namespace))
        where repository.namespace == namespace { add(.repository(repository)) }
    }

    /// Repositories with their namespaces.
    private mutating func addRepositories(under key: ChangeKey) throws(AccessError) {
        var namespaces: Set<AccountID> = []
        for case .repository(let repository) in try ask(.repository, key) {
            namespaces.insert(repository.namespace)
            add(.repository(repository))
        }
        try addAccounts(namespaces)
    }

    /// The grants on a repository or namespace, with whom they were given to.
    private mutating func addGrants(on target: GrantTarget) throws(AccessError) {
        for case .grant(let grant) in try ask(.grant, target.key) where grant.target == target {
            switch grant.subject {
            case .team(let id): try addTeam(id)
            case .user(let id): try addAccount(id)
            case .serviceAccount(let id): try addServiceAccount(id)
            }
            add(.grant(grant))
        }
    }

    /// What was given to somebody, with the repositories: all there are where a whole namespace was given.
    private mutating func addGrantedRepositories(to subject: GrantSubject) throws(AccessError) {
        for case .grant(let grant) in try ask(.grant, subject.key) where grant.subject == subject {
            switch grant.target {
            case .namespace(let id):
                try addAccount(id)
                try addRepositories(in: id)
            case .repository(let id):
                for case .repository(let repository) in try ask(.repository, .identity(id))
                where repository.id == id {
                    try addAccount(repository.namespace)
                    add(.repository(repository))
                }
            }
            add(.grant(grant))
        }
    }

    /// The members of the teams of an organisation that were given something, and of those below these.
    mutating func addMembersOfTeamsWithGrants(of organization: AccountID) throws(AccessError) {
        var given: Set<TeamID> = []
        for case .team(let team) in facts.values where team.organization == organization { given.insert(team.id) }
        let teams = try ask(.team, .identity(organization)).compactMap { fact -> Team? in
            if case .team(let team) = fact, team.organization == organization { team } else { nil }
        }
        let children = Dictionary(grouping: teams) { $0.parent }
        var pending = Array(given)
        var seen = given
        while let id = pending.popLast() {
            for child in children[id] ?? [] where seen.insert(child.id).inserted { pending.append(child.id) }
        }
        var members: [TeamMember] = []
        for id in seen {
            try addTeam(id)
            for case .teamMember(let member) in try ask(.teamMember, .identity(id)) where member.team == id {
                members.append(member)
            }
        }
        try addAccounts(Set(members.map(\.user)))
        for member in members { add(.teamMember(member)) }
    }

    private func account(_ id: AccountID) -> Account? {
        if case .account(let account)? = facts[FactKey(.account, id.rawValue)] { account } else { nil }
    }

    mutating func add(_ fact: Fact) { facts[fact.key] = fact }

    mutating func ask(_ kind: Fact.Kind, _ key: ChangeKey) throws(AccessError) -> [Fact] {
        let question = Question(kind: kind, key: key)
        if let known = asked[question] { return known }
        let found = try history.facts(kind, naming: key)
        asked[question] = found
        return found
    }
}

extension Collection<Fact> {
    /// Each behind what it names: by kind, and teams from the topmost down.
    fileprivate var inOrder: [Fact] {
        let kinds = Dictionary(grouping: self, by: \.kind)
        return Fact.Kind.allCases.flatMap { kind in
            let facts = kinds[kind] ?? []
            return kind == .team || kind == .collection ? Self.parentsFirst(facts) : facts
        }
    }

    private static func parentsFirst(_ facts: [Fact]) -> [Fact] {
        var children: [FactKey?: [Fact]] = [:]
        let known = Set(facts.map(\.key))
        for fact in facts { children[fact.parent.flatMap { known.contains($0) ? $0 : nil }, default: []].append(fact) }
        var ordered = children[nil] ?? []
        var place = 0
        while place < ordered.count {
            ordered += children[ordered[place].key] ?? []
            place += 1
        }
        return ordered
    }
}

extension Fact {
    /// What a team or a collection is below.
    fileprivate var parent: FactKey? {
        switch self {
        case .team(let team): team.parent.map { .team($0) }
        case .collection(let collection): collection.parent.map { .collection($0) }
        default: nil
        }
    }
}
