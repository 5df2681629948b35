import AccessModel
import Testing

@Suite struct ExplainTests {
    private static func reasons(_ facts: String, of principal: String, on path: String = "acme/web") throws -> [Reason]
    {
        try Tiny(facts).explain(principal, .view, path).reasons
    }

    private let acme = AccountName(trusted: "acme")

    @Test func `a system administrator who owns everything is told each reason`() throws {
        let reasons = try Self.reasons(
            "user ann admin\norg acme\nmember acme ann owner\nrepository acme/web public", of: "ann")
        #expect(Set(reasons.map(\.source)) == [.systemAdministrator, .organizationOwner(acme), .publicRepository])
        #expect(reasons.map(\.level) == [.admin, .admin, .readOnly])
    }

    @Test func `the owner of a namespace is told so`() throws {
        let reasons = try Self.reasons("user ann\nrepository ann/web private", of: "ann", on: "ann/web")
        #expect(reasons == [Reason(source: .namespaceOwner, level: .admin)])
    }

    @Test func `the path goes from the member's team through its parents to the team with the grant`() throws {
        let reasons = try Self.reasons(
            """
            user ann
            org acme
            member acme ann member
            team acme all
            team acme dev below all
            team acme web below dev
            team-member acme web ann member
            repository acme/web private
            grant acme/all read-only on acme
            grant acme/web admin on acme/web until 2026-03-01T13:00:00Z
            """, of: "ann")
        let path = { (names: [String]) in names.map { TeamName(trusted: $0) } }
        let repository = try RepositoryPath("acme/web")
        let end = Timestamp("2026-03-01T13:00:00Z")
        #expect(
            reasons == [
                Reason(
                    source: .team(organization: acme, path: path(["web"]), target: .repository(repository)),
                    level: .admin, expiresAt: end),
                Reason(
                    source: .team(organization: acme, path: path(["web", "dev", "all"]), target: .namespace(acme)),
                    level: .readOnly),
            ])
        #expect(
            reasons.map(\.description) == [
                "is a member of acme/web, which has admin on acme/web, until 2026-03-01T13:00:00Z",
                "is a member of acme/web, a team below acme/dev, a team below acme/all, which has read-only on all of acme",
            ])
    }

    @Test func `a team that is reached twice is named with both paths`() throws {
        let reasons = try Self.reasons(
            """
            user ann
            org acme
            member acme ann member
            team acme all
            team acme dev below all
            team-member acme all ann member
            team-member acme dev ann member
            repository acme/web private
            grant acme/all read-only on acme/web
            """, of: "ann")
        let paths = reasons.compactMap { reason -> [String]? in
            guard case .team(_, let path, _) = reason.source else { return nil }
            return path.map(\.rawValue)
        }
        #expect(Set(paths) == [["all"], ["dev", "all"]])
    }

    @Test func `a direct grant is told with its target and end`() throws {
        let facts = """
            user ann
            org acme
            service-account acme+ci
            repository acme/web private
            grant ann read-write on acme/web
            grant acme+ci read-only on acme until 2026-03-01T13:00:00Z
            """
        let repository = try RepositoryPath("acme/web")
        #expect(
            try Self.reasons(facts, of: "ann") == [Reason(source: .direct(.repository(repository)), level: .readWrite)])
        let end = Timestamp("2026-03-01T13:00:00Z")
        #expect(
            try Self.reasons(facts, of: "acme+ci")
                == [Reason(source: .direct(.namespace(acme)), level: .readOnly, expiresAt: end)])
    }

    @Test func `a grant that has ended is no reason`() throws {
        let facts =
            "user ann\norg acme\nrepository acme/web public\ngrant ann admin on acme/web until 2026-03-01T12:00:00Z"
        #expect(try Self.reasons(facts, of: "ann").map(\.source) == [.publicRepository])
    }

    @Test func `a check gives the same answer without reasons`() throws {
        let tiny = try Tiny("user ann\nrepository ann/web private")
        #expect(try tiny.check("ann", .push, "ann/web").reasons.isEmpty)
        #expect(try tiny.check("ann", .push, "ann/web").isAllowed)
    }

    @Test(
        arguments: [
            (Reason.Source.systemAdministrator, "system-administrator"), (.namespaceOwner, "namespace-owner"),
            (.organizationOwner(AccountName(trusted: "a")), "organization-owner"),
            (
                .team(organization: AccountName(trusted: "a"), path: [], target: .namespace(AccountName(trusted: "a"))),
                "team-grant"
            ),
            (.direct(.namespace(AccountName(trusted: "a"))), "direct-grant"), (.publicRepository, "public-repository"),
            (.createOnPush(AccountName(trusted: "a")), "create-on-push"),
        ])
    func `each reason has a word for machines and a sentence for people`(source: Reason.Source, kind: String) {
        let reason = Reason(source: source, level: .readOnly)
        #expect(reason.kind.rawValue == kind)
        #expect(!reason.description.isEmpty)
    }
}
