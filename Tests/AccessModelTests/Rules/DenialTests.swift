import AccessModel
import Testing

@Suite struct DenialTests {
    private static let facts = """
        user ann
        user out
        org acme
        service-account acme+ci
        repository acme/secret private
        repository acme/web private
        grant ann read-only on acme/web

        """

    @Test(arguments: Action.allCases, ["anonymous", "out", "acme+ci", "ann"])
    func `a denial is the same for a hidden repository and for one that does not exist`(
        action: Action, principal: String
    ) throws {
        let tiny = try Tiny(Self.facts)
        let hidden = try tiny.explain(principal, action, "acme/secret")
        #expect(hidden == (try tiny.explain(principal, action, "acme/missing")))
        #expect(hidden == (try tiny.explain(principal, action, "nowhere/missing")))
        #expect(hidden == (try tiny.check(principal, action, "acme/secret")))
        #expect(hidden.denial == .nothingThere)
        #expect(hidden.level == nil && hidden.reasons.isEmpty && hidden.validUntil == nil)
    }

    @Test(arguments: Action.allCases, ["anonymous", "out", "ann"])
    func `a denial is the same for both where a push makes repositories`(action: Action, principal: String) throws {
        let tiny = try Tiny(Self.facts.replacing("org acme", with: "org acme create-on-push"))
        let hidden = try tiny.explain(principal, action, "acme/secret")
        #expect(hidden == (try tiny.explain(principal, action, "acme/missing")))
    }

    @Test func `whoever may view it is told the level they have and the level it takes`() throws {
        let decision = try Tiny(Self.facts).check("ann", .push, "acme/web")
        #expect(decision.denial == .insufficientLevel(has: .readOnly, needs: .readWrite))
        #expect(decision.denial?.description.contains("read-write") == true)
    }

    @Test func `an allowed decision has no denial`() throws {
        #expect(try Tiny(Self.facts).check("ann", .pull, "acme/web").denial == nil)
    }
}
