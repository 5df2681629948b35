import AccessModel
import Testing

@Suite struct ExpiryTests {
    private static let facts = """
        user ann
        org acme
        member acme ann member
        team acme dev
        team-member acme dev ann member
        service-account acme+ci
        repository acme/web private

        """

    @Test(
        arguments: [
            ("ann", "grant ann read-write on acme/web until 2026-03-01T12:00:00Z"),
            ("ann", "grant acme/dev read-write on acme/web until 2026-03-01T12:00:00Z"),
            ("ann", "grant acme/dev read-write on acme until 2026-03-01T12:00:00Z"),
            ("acme+ci", "grant acme+ci read-write on acme/web until 2026-03-01T12:00:00Z"),
            ("acme+ci", "grant acme+ci read-write on acme until 2026-03-01T12:00:00Z"),
        ])
    func `a grant counts for nothing from its end on`(principal: String, grant: String) throws {
        let tiny = try Tiny(Self.facts + grant)
        let before = Tiny.now + .microseconds(-1)
        #expect(try tiny.level(principal, "acme/web", at: before) == .readWrite)
        #expect(try tiny.check(principal, .push, "acme/web", at: before).validUntil == Tiny.now)
        #expect(try tiny.level(principal, "acme/web", at: Tiny.now) == nil)
        #expect(try tiny.level(principal, "acme/web", at: Tiny.now + .microseconds(1)) == nil)

        let who = try Principal(principal)
        let path = try RepositoryPath("acme/web")
        #expect(tiny.graph.whoMay(.push, path, at: before).map(\.principal) == [who])
        #expect(tiny.graph.whoMay(.push, path, at: Tiny.now).isEmpty)
        #expect(tiny.graph.whatMay(who, .push, at: before).map(\.repository) == [path])
        #expect(tiny.graph.whatMay(who, .push, at: Tiny.now).isEmpty)
    }

    @Test func `a decision lasts as long as the last of the grants that allow it`() throws {
        let tiny = try Tiny(
            Self.facts + """
                grant ann read-write on acme/web until 2026-03-01T13:00:00Z
                grant acme/dev read-only on acme/web until 2026-03-01T15:00:00Z
                grant acme/dev read-write on acme until 2026-03-01T14:00:00Z
                """)
        #expect(try tiny.check("ann", .push, "acme/web").validUntil?.description == "2026-03-01T14:00:00Z")
        #expect(try tiny.check("ann", .pull, "acme/web").validUntil?.description == "2026-03-01T15:00:00Z")
        #expect(try tiny.check("ann", .manageAccess, "acme/web").validUntil == nil)
    }

    @Test func `a decision that also rests on something without end has none`() throws {
        let tiny = try Tiny(
            Self.facts + "grant ann read-write on acme/web until 2026-03-01T13:00:00Z\ngrant acme/dev admin on acme")
        #expect(try tiny.check("ann", .push, "acme/web").validUntil == nil)
    }

    @Test func `a decision carries the time and the revision that it was made at`() throws {
        let later = Tiny.now + .seconds(5)
        let decision = try Tiny(Self.facts).check("ann", .push, "acme/web", at: later)
        #expect(decision.time == later)
        #expect(decision.revision == 1)
    }
}
