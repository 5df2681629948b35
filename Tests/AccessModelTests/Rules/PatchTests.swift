import AccessModel
import ReferenceModel
import Testing

/// What a single change of the log does to a graph, and what it refuses.
@Suite struct PatchTests {
    @Test func `a patched graph has the number of its last change`() throws {
        let tiny = try Tiny("user ann")
        let user = try #require(tiny.world.facts.first)
        var graph = try tiny.graph.applying([.delete(user), .insert(user)], revision: 7)
        #expect(graph.revision == 7)
        try graph.patch(.delete(user), revision: 8)
        #expect(graph.revision == 8)
        #expect(tiny.graph.revision == 1)
    }

    @Test func `a change that names something unknown is refused`() throws {
        let full = try Tiny(
            """
            user ann
            org acme
            member acme ann member
            team acme dev
            team-member acme dev ann member
            service-account acme+ci
            repository acme/web private
            grant acme/dev read-only on acme/web
            """)
        for fact in full.world.facts where fact.kind != .account {
            #expect(throws: GraphError.dangling(fact.key)) { try AccessGraph(facts: [fact], revision: 1) }
            #expect(throws: GraphError.dangling(fact.key)) { try AccessGraph().applying([.delete(fact)], revision: 1) }
        }
    }

    @Test func `a renamed account takes its service accounts along`() throws {
        let tiny = try Tiny("org acme\nservice-account acme+ci\nuser bob\nrepository bob/web public")
        var renamed = try #require(tiny.world.account(named: AccountName("acme")))
        let before = Fact.account(renamed)
        renamed.name = try AccountName("ops")
        let change = try #require(Change.update(before, to: .account(renamed)))
        let graph = try tiny.graph.applying([change], revision: 2)
        let path = try RepositoryPath("bob/web")
        #expect(graph.check(try Principal("ops+ci"), .pull, path, at: Tiny.now).isAllowed)
        #expect(!graph.check(try Principal("acme+ci"), .pull, path, at: Tiny.now).isAllowed)
    }

    /// What comes behind something that was renamed is not in its order.
    @Test func `lists stay in order after a rename of the last`() throws {
        let tiny = try Tiny(
            """
            org acme
            user ann
            member acme ann owner
            repository acme/a private
            repository acme/b private
            repository acme/c private
            """)
        var graph = tiny.graph
        func insert(_ name: String) throws {
            let repository = Repository(
                id: .init(rawValue: "new-\(name)"), namespace: tiny.account("acme"), name: name)
            graph = try graph.applying([.insert(.repository(repository))], revision: graph.revision + 1)
        }
        var last = try #require(tiny.world.repositories.first { $0.name == "c" })
        let before = Fact.repository(last)
        last.name = "0"
        let rename = try #require(Change.update(before, to: .repository(last)))
        graph = try graph.applying([rename], revision: 2)
        for name in ["a5", "c", "b1"] { try insert(name) }
        let paths = graph.whatMay(try Principal("ann"), .view, at: Tiny.now).map(\.repository.name)
        #expect(paths == ["0", "a", "a5", "b", "b1", "c"])

        var bob = Account(id: .init(rawValue: "bob"), kind: .user, name: try AccountName("zoe"), isSystemAdmin: true)
        let zoe = Fact.account(bob)
        bob.name = try AccountName("aaa")
        let change = try #require(Change.update(zoe, to: .account(bob)))
        let ben = Account(id: .init(rawValue: "ben"), kind: .user, name: try AccountName("abc"), isSystemAdmin: true)
        graph = try graph.applying([.insert(zoe), change, .insert(.account(ben))], revision: 9)
        // The owner is the only one who is no administrator.
        let people = graph.whoMay(.view, try RepositoryPath("acme/a"), at: Tiny.now).map(\.principal.description)
        #expect(people == ["aaa", "abc", "ann"])
    }

    @Test func `a team is found by its name of today, in its organisation alone`() throws {
        let tiny = try Tiny("org acme\norg beta\nteam acme one\nteam acme two\nteam beta one")
        let (acme, beta) = (tiny.account("acme"), tiny.account("beta"))
        func team(_ name: String, _ organization: AccountID) throws -> Team {
            try #require(tiny.world.teams.first { $0.name.rawValue == name && $0.organization == organization })
        }
        let (one, two, other) = (try team("one", acme), try team("two", acme), try team("one", beta))
        var renamed = one
        renamed.name = try TeamName("three")
        let rename = try #require(Change.update(.team(one), to: .team(renamed)))
        let graph = try tiny.graph.applying([rename, .delete(.team(two))], revision: 2)
        #expect(tiny.graph.teamID(named: one.name, in: acme) == one.id)
        #expect(graph.teamID(named: one.name, in: acme) == nil && graph.teamID(named: two.name, in: acme) == nil)
        #expect(graph.teamID(named: renamed.name, in: acme) == one.id)
        #expect(graph.teamID(named: renamed.name, in: beta) == nil)
        #expect(graph.teamID(named: other.name, in: beta) == other.id)
    }

    @Test func `a team is not put below itself`() throws {
        let tiny = try Tiny("org acme\nteam acme top\nteam acme low below top")
        let top = try #require(tiny.world.teams.first { $0.name.rawValue == "top" })
        var moved = top
        moved.parent = tiny.world.teams.first { $0.name.rawValue == "low" }?.id
        let change = try #require(Change.update(.team(top), to: .team(moved)))
        #expect(throws: GraphError.cycle(Fact.team(top).key)) { try tiny.graph.applying([change], revision: 2) }
    }

    @Test func `facts that no decision rests on change nothing`() throws {
        let tiny = try Tiny("user ann")
        let name = RetiredName(name: try AccountName("old"), retiredAt: Tiny.now)
        let password = Password(account: tiny.account("ann"), changedAt: Tiny.now)
        let graph = try tiny.graph.applying([.insert(.retiredName(name)), .insert(.password(password))], revision: 3)
        #expect(graph.whatMay(try Principal("ann"), .view, at: Tiny.now).isEmpty)
        #expect(graph.isActive(try Principal("ann"), at: Timestamp(seconds: 1)))
    }
}
