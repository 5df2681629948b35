import AccessControl
import AccessModel
import Testing

@Suite struct FactTests {
    @Test(arguments: Engine.allCases, Samples.all)
    func `a fact comes back from its row and from the log as it was`(_ engine: Engine, _ fact: Fact) async throws {
        let store = try await TestStore.filled(engine, with: Samples.all)
        #expect(try await store.facts().contains(fact))
        #expect(try await store.changes().map(\.change).contains(.insert(fact)))
    }

    @Test(arguments: Engine.allCases) func `facts are visited kind by kind, then by key, and parents before children`(
        _ engine: Engine
    ) async throws {
        let facts = try await TestStore.filled(engine).facts()
        #expect(facts.count == Samples.facts.count)
        #expect(Set(facts) == Set(Samples.facts))
        let kinds = facts.map(\.kind)
        #expect(kinds == Fact.Kind.allCases.flatMap { kind in kinds.filter { $0 == kind } })
        #expect(facts.filter { $0.kind == .team }.map(\.key.first) == ["z-web", "a-ops"])
        let collections = facts.compactMap { if case .collection(let fact) = $0 { fact } else { nil } }
        for (place, collection) in collections.enumerated() {
            #expect(collection.parent.map { parent in collections[..<place].contains { $0.id == parent } } ?? true)
        }
        for kind in Fact.Kind.allCases where kind != .team && kind != .collection {
            let keys = facts.filter { $0.kind == kind }.map { [$0.key.first, $0.key.second] }
            #expect(keys == keys.sorted { $0.lexicographicallyPrecedes($1) })
        }
    }

    @Test(arguments: Engine.allCases, Samples.facts)
    func `a fact can be deleted, and nothing but the log knows of it`(_ engine: Engine, _ fact: Fact) async throws {
        let store = try await TestStore(engine)
        try await store.insert(.account(Samples.elton), .account(Samples.anna), .account(Samples.nerdDinner))
        let isThere = try await store.facts().contains(fact)
        if !isThere {
            try await store.record(Self.support(for: fact).map(Change.insert))
            try await store.insert(fact, secret: fact.secret)
        }
        let before = try await store.facts()
        try await store.record([.delete(fact)])
        #expect(try await store.facts() == before.filter { $0 != fact })
        #expect(try await store.changes().last?.change == .delete(fact))
        #expect(try await store.verify().faults == [])
    }

    private static func support(for fact: Fact) -> [Fact] {
        switch fact {
        case .teamMember: [.team(Samples.web), .team(Samples.webOps)]
        case .team(let team) where team.parent != nil: [.team(Samples.web)]
        case .collection, .controlGrant, .site, .placement, .controlSettings:
            [.team(Samples.web), .serviceAccount(Samples.robot)] + Samples.control.prefix { $0 != fact }
        default: []
        }
    }

    @Test(arguments: Engine.allCases) func `an update changes the row, keeps the secret, and gives the row its number`(
        _ engine: Engine
    ) async throws {
        let store = try await TestStore.filled(engine)
        var directory = Samples.directory
        directory.settings.pageSize = 7
        let change = try #require(Change.update(.directory(Samples.directory), to: .directory(directory)))
        let revision = try await store.record([change])
        let (stored, secret) = try await store.store.read { (reader) throws(AccessError) in
            (try reader.directory(named: "corp"), try reader.directorySecret("corp"))
        }
        #expect(stored == Stored(directory, revision: revision))
        #expect(secret == Samples.secret)
        try await store.record([change.undone], secret: [1, 2])
        #expect(
            try await store.store.read { (reader) throws(AccessError) in try reader.directorySecret("corp") } == [1, 2])
        #expect(try await store.verify().faults == [])
    }

    @Test(arguments: Engine.allCases) func `changing what is not there is refused and leaves nothing`(_ engine: Engine)
        async throws
    {
        let store = try await TestStore(engine)
        await #expect(throws: AccessError.self) { try await store.record([.delete(.account(Samples.elton))]) }
        #expect(try await store.changes() == [])
    }

    @Test(arguments: Engine.allCases) func `a text with a NUL character is refused and not cut`(_ engine: Engine)
        async throws
    {
        let store = try await TestStore(engine)
        let account = Samples.user("nul", fullName: "a\0b")
        let error = await #expect(throws: AccessError.self) { try await store.insert(.account(account)) }
        #expect(error?.code == .invalid)
        #expect(try await store.facts() == [])
    }
}
