import AccessControl
import AccessModel
import Testing

/// Every question of the port, asked of the sample world.
@Suite struct ReaderTests {
    private func ask<Answer: Sendable>(
        _ engine: Engine, _ question: @escaping @Sendable (any StoreReader) throws(AccessError) -> Answer
    ) async throws -> Answer {
        try await TestStore.filled(engine).store.read { (reader) throws(AccessError) in try question(reader) }
    }

    @Test(arguments: Engine.allCases) func `accounts are found by identity, name and login`(_ engine: Engine)
        async throws
    {
        try await ask(engine) { (reader) throws(AccessError) in
            #expect(try reader.account(Samples.elton.id) == Stored(Samples.elton, revision: 2))
            #expect(try reader.account(named: Samples.nerdDinner.name)?.value == Samples.nerdDinner)
            #expect(try reader.user(withLogin: Samples.anna.name)?.value == Samples.anna)
            #expect(try reader.user(withLogin: Samples.nerdDinner.name) == nil)
            #expect(try reader.account(Samples.id("nobody")) == nil)
            #expect(try reader.accounts(linkedTo: "corp") == [Samples.elton])
            #expect(try reader.accounts(linkedTo: "other") == [])
            #expect(try reader.activeSystemAdministratorCount() == 0)
            #expect(try reader.retiredName(AccountName(trusted: "gone"))?.revision == 16)
            #expect(try reader.retiredNames(.all).map(\.name.rawValue) == ["gone"])
        }
    }

    @Test(arguments: Engine.allCases) func `lists come in pages, by name`(_ engine: Engine) async throws {
        let store = try await TestStore(engine)
        let names = ["b", "a-b", "a.b", "a", "c", "ab", "a0"]
        try await store.record(names.map { .insert(.account(Samples.user($0))) })
        try await store.insert(.account(Samples.nerdDinner))
        let pages = try await store.store.read { (reader) throws(AccessError) in
            var pages: [[String]] = []
            repeat {
                let page = Page(after: pages.last?.last, limit: 3)
                pages.append(try reader.accounts(.user, page).map(\.value.name.rawValue))
            } while pages.last?.count == 3
            return pages
        }
        #expect(pages == [["a", "a-b", "a.b"], ["a0", "ab", "b"], ["c"]])
        let organizations = try await store.store.read { (reader) throws(AccessError) in
            try reader.accounts(.organization, .all).map(\.value)
        }
        #expect(organizations == [Samples.nerdDinner])
    }

    @Test(arguments: Engine.allCases) func `only active administrators and owners count`(_ engine: Engine) async throws
    {
        let store = try await TestStore.filled(engine)
        var admin = Samples.user("root")
        admin.isSystemAdmin = true
        var former = Samples.user("former")
        (former.isSystemAdmin, former.isActive) = (true, false)
        try await store.insert(
            .account(admin), .account(former),
            .organizationMember(.init(organization: Samples.nerdDinner.id, user: former.id, role: .owner)))
        try await store.store.read { (reader) throws(AccessError) in
            #expect(try reader.activeSystemAdministratorCount() == 1)
            #expect(try reader.activeOwnerCount(of: Samples.nerdDinner.id) == 1)
        }
    }

    @Test(arguments: Engine.allCases) func `members are told with their names, by name`(_ engine: Engine) async throws {
        try await ask(engine) { (reader) throws(AccessError) in
            let (org, anna, elton) = (Samples.nerdDinner.id, Samples.anna, Samples.elton)
            let members = try reader.members(of: org, .all)
            #expect(members.map(\.user) == [anna.name, elton.name])
            #expect(members.last?.fullName == Samples.awkward)
            #expect(members.last?.isActive == true)
            #expect(members.first?.revision == 6)
            #expect(try reader.members(of: org, Page(after: "anna")).map(\.membership.user) == [elton.id])
            #expect(try reader.member(elton.id, of: org)?.value.role == .owner)
            #expect(try reader.organizations(of: anna.id).map(\.managedBy) == ["corp"])
            #expect(try reader.members(of: Samples.web.id, .all).map(\.membership.role) == [.maintainer])
            #expect(try reader.member(anna.id, of: Samples.web.id)?.revision == 9)
            #expect(try reader.member(anna.id, of: Samples.webOps.id) == nil)
            #expect(try reader.teams(of: anna.id).map(\.team) == [Samples.web.id])
        }
    }

    @Test(arguments: Engine.allCases) func `teams, service accounts and repositories are found by identity and name`(
        _ engine: Engine
    ) async throws {
        try await ask(engine) { (reader) throws(AccessError) in
            let org = Samples.nerdDinner.id
            #expect(try reader.team(Samples.web.id)?.value == Samples.web)
            #expect(try reader.team(named: Samples.webOps.name, in: org)?.value == Samples.webOps)
            #expect(try reader.teams(of: org, .all).map(\.value) == [Samples.webOps, Samples.web])
            #expect(try reader.teams(of: org, Page(after: "ops", limit: 1)).map(\.value) == [Samples.web])
            #expect(try reader.serviceAccount(Samples.robot.id)?.value == Samples.robot)
            #expect(try reader.serviceAccount(named: Samples.robot.name, of: org)?.value == Samples.robot)
            #expect(try reader.serviceAccounts(of: org).map(\.value) == [Samples.robot])
            #expect(try reader.repository(Samples.api.id)?.value == Samples.api)
            #expect(try reader.repository(named: "web/api", in: org)?.value == Samples.api)
            #expect(try reader.repositories(in: org, .all).map(\.value) == [Samples.api])
            #expect(try reader.repositories(in: org, Page(after: "web/api")).isEmpty)
        }
    }

