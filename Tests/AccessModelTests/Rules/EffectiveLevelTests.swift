import AccessModel
import Testing

/// The rules of the effective level, one after the other.
@Suite struct EffectiveLevelTests {
    @Test func `1. a system administrator has admin everywhere`() throws {
        let tiny = try Tiny(
            "user root admin\nuser ann\norg acme\nrepository acme/web private\nrepository ann/web private")
        #expect(try tiny.level("root", "acme/web") == .admin)
        #expect(try tiny.level("root", "ann/web") == .admin)
        #expect(try tiny.level("ann", "acme/web") == nil)
    }

    @Test func `2. the user whose name the namespace is has admin there`() throws {
        let tiny = try Tiny("user ann\nuser bob\nrepository ann/web private\nrepository bob/web private")
        #expect(try tiny.level("ann", "ann/web") == .admin)
        #expect(try tiny.level("ann", "bob/web") == nil)
    }

    @Test func `3. an owner of the organisation has admin there, a member nothing`() throws {
        let tiny = try Tiny(
            """
            user ann
            user bob
            org acme
            org other
            member acme ann owner
            member acme bob member
            member other bob owner
            repository acme/web private
            """)
        #expect(try tiny.level("ann", "acme/web") == .admin)
        #expect(try tiny.level("bob", "acme/web") == nil)
    }

    private static let teams = """
        user top
        user mid
        user low
        user out
        org acme
        member acme top member
        member acme mid member
        member acme low member
        member acme out member
        team acme dev
        team acme web below dev
        team acme css below web
        team acme ops
        team-member acme dev top member
        team-member acme web mid maintainer
        team-member acme css low member
        team-member acme ops out maintainer
        repository acme/web private
        repository acme/api private

        """

    @Test func `4. a team's grant on a repository reaches its members and those of the teams below it`() throws {
        let tiny = try Tiny(Self.teams + "grant acme/web read-write on acme/web")
        #expect(try tiny.level("top", "acme/web") == nil)
        #expect(try tiny.level("mid", "acme/web") == .readWrite)
        #expect(try tiny.level("low", "acme/web") == .readWrite)
        #expect(try tiny.level("out", "acme/web") == nil)
        #expect(try tiny.level("mid", "acme/api") == nil)
    }

    @Test func `4. a team's grant on the namespace reaches every repository in it`() throws {
        let tiny = try Tiny(Self.teams + "user ann\nrepository ann/web private\ngrant acme/dev read-only on acme")
        for name in ["top", "mid", "low"] {
            #expect(try tiny.level(name, "acme/web") == .readOnly)
            #expect(try tiny.level(name, "acme/api") == .readOnly)
            #expect(try tiny.level(name, "ann/web") == nil)
        }
        #expect(try tiny.level("out", "acme/web") == nil)
    }

    @Test func `4. a team of one organisation gives nothing in another of the same names`() throws {
        let tiny = try Tiny(
            """
            user ann
            org acme
            org other
            member acme ann member
            team acme dev
            team other dev
            team-member acme dev ann member
            repository other/web private
            repository acme/web private
            grant other/dev admin on other/web
            grant other/dev admin on other
            grant acme/dev read-only on acme
            """)
        #expect(try tiny.level("ann", "other/web") == nil)
        #expect(try tiny.level("ann", "acme/web") == .readOnly)
    }

    @Test func `5. a direct grant gives a user one repository`() throws {
        let tiny = try Tiny(
            "user ann\nuser bob\nrepository bob/web private\nrepository bob/api private\ngrant ann read-write on bob/web"
        )
        #expect(try tiny.level("ann", "bob/web") == .readWrite)
        #expect(try tiny.level("ann", "bob/api") == nil)
    }

    @Test
    func `5. a service account has its grants on a repository and on its owner's namespace, and nothing of its owner`()
        throws
    {
        let tiny = try Tiny(
            """
            user ann admin
            org acme
            service-account acme+all
            service-account acme+one
            service-account ann+ci
            repository acme/web private
            repository acme/api private
            repository ann/web private
            grant acme+all read-write on acme
            grant acme+one read-only on acme/web
            """)
        #expect(try tiny.level("acme+all", "acme/web") == .readWrite)
        #expect(try tiny.level("acme+all", "acme/api") == .readWrite)
        #expect(try tiny.level("acme+all", "ann/web") == nil)
        #expect(try tiny.level("acme+one", "acme/web") == .readOnly)
        #expect(try tiny.level("acme+one", "acme/api") == nil)
        #expect(try tiny.level("ann+ci", "ann/web") == nil)
    }

    @Test(arguments: ["anonymous", "ann", "acme+ci"])
    func `6. a public repository gives everybody read-only`(principal: String) throws {
        let tiny = try Tiny(
            "user ann\norg acme\nservice-account acme+ci\nrepository acme/web public\nrepository acme/api private")
        #expect(try tiny.level(principal, "acme/web") == .readOnly)
        #expect(try tiny.level(principal, "acme/api") == nil)
    }

    @Test func `levels add up and the highest wins, whatever the order`() throws {
        let facts = """
            user ann
            org acme
            member acme ann member
            team acme dev
            team acme ops
            team-member acme dev ann member
            team-member acme ops ann member
            repository acme/web public

            """
        let grants = [
            "grant acme/dev read-only on acme/web", "grant acme/ops admin on acme", "grant ann read-write on acme/web",
        ]
        for order in [grants, grants.reversed(), [grants[1], grants[0], grants[2]]] {
            #expect(try Tiny(facts + order.joined(separator: "\n")).level("ann", "acme/web") == .admin)
        }
        #expect(try Tiny(facts + grants[2]).level("ann", "acme/web") == .readWrite)
    }

    @Test(arguments: ["old", "nobody", "acme", "old+ci", "acme+off", "acme+nobody", "nobody+ci"])
    func `the inactive and the unknown have nothing, not even public repositories`(principal: String) throws {
        let tiny = try Tiny(
            """
            user old inactive admin
            org acme create-on-push
            member acme old owner
            service-account old+ci
            service-account acme+off inactive
            repository acme/web public
            repository old/web public
            grant old admin on acme/web
            grant old+ci admin on old
            grant acme+off admin on acme
            """)
        for path in ["acme/web", "old/web", "acme/missing"] {
            for action in Action.allCases {
                let decision = try tiny.check(principal, action, path)
                #expect(!decision.isAllowed && decision.level == nil && decision.denial == .inactivePrincipal)
            }
        }
        #expect(tiny.graph.whatMay(try Principal(principal), .view, at: Tiny.now).isEmpty)
    }

    @Test func `an inactive owner's repositories keep their grants and visibility`() throws {
        let tiny = try Tiny(
            """
            user old inactive
            user ann
            user root admin
            repository old/web private
            repository old/open public
            grant ann read-write on old/web
            """)
        #expect(try tiny.level("ann", "old/web") == .readWrite)
        #expect(try tiny.level("anonymous", "old/open") == .readOnly)
        #expect(try tiny.level("root", "old/web") == .admin)
    }
}
