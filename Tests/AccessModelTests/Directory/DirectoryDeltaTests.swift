import AccessModel
import Testing

struct DirectoryDeltaTests {
    typealias Random = SyncPropertyTests.Random

    static let base = Company.snapshot(["anna", "bert"], [Company.named("a", ["anna"]), Company.named("b")])

    static func user(_ id: String, _ fullName: String) -> DirectoryUser {
        var user = Company.person(id)
        user.fullName = fullName
        return user
    }

    @Test(arguments: [
        (DirectoryDelta(), ["id-anna anna", "id-bert bert"]),
        (DirectoryDelta(users: [user("cleo", "cleo")]), ["id-anna anna", "id-bert bert", "id-cleo cleo"]),
        (DirectoryDelta(users: [user("anna", "Anna")]), ["id-anna Anna", "id-bert bert"]),
        (DirectoryDelta(users: [user("anna", "1"), user("anna", "2")]), ["id-anna 2", "id-bert bert"]),
        (
            DirectoryDelta(users: [user("cleo", "1"), user("cleo", "2")]),
            ["id-anna anna", "id-bert bert", "id-cleo 2"]
        ),
        (DirectoryDelta(gone: ["id-anna"]), ["id-bert bert"]),
        (DirectoryDelta(gone: ["id-anna", "id-bert", "id-nobody"]), []),
        (DirectoryDelta(users: [user("anna", "Anna")], gone: ["id-anna"]), ["id-anna Anna", "id-bert bert"]),
        (
            DirectoryDelta(users: [user("cleo", "cleo")], gone: ["id-cleo"]),
            ["id-anna anna", "id-bert bert", "id-cleo cleo"]
        ),
    ])
    func `changes are added, put in place or taken away`(_ delta: DirectoryDelta, _ expected: [String]) {
        let next = Self.base.applying(delta)
        #expect(next.users.map { "\($0.externalID) \($0.fullName)" } == expected)
        #expect(next.groups == Self.base.groups)
        #expect(next.usersReading == .complete && next.groupsReading == .complete)
    }

    @Test func `groups change and go by their identity`() {
        let changed = Company.named("b", ["bert"])
        let next = Self.base.applying(
            DirectoryDelta(groups: [changed, Company.named("c")], gone: [Self.base.groups[0].externalID]))
        #expect(next.groups == [changed, Company.named("c")])
        #expect(next.users == Self.base.users)
    }

    @Test func `a change holds for an entry that was read twice`() {
        var twice = Self.base
        twice.users.append(Self.user("anna", "read again after a move"))
        let next = twice.applying(DirectoryDelta(users: [Self.user("anna", "Anna")]))
        let people = ResolvedDirectory(next, settings: Company.settings([]), now: Company.now).people
        #expect(people.map(\.fullName) == ["Anna", "bert"])
        let gone = twice.applying(DirectoryDelta(gone: ["id-anna"]))
        #expect(gone.users.map(\.externalID) == ["id-bert"])
    }

    @Test func `an empty delta changes nothing, also of what is incomplete`() {
        #expect(Self.base.applying(DirectoryDelta()) == Self.base && DirectoryDelta().isEmpty)
        #expect(!DirectoryDelta(gone: ["x"]).isEmpty)
        var half = Self.base
        half.usersReading = Company.broken
        half.referrals = ["ldap://elsewhere"]
        #expect(half.applying(DirectoryDelta(users: [half.users[0]])) == half)
    }

    @Test func `where deletions are not shown both searches are incomplete, and the first reason stays`() {
        let unseen = Completeness.incomplete(reason: "deletions are not shown")
        var half = Self.base
        half.groupsReading = Company.broken
        let next = half.applying(DirectoryDelta(goneReading: unseen))
        #expect(next.usersReading == unseen && next.groupsReading == Company.broken)
        half = Self.base
        half.usersReading = Company.broken
        let other = half.applying(DirectoryDelta(goneReading: unseen))
        #expect(other.usersReading == Company.broken && other.groupsReading == unseen)
    }

    // MARK: Properties

    /// Some users and groups anew, some of them twice, and some identities that are gone.
    static func delta(_ random: inout Random, of snapshot: DirectorySnapshot) -> DirectoryDelta {
        let other = SyncPropertyTests.snapshot(&random)
        var delta = DirectoryDelta(
            users: other.users.filter { _ in random.chance(40) }, groups: other.groups.filter { _ in random.chance(40) }
        )
        if let last = delta.users.last, random.chance(50) {
            delta.users.append(last)
            delta.users[delta.users.count - 1].fullName = "Twice"
        }
        let known = snapshot.users.map(\.externalID) + snapshot.groups.map(\.externalID)
        delta.gone = Set((known + other.users.map(\.externalID)).filter { _ in random.chance(20) })
        return delta
    }

    @Test(arguments: UInt64(0)..<200)
    func `a delta applied equals the snapshot made by hand`(_ seed: UInt64) {
        var random = Random(state: seed)
        let before = SyncPropertyTests.snapshot(&random)
        let delta = Self.delta(&random, of: before)
        func expected<Entry: Hashable>(_ old: [Entry], _ new: [Entry], _ id: (Entry) -> String) -> Set<Entry> {
            var entries = Dictionary(uniqueKeysWithValues: old.map { (id($0), $0) })
            for gone in delta.gone { entries[gone] = nil }
            for entry in new { entries[id(entry)] = entry }
            return Set(entries.values)
        }
        let after = before.applying(delta)
        #expect(Set(after.users) == expected(before.users, delta.users, \.externalID))
        #expect(Set(after.groups) == expected(before.groups, delta.groups, \.externalID))
        #expect(Set(after.users).count == after.users.count && Set(after.groups).count == after.groups.count)
        #expect(after.applying(delta) == after)
    }

    @Test(arguments: UInt64(0)..<100)
    func `where deletions are not shown a delta removes nothing and nobody`(_ seed: UInt64) throws {
        var random = Random(state: seed)
        let rules = try SyncPropertyTests.rules(&random)
        let state = try SyncPropertyTests.state(&random, rules)
        let before = SyncPropertyTests.snapshot(&random)
        var delta = Self.delta(&random, of: before)
        delta.goneReading = .incomplete(reason: "deletions are not shown")
        #expect(Company.plan(before.applying(delta), rules, state).changes.allSatisfy { $0.removal == nil })
    }
}
