import AccessModel
import Testing

/// Entries of which a directory shows less than it did.
@Suite struct HiddenEntryTests {
    private static let people = (0..<8).map { number in
        var person = Company.person("p\(number)")
        person.email = "p\(number)@example.com"
        return person
    }

    private static func plan(
        _ before: [DirectoryUser], _ after: [DirectoryUser]
    ) throws -> (changes: [String], notes: [SyncNote.Kind]) {
        let rules = [try Company.feedsOps()]
        let ops = [Company.group(Company.opsDN, before.map(\.dn))]
        let state = try Company.synchronised(DirectorySnapshot(users: before, groups: ops), rules)
        let plan = Company.plan(DirectorySnapshot(users: after, groups: ops), rules, state)
        return (plan.changes.map(\.summary), plan.notes.map(\.kind))
    }

    @Test func `an inactive account whose entry shows no login stays inactive and gets nothing`() throws {
        var before = Self.people
        before[0].inactiveReason = "disabled"
        var after = before
        // The login is hidden, and so is what made the person inactive.
        after[0].login = nil
        after[0].inactiveReason = nil
        #expect(try Self.plan(before, after).changes == [])
        after[0].login = "p0"
        #expect(try Self.plan(before, after).changes.contains("reactivate p0"))
    }

    @Test func `an active account whose entry shows no login stays active, unless it is disabled`() throws {
        var after = Self.people
        after[0].login = nil
        #expect(try Self.plan(Self.people, after).changes == [])
        after[0].inactiveReason = "disabled"
        #expect(try Self.plan(Self.people, after).changes.contains("deactivate p0"))
    }

    @Test func `a group that names its members by login keeps one whose login is hidden`() throws {
        let rules = [try Company.feedsOps()]
        let group = DirectoryGroup(externalID: "ops", dn: Company.opsDN, members: [.login("p0"), .login("p1")])
        let state = try Company.synchronised(DirectorySnapshot(users: Self.people, groups: [group]), rules)
        var after = Self.people
        after[0].login = nil
        #expect(Company.plan(DirectorySnapshot(users: after, groups: [group]), rules, state).changes == [])
        after[0].login = "p9"
        let renamed = Company.plan(DirectorySnapshot(users: after, groups: [group]), rules, state).changes.map(
            \.summary)
        #expect(renamed.contains("leave nerd-dinner/ops: p0"))
    }

    @Test func `a field that few still show is hidden, too`() throws {
        let people = (0..<30).map { number in
            var person = Company.person("p\(number)")
            person.email = "p\(number)@example.com"
            return person
        }
        for (shown, updates) in [(2, 0), (3, 27)] {
            var after = people
            for place in after.indices.dropFirst(shown) { after[place].email = nil }
            #expect(try Self.plan(people, after).changes.count == updates)
        }
    }

    @Test func `a field that nobody shows any more keeps its values, and a note says so`() throws {
        var after = Self.people
        for place in after.indices {
            after[place].email = nil
            after[place].fullName = ""
        }
        let hidden = try Self.plan(Self.people, after)
        #expect(hidden.changes == [] && hidden.notes == [.hiddenField])
        // One who still shows it: the others have none.
        after[0].email = "p0@example.com"
        let shown = try Self.plan(Self.people, after)
        #expect(
            shown.changes == (1..<8).map { "update p\($0)" } && shown.notes == [.hiddenField], "full names are hidden")
    }

    @Test func `of a few people a field may be cleared`() throws {
        let few = Array(Self.people.prefix(4))
        let after = few.map { person in
            var person = person
            person.email = nil
            return person
        }
        #expect(try Self.plan(few, after).changes == (0..<4).map { "update p\($0)" })
    }

    @Test func `a group that is given twice with different members takes nobody out`() throws {
        let rules = [try Company.feedsOps()]
        let full = Company.group(Company.opsDN, Self.people.map(\.dn))
        let state = try Company.synchronised(DirectorySnapshot(users: Self.people, groups: [full]), rules)
        let part = Company.group(Company.opsDN, [Company.dn("p0")])
        for groups in [[full, part], [part, full]] {
            let plan = Company.plan(DirectorySnapshot(users: Self.people, groups: groups), rules, state)
            #expect(plan.changes == [] && plan.notes.map(\.kind).contains(.frozenFeed), "\(plan.notes)")
        }
        let same = Company.plan(DirectorySnapshot(users: Self.people, groups: [part, part]), rules, state)
        #expect(same.changes.count == 14, "seven leave the team and the organisation")
    }

    @Test(arguments: [(10, true), (11, false)])
    func `more than so many reactivations are held`(_ count: Int, _ passes: Bool) throws {
        var before = (0..<30).map { Company.person("p\($0)") }
        for place in 0..<count { before[place].inactiveReason = "disabled" }
        let after = (0..<30).map { Company.person("p\($0)") }
        let braked = try BrakeTests.brake(
            from: DirectorySnapshot(users: before, groups: []), to: DirectorySnapshot(users: after, groups: []),
            rules: [])
        #expect(braked.held.isEmpty == passes)
        if !passes {
            #expect(braked.held.count == 1 && braked.held[0].reason.contains("11 reactivations are more than 10"))
        }
    }

    @Test(arguments: [(6, true), (7, false)])
    func `more than so many renames are held`(_ count: Int, _ passes: Bool) throws {
        let before = (0..<30).map { Company.person("p\($0)") }
        let after = before.enumerated().map { place, person in
            var person = person
            if place < count { person.login = "q\(place)" }
            return person
        }
        let braked = try BrakeTests.brake(
            from: DirectorySnapshot(users: before, groups: []), to: DirectorySnapshot(users: after, groups: []),
            rules: [])
        #expect(braked.held.isEmpty == passes)
        if !passes {
            #expect(braked.held.map(\.reason) == ["7 renames are more than 20 % of the 30 accounts kept here"])
        }
    }
}
