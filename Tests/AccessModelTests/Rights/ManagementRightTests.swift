import AccessModel
import Testing

/// The table "Who may manage what", a row a test. The columns: a system administrator, an owner
/// of acme, a maintainer of its team mid, a member of its team wide that has admin on all of
/// acme, somebody with admin on acme/web, and anybody.
@Suite struct ManagementRightTests {
    static let facts = """
        user root admin
        user own
        user maint
        user wide
        user rep
        user ann
        user member
        user leaf
        user old inactive admin
        user reader reader
        org acme
        org other
        member acme own owner
        member acme old owner
        member acme maint member
        member acme wide member
        member acme member member
        member acme leaf member
        team acme top
        team acme mid below top
        team acme low below mid
        team acme wide
        team-member acme mid maint maintainer
        team-member acme low leaf member
        team-member acme wide wide member
        service-account acme+ci
        service-account acme+rep
        service-account acme+reader reader
        service-account acme+off inactive reader
        repository acme/web private
        repository acme/api private
        repository acme/open public
        repository ann/app private
        repository other/app private
        grant acme/wide admin on acme
        grant rep admin on acme/web
        grant acme+rep admin on acme/web
        grant member read-only on acme/api

        """

    static let everybody = [
        "root", "own", "maint", "wide", "rep", "ann", "member", "leaf", "old", "reader", "acme+ci", "acme+rep",
        "acme+reader",
        "acme+off", "anonymous", "nobody",
    ]

    /// Who of everybody holds the right.
    private func holders(of right: (Tiny) throws -> ManagementRight) throws -> Set<String> {
        let tiny = try Tiny(Self.facts)
        let right = try right(tiny)
        return Set(Self.everybody.filter { tiny.graph.allows(tiny.actor($0), right, at: Tiny.now) })
    }

    @Test func `users, directories and settings are for system administrators`() throws {
        #expect(try holders { _ in .administer } == ["root"])
    }

    @Test func `organisations are made by system administrators`() throws {
        #expect(try holders { _ in .createOrganization } == ["root"])
    }

    @Test func `a profile is its user's own`() throws {
        #expect(try holders { .editProfile($0.account("ann")) } == ["root", "ann"])
        #expect(try holders { .editProfile($0.account("own")) } == ["root", "own"])
        #expect(try holders { .editProfile($0.account("old")) } == ["root"])
    }

    @Test func `an organisation's members, teams and service accounts are its owners'`() throws {
        #expect(try holders { .manageOrganization($0.account("acme")) } == ["root", "own"])
        #expect(try holders { .manageOrganization($0.account("other")) } == ["root"])
    }

    @Test func `a user's service accounts and defaults are their own`() throws {
        #expect(try holders { .manageOrganization($0.account("ann")) } == ["root", "ann"])
    }

    @Test
    func `a team's members are managed by owners and by its own maintainers, not by those of teams above or below`()
        throws
    {
        #expect(try holders { .manageTeamMembers($0.team("mid")) } == ["root", "own", "maint"])
        #expect(try holders { .manageTeamMembers($0.team("top")) } == ["root", "own"])
        #expect(try holders { .manageTeamMembers($0.team("low")) } == ["root", "own"])
    }

    @Test func `repositories are made by owners and by teams with admin on the namespace`() throws {
        #expect(try holders { .manageNamespace($0.account("acme")) } == ["root", "own", "wide"])
        #expect(try holders { .manageNamespace($0.account("ann")) } == ["root", "ann"])
        #expect(try holders { .manageNamespace($0.account("other")) } == ["root"])
    }

