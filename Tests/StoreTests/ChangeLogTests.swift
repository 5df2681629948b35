import AccessControl
import AccessModel
import Testing

@Suite struct ChangeLogTests {
    @Test(arguments: Engine.allCases) func `a change is logged with its actor, reason and time`(_ engine: Engine)
        async throws
    {
        let store = try await TestStore(engine)
        let revision = try await store.store.write(as: .local("root")) { (writer) throws(AccessError) in
            try writer.record(.insert(.account(Samples.elton)), reason: Samples.awkward, secret: nil)
        }
        let entry = try #require(try await store.changes().first)
        #expect(revision == 1)
        #expect(entry.revision == 1)
        #expect(entry.time == store.clock.now)
        #expect(entry.actor == "local:root")
        #expect(entry.reason == Samples.awkward)
        #expect(entry.change == .insert(.account(Samples.elton)))
    }

    @Test(arguments: Engine.allCases) func `a transaction that throws leaves neither rows nor entries`(_ engine: Engine)
        async throws
    {
        let store = try await TestStore(engine)
        await #expect(throws: AccessError.conflict(code: .inactive, detail: "")) {
            try await store.store.write(as: .service) { (writer) throws(AccessError) in
                try writer.record(.insert(.account(Samples.elton)), reason: nil, secret: nil)
                throw .conflict(code: .inactive, detail: "")
            }
        }
        #expect(try await store.changes() == [])
        #expect(try await store.facts() == [])
    }

    @Test(arguments: Engine.allCases)
    func `a failure to record that the caller ignores undoes the transaction all the same`(_ engine: Engine)
        async throws
    {
        let store = try await TestStore(engine)
        let error = await #expect(throws: AccessError.self) {
            try await store.store.write(as: .service) { (writer) throws(AccessError) in
                try writer.record(.insert(.account(Samples.elton)), reason: nil, secret: nil)
                _ = try? writer.record(.insert(.account(Samples.elton)), reason: nil, secret: nil)
            }
        }
        #expect(error?.code == .storageConstraint)
        #expect(try await store.changes() == [])
    }

    @Test(arguments: Engine.allCases) func `a reference to nothing is refused at the end of the transaction`(
        _ engine: Engine
    ) async throws {
        let store = try await TestStore(engine)
        let error = await #expect(throws: AccessError.self) { try await store.insert(.team(Samples.web)) }
        #expect(error?.code == .storageConstraint)
        #expect(try await store.facts() == [])
    }

    @Test(arguments: Engine.allCases) func `numbers have no gaps, and pages of the log begin after a number`(
        _ engine: Engine
    ) async throws {
        let store = try await TestStore.filled(engine)
        let page = try await store.store.read { (reader) throws(AccessError) in
            try reader.changes(after: 3, limit: 4).map(\.revision)
        }
        #expect(page == [4, 5, 6, 7])
        #expect(try await store.changes().map(\.revision) == Array(1...Int64(Samples.facts.count)))
    }

    @Test(arguments: Engine.allCases) func `entries are selected by number, actor and kind, from either end`(
        _ engine: Engine
    ) async throws {
        let store = try await TestStore.filled(engine)
        let all = try await store.changes()
        let kinds = Set(all.compactMap { $0.change.fact?.kind })
        try await store.store.read { (reader) throws(AccessError) in
            for kind in kinds {
                for newestFirst in [false, true] {
                    let selection = ChangeSelection(
                        after: 2, before: Int64(all.count), kind: kind, order: newestFirst ? .newest : .oldest)
                    let expected = all.filter {
                        $0.revision > 2 && $0.revision < all.count && $0.change.fact?.kind == kind
                    }
                    #expect(
                        try reader.changes(selection, limit: 100) == (newestFirst ? expected.reversed() : expected))
                }
            }
            var selection = ChangeSelection()
            selection.actor = .local("nobody")
            #expect(try reader.changes(selection, limit: 100) == [])
            selection.actor = all.first.flatMap { Actor(text: $0.actor) }
            #expect(try reader.changes(selection, limit: 100) == all.filter { $0.actor == all.first?.actor })
        }
    }

    @Test(arguments: Engine.allCases) func `a revision is found by its time, and time never goes back`(_ engine: Engine)
        async throws
    {
        let store = try await TestStore(engine)
        let start = store.clock.now
        try await store.insert(.account(Samples.elton))
        store.clock.advance(by: .seconds(10))
        try await store.insert(.account(Samples.anna))
        store.clock.advance(by: .seconds(-60))
        try await store.insert(.account(Samples.nerdDinner))
        let revisions = try await store.store.read { (reader) throws(AccessError) in
            try [-1, 0, 9, 10].map { (seconds) throws(AccessError) in
                try reader.revision(at: start + .seconds(seconds))
            }
        }
        #expect(revisions == [0, 1, 1, 3])
        #expect(try await store.verify().faults == [])
    }

    @Test(arguments: Engine.allCases) func `no personal value and no secret is in the log`(_ engine: Engine)
        async throws
    {
        let store = try await TestStore(engine)
        try await store.insert(.account(Samples.user("ann", fullName: "Ann Onym", email: "ann@example.com")))
        try await store.insert(.accessToken(Samples.token), secret: Array("digest".utf8))
        let log = try await store.rawLog()
        #expect(log.contains("\"full_name\":\"sha256:"))
        for text in ["Onym", "ann@example.com", "digest"] { #expect(!log.contains(text)) }
    }

    @Test(arguments: Engine.allCases) func `an unchanged personal value keeps its digest`(_ engine: Engine) async throws
    {
        let store = try await TestStore(engine)
        try await store.insert(.account(Samples.elton))
        var renamed = Samples.elton
        renamed.fullName = "Elton"
        try await store.record([try #require(Change.update(.account(Samples.elton), to: .account(renamed)))])
        try await store.record([.delete(.account(renamed))])
        let log = try await store.rawLog()
        let digests = log.split(separator: "\"").filter { $0.hasPrefix("sha256:") }
        #expect(digests.count == 12)
        #expect(Set(digests).count == 4)
        #expect(try await store.changes().last?.change == .delete(.account(renamed)))
    }

    @Test(arguments: Engine.allCases) func `an erased personal value is empty in the log, which still verifies`(
        _ engine: Engine
    ) async throws {
        let store = try await TestStore(engine)
        try await store.insert(.account(Samples.elton))
        try await store.tamper("DELETE FROM personal_values; UPDATE accounts SET full_name = '', email = '', dn = '';")
        var erased = Samples.elton
        (erased.fullName, erased.email) = ("", "")
        erased.directory?.dn = ""
        #expect(try await store.changes().map(\.change) == [.insert(.account(erased))])
        #expect(try await store.verify().faults == [])
        var inactive = erased
        inactive.isActive = false
        try await store.record([try #require(Change.update(.account(erased), to: .account(inactive)))])
        #expect(try await store.verify().faults == [])
    }

    @Test(arguments: Engine.allCases) func `the members of every logged fact are in the order of their names`(
        _ engine: Engine
    ) async throws {
        for object in try await TestStore.filled(engine, with: Samples.all).rawLog().split(separator: "\n") {
            let names = object.matches(of: /[{,]"([a-z_]+)":/).map { String($0.1) }
            let outer = object.contains("\"settings\"") ? Array(names.prefix(2)) : names
            #expect(outer == outer.sorted(), "\(object)")
        }
    }
}