    @Test(arguments: Engine.allCases) func `grants are found by both ends`(_ engine: Engine) async throws {
        try await ask(engine) { (reader) throws(AccessError) in
            let target = GrantTarget.repository(Samples.api.id)
            #expect(try reader.grants(on: target).map(\.value.subject.kind) == ["team", "user"])
            #expect(try reader.grant(.team(Samples.web.id), on: target)?.value.expiresAt == Samples.time)
            #expect(try reader.grant(.user(Samples.elton.id), on: target) == nil)
            #expect(try reader.grants(to: .serviceAccount(Samples.robot.id)).map(\.value.level) == [.admin])
            #expect(try reader.grants(to: .user(Samples.elton.id)).isEmpty)
        }
    }

    @Test(arguments: Engine.allCases) func `credentials are found by account and digest`(_ engine: Engine) async throws
    {
        try await ask(engine) { (reader) throws(AccessError) in
            let found = try reader.password(of: Samples.anna.id)
            #expect(found?.password == Samples.password)
            #expect(found?.hash == "secret")
            #expect(try reader.password(of: Samples.elton.id) == nil)
            #expect(try reader.token(withDigest: Samples.secret) == Samples.token)
            #expect(try reader.token(withDigest: [0]) == nil)
            #expect(try reader.token(Samples.token.id) == Samples.token)
            #expect(try reader.tokens(of: .user(Samples.anna.id)) == [Samples.token])
        }
    }

    @Test(arguments: Engine.allCases) func `directories are found with their secrets`(_ engine: Engine) async throws {
        try await ask(engine) { (reader) throws(AccessError) in
            #expect(try reader.directory(named: "corp") == Stored(Samples.directory, revision: 1))
            #expect(try reader.directories().map(\.value) == [Samples.directory])
            #expect(try reader.directorySecret("corp") == Samples.secret)
            #expect(try reader.directorySecret("other") == nil)
        }
    }

    @Test(arguments: Engine.allCases)
    func `synchronisation runs are kept, replaced and listed newest first, without a number`(_ engine: Engine)
        async throws
    {
        let store = try await TestStore(engine)
        var runs = (1...3).map { number in
            SyncRun(
                id: "run-\(number)", directory: "corp", mode: .run, actor: "service",
                startedAt: Timestamp(seconds: Int64(number)), settingsRevision: 1)
        }
        for run in runs { try await save(run, in: store) }
        runs[1].state = .failed
        runs[1].message = Samples.awkward
        try await save(runs[1], in: store)
        let expected = runs
        try await store.store.read { (reader) throws(AccessError) in
            #expect(try reader.syncRun("run-2") == expected[1])
            #expect(try reader.syncRun("run-9") == nil)
            #expect(try reader.syncRuns(of: "corp", limit: 2) == [expected[2], expected[1]])
            #expect(try reader.syncRuns(of: "other", limit: 2) == [])
            #expect(try reader.revision() == 0)
        }
    }

    private func save(_ run: SyncRun, in store: TestStore) async throws {
        try await store.store.write(as: .service) { (writer) throws(AccessError) in try writer.save(run) }
    }
}

/// Lists that are filtered by the engine.
struct FilteredListTests {
    @Test(arguments: Engine.allCases)
    func `each engine finds, orders and counts the same`(_ engine: Engine) async throws {
        let store = try await TestStore(engine)
        try await store.store.write(as: .service) { (writer) throws(AccessError) in
            for (place, name) in ["ann", "hanna", "a_b", "axb", "Zoë"].enumerated() {
                let account = Account(
                    id: AccountID(rawValue: "00000000000000\(place)"), kind: .user,
                    name: AccountName(trusted: name.lowercased()),
                    fullName: name.uppercased(), isActive: place != 1)
                _ = try writer.record(.insert(.account(account)), reason: nil, secret: nil)
            }
        }
        func names(_ filter: (inout Page) -> Void) async throws -> [String] {
            var page = Page()
            filter(&page)
            let wanted = page
            let (found, count) = try await store.store.read { (reader) throws(AccessError) in
                (
                    try reader.accounts(.user, wanted).map(\.value.name.rawValue),
                    try reader.count(of: .user, wanted.filter)
                )
            }
            #expect(count == found.count)
            return found
        }
        #expect(try await names { $0.filter.contains = "ANN" } == ["ann", "hanna"])
        #expect(try await names { $0.filter.contains = "a_b" } == ["a_b"])
        #expect(try await names { $0.filter.contains = "%" } == [])
        #expect(try await names { $0.filter.isActive = false } == ["hanna"])
        #expect(try await names { $0.filter.source = .local }.count == 5)
        #expect(try await names { $0.filter.source = .directory("corp") } == [])
        #expect(try await names { $0.order = .newest }.first == "zoë")
    }
}