    @Test func `a repository is managed by whoever has admin on it`() throws {
        #expect(
            try holders { .manageRepository(try $0.repository("acme/web")) } == [
                "root", "own", "wide", "rep", "acme+rep",
            ])
        #expect(try holders { .manageRepository(try $0.repository("acme/api")) } == ["root", "own", "wide"])
        #expect(try holders { .manageRepository(try $0.repository("ann/app")) } == ["root", "ann"])
    }

    @Test func `a repository is viewed by whoever has a level on it`() throws {
        #expect(try holders { .viewRepository(try $0.repository("acme/api")) } == ["root", "own", "wide", "member"])
        let active = Set(Self.everybody).subtracting(["old", "acme+off", "nobody"])
        #expect(try holders { .viewRepository(try $0.repository("acme/open")) } == active)
    }

    @Test func `an organisation's members and teams are read by its members`() throws {
        let members: Set<String> = ["root", "own", "maint", "wide", "member", "leaf"]
        #expect(try holders { .readOrganization($0.account("acme")) } == members)
        #expect(try holders { .readOrganization($0.account("other")) } == ["root"])
    }

    @Test func `a team's members are read by owners and its members, those of the teams below included`() throws {
        #expect(try holders { .readTeamMembers($0.team("top")) } == ["root", "own", "maint", "leaf"])
        #expect(try holders { .readTeamMembers($0.team("mid")) } == ["root", "own", "maint", "leaf"])
        #expect(try holders { .readTeamMembers($0.team("low")) } == ["root", "own", "leaf"])
        #expect(try holders { .readTeamMembers($0.team("wide")) } == ["root", "own", "wide"])
    }

    @Test func `a part of the change log is for whom it is about`() throws {
        #expect(try holders { .readChanges(of: $0.account("acme")) } == ["root", "own"])
        #expect(try holders { .readChanges(of: $0.account("ann")) } == ["root", "ann"])
    }

    @Test func `names are visible to whoever is logged in`() throws {
        #expect(
            try holders { _ in .readNames }
                == Set(Self.everybody).subtracting(["old", "acme+off", "nobody", "anonymous"]))
    }

    @Test func `every decision may be asked by system administrators and decision readers`() throws {
        #expect(try holders { _ in .askAnyDecision } == ["root", "reader", "acme+reader"])
    }

    @Test(arguments: [Actor.local("root"), .directory("corp"), .service])
    func `the file's commands, synchronisations and the service itself may do everything`(actor: Actor) throws {
        let tiny = try Tiny(Self.facts)
        for right in tiny.world.rights { #expect(tiny.graph.allows(actor, right, at: Tiny.now)) }
    }

    @Test func `an organisation is nobody who could act`() throws {
        let tiny = try Tiny(Self.facts)
        let held = tiny.world.rights.filter { tiny.graph.allows(.user(tiny.account("acme")), $0, at: Tiny.now) }
        #expect(held.isEmpty)
    }

    @Test func `rights by a grant end with it`() throws {
        let tiny = try Tiny(
            """
            user rep
            org acme
            member acme rep member
            team acme wide
            team-member acme wide rep member
            repository acme/web private
            grant acme/wide admin on acme until 2026-03-01T13:00:00Z
            """)
        let end = try #require(Timestamp("2026-03-01T13:00:00Z"))
        let rights: [ManagementRight] = [
            .manageNamespace(tiny.account("acme")), .manageRepository(try tiny.repository("acme/web")),
            .viewRepository(try tiny.repository("acme/web")),
        ]
        for right in rights {
            #expect(tiny.graph.allows(tiny.actor("rep"), right, at: end + .microseconds(-1)))
            #expect(!tiny.graph.allows(tiny.actor("rep"), right, at: end))
        }
    }

    @Test func `about others ask administrators, decision readers, and whoever is admin there`() throws {
        let tiny = try Tiny(Self.facts)
        let askers = { (path: String) in
            let path = try RepositoryPath(path)
            return Set(Self.everybody.filter { tiny.graph.mayAskWho(tiny.actor($0), on: path, at: Tiny.now) })
        }
        let readers: Set<String> = ["root", "reader", "acme+reader"]
        #expect(try askers("acme/web") == readers.union(["own", "wide", "rep", "acme+rep"]))
        #expect(try askers("acme/api") == readers.union(["own", "wide"]))
        #expect(try askers("acme/missing") == readers.union(["own", "wide"]))
        #expect(try askers("ann/app") == readers.union(["ann"]))
        #expect(try askers("nowhere/app") == readers)
    }

    @Test func `everybody may ask about themselves and about the anonymous`() throws {
        let tiny = try Tiny(Self.facts)
        let path = try RepositoryPath("other/app")
        for name in ["ann", "member", "acme+ci"] {
            let actor = tiny.actor(name)
            #expect(tiny.graph.mayAsk(actor, about: try Principal(name), on: path, at: Tiny.now))
            #expect(tiny.graph.mayAsk(actor, about: .anonymous, on: path, at: Tiny.now))
            #expect(!tiny.graph.mayAsk(actor, about: try Principal("own"), on: path, at: Tiny.now))
            #expect(tiny.graph.mayAskEverything(actor, about: try Principal(name), at: Tiny.now))
            #expect(!tiny.graph.mayAskEverything(actor, about: .anonymous, at: Tiny.now))
        }
    }
}
