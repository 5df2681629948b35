import AccessControl
import AccessModel
import ReferenceModel
import Testing

struct DecidingFactTests {
    /// What a start reads, against all there is with the rest taken out.
    @Test(arguments: Engine.allCases) func `what decides is read in full, in order, and nothing else is`(
        _ engine: Engine
    ) async throws {
        let store = try await TestStore(engine)
        var facts = Samples.facts
        for (kind, change) in [
            ("a", \Account.isActive), ("b", \.isSystemAdmin), ("c", \.isDecisionReader),
            ("d", \.createsRepositoriesOnPush),
        ] {
            var account = Samples.user("flag-\(kind)", fullName: "F")
            account[keyPath: change].toggle()
            facts.append(.account(account))
        }
        for fact in facts {
            let hasSecret = [.password, .accessToken].contains(fact.kind)
            try await store.record([.insert(fact)], secret: hasSecret ? fact.secret : nil)
        }
        let read = try await store.store.read { (reader) throws(AccessError) in
            var facts: [Fact] = []
            try reader.forEachDecidingFact { facts.append($0) }
            return facts
        }
        let expected = try await store.facts().compactMap(\.deciding)
        #expect(read.map(\.deciding) == read, "nothing more than decides")
        #expect(Set(read) == Set(expected) && read.count == expected.count)
        #expect(Set(expected.map(\.kind)) == Set(Fact.Kind.allCases.filter(\.decides)))
        #expect(read.map(\.kind.place) == read.map(\.kind.place).sorted())
        var names: [AccountID: AccountName] = [:]
        var paths: [RepositoryPath] = []
        var ordered: [AccountName] = []
        for fact in read {
            if case .account(let account) = fact {
                names[account.id] = account.name
                ordered.append(account.name)
            }
            if case .repository(let repository) = fact {
                let namespace = try #require(names[repository.namespace])
                paths.append(RepositoryPath(trustedNamespace: namespace, name: repository.name))
            }
        }
        #expect(ordered == ordered.sorted() && paths == paths.sorted())
    }

    /// The graph of a start, on worlds of every kind: the same decisions as of the facts themselves.
    @Test(arguments: Engine.allCases, UInt64(1)...5) func `a graph of what decides decides the same`(
        _ engine: Engine, _ seed: UInt64
    ) async throws {
        let world = RandomWorld.make(seed: seed)
        let store = try await TestStore(engine)
        try await store.record(world.facts.map(Change.insert))
        let read = try await store.store.read { (reader) throws(AccessError) in
            var facts: [Fact] = []
            try reader.forEachDecidingFact { facts.append($0) }
            return facts
        }
        let (graph, whole) = (
            try AccessGraph(facts: read, revision: 1), try AccessGraph(facts: world.facts, revision: 1)
        )
        for path in world.paths {
            for principal in world.principals {
                for action in [Action.pull, .push, .manageAccess] {
                    #expect(
                        graph.explain(principal, action, path, at: world.now)
                            == whole.explain(principal, action, path, at: world.now))
                }
            }
        }
    }
}

extension Fact {
    /// As far as decisions depend on it; nil for what they do not.
    fileprivate var deciding: Fact? {
        switch self {
        case .account(let account):
            .account(
                Account(
                    id: account.id, kind: account.kind, name: account.name, isActive: account.isActive,
                    isSystemAdmin: account.isSystemAdmin, isDecisionReader: account.isDecisionReader,
                    createsRepositoriesOnPush: account.createsRepositoriesOnPush))
        case .organizationMember(let member):
            .organizationMember(.init(organization: member.organization, user: member.user, role: member.role))
        case .teamMember(let member): .teamMember(.init(team: member.team, user: member.user, role: member.role))
        case .repository(let repository):
            .repository(
                Repository(
                    id: repository.id, namespace: repository.namespace, name: repository.name,
                    visibility: repository.visibility))
        case .team, .serviceAccount, .grant, .role, .collection, .controlGrant, .site, .placement, .controlSettings:
            self
        case .retiredName, .password, .accessToken, .directory: nil
        }
    }
}

extension Fact.Kind {
    fileprivate var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
