import AccessModel
import Testing

@Suite struct CreateOnPushTests {
    private static let facts = """
        user root admin
        user own
        user member
        user writer
        user reader
        user one
        org acme create-on-push
        org strict
        member acme own owner
        member acme member member
        member acme writer member
        member acme reader member
        member strict own owner
        team acme write
        team acme deep below write
        team acme read
        team-member acme deep writer member
        team-member acme read reader member
        service-account acme+wide
        service-account acme+one
        repository acme/web private
        grant acme/write read-write on acme
        grant acme/read read-only on acme
        grant one admin on acme/web
        grant acme+wide read-write on acme
        grant acme+one admin on acme/web

        """

    @Test(arguments: ["root", "own", "writer", "acme+wide"])
    func `whoever may push to the whole namespace may push to a repository that does not exist`(principal: String)
        throws
    {
        let tiny = try Tiny(Self.facts)
        for action in [Action.push, .pull] {
            let decision = try tiny.explain(principal, action, "acme/new/app")
            #expect(decision.isAllowed)
            #expect(decision.reasons.map(\.source) == [.createOnPush(AccountName(trusted: "acme"))])
            #expect(decision.reasons.map(\.kind) == [.createOnPush])
        }
        for action in Action.allCases where action != .push && action != .pull {
            #expect(try tiny.check(principal, action, "acme/new/app").denial == .nothingThere)
        }
    }

    @Test(arguments: ["anonymous", "member", "reader", "one", "acme+one"])
    func `whoever may push to single repositories only may not`(principal: String) throws {
        for action in Action.allCases {
            #expect(try Tiny(Self.facts).check(principal, action, "acme/new").denial == .nothingThere)
        }
    }

    @Test func `without create-on-push nobody may, and where there is no namespace either`() throws {
        let tiny = try Tiny(Self.facts)
        for path in ["strict/new", "nowhere/new"] {
            #expect(try tiny.check("root", .push, path).denial == .nothingThere)
            #expect(try tiny.check("own", .push, path).denial == .nothingThere)
            #expect(tiny.graph.whoMay(.push, try RepositoryPath(path), at: Tiny.now).isEmpty)
        }
    }

    @Test func `a user's own namespace follows its own setting`() throws {
        let tiny = try Tiny("user ann create-on-push\nuser bob")
        #expect(try tiny.check("ann", .push, "ann/new").isAllowed)
        #expect(try !tiny.check("bob", .push, "ann/new").isAllowed)
        #expect(try !tiny.check("bob", .push, "bob/new").isAllowed)
    }

    @Test func `the permission to push ends with the grant on the namespace`() throws {
        let tiny = try Tiny(
            "org acme create-on-push\nservice-account acme+ci\ngrant acme+ci read-write on acme until 2026-03-01T13:00:00Z"
        )
        let decision = try tiny.check("acme+ci", .push, "acme/new")
        #expect(decision.validUntil?.description == "2026-03-01T13:00:00Z")
        let end = try #require(decision.validUntil)
        #expect(try !tiny.check("acme+ci", .push, "acme/new", at: end).isAllowed)
    }

    @Test func `a registry token for it holds push and pull, and no more`() throws {
        let scopes = RegistryScope.parse(["repository:acme/new:*"])
        let grant = try Tiny(Self.facts).graph.registryGrant(for: try Principal("writer"), scopes: scopes, at: Tiny.now)
        #expect(grant.access.map(\.actions) == [["pull", "push"]])
    }
}
