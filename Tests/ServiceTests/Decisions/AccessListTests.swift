import AccessModel
import Foundation
import ReferenceModel
import TestSupport
import Testing

/// Who may, for many repositories at once; and what a team gives.
struct AccessListTests {
    private static let world: [SeedLine] =
        [
            .user("root", admin: true), .user("olga"), .user("tom"), .user("vic"), .org("acme"), .org("other"),
            .member("acme", "olga", "owner"), .team("acme/ops"), .team("acme/sub", parent: "ops"),
            .teamMember("acme/sub", "tom"), .repository("acme/open", isPublic: true), .repository("other/web"),
            .grant("acme/ops", "acme/open", .readWrite),
        ] + (1...9).map { .repository("acme/r-\($0)") } + [.grant("acme/sub", "acme/r-3", .admin)]

    private func list(_ service: TestService, _ query: String, as caller: Credential = "root") async throws
        -> [String]
    {
        var found: [String] = []
        var next: String? = "/v1/access?\(query)"
        while let path = next {
            let answer = try await service.get(path, as: caller)
            #expect(answer.status == 200, "\(answer.text)")
            found += answer.items.map { item in
                [item["repository"]?.string, item["subject"]?["id"]?.string, item["level"]?.string]
                    .compactMap(\.self).joined(separator: " ")
            }
            next = answer.headers[.init("Link")!]?.split(separator: ">").first.map { String($0.dropFirst()) }
        }
        return found
    }

    @Test func `everybody is listed, repository by repository`() async throws {
        try await TestService.run(Self.world) { service async throws in
            #expect(
                try await list(service, "action=push&repository=acme/o*") == [
                    "acme/open olga admin", "acme/open root admin", "acme/open tom read-write",
                ])
            #expect(
                try await list(service, "action=pull&repository=acme/open").contains("acme/open anonymous read-only"))
            let all = try await list(service, "action=push&repository=acme/*")
            #expect(all.count == 2 * 10 + 2)
            for limit in [1, 2, 3, 5, 1_000] {
                #expect(try await list(service, "action=push&repository=acme/*&limit=\(limit)") == all)
            }
            // Nothing follows the last repository, however many its page was asked for.
            for limit in [1, 2, 3] {
                let page = try await service.get(
                    "/v1/access?action=push&repository=acme/open&limit=\(limit)", as: "root")
                #expect(page.items.count == 3 && page.next == nil)
            }
            #expect(try await list(service, "action=push", as: "olga") == all)
            #expect(try await list(service, "action=push&as_of=1") == [])
            expectProblem(try await service.get("/v1/access", as: "vic"), 403, code: "forbidden")
            expectProblem(try await service.get("/v1/access?cursor=x", as: "root"), 400, code: "invalid")
        }
    }

    /// `a-b/x` comes before `a/x`, and `a` before `a-b`.
    @Test func `the past is paged in the order of paths, as the present is`() async throws {
        let lines: [SeedLine] = [.user("root", admin: true), .org("a"), .org("a-b"), .org("a.c"), .org("b")]
        let paths = ["a", "a-b", "a.c", "b"].flatMap { ["\($0)/x", "\($0)/y"] }
        try await TestService.run(lines + paths.map { .repository($0) }) { service async throws in
            let now = try await list(service, "action=push")
            #expect(now == paths.sorted().map { "\($0) root admin" })
            let revision = service.service.transactions.published.current.revision
            try await service.load([.org("later")])
            for limit in [1, 2, 3, 100] {
                #expect(try await list(service, "action=push&limit=\(limit)") == now)
                #expect(try await list(service, "action=push&as_of=\(revision)&limit=\(limit)") == now)
            }
        }
    }

    @Test func `what a team gives is its own and that of those above it`() async throws {
        try await TestService.run(Self.world) { service async throws in
            for (team, action, expected) in [
                ("acme/ops", "push", ["acme/open"]), ("acme/sub", "push", ["acme/open", "acme/r-3"]),
                ("acme/sub", "manage-access", ["acme/r-3"]), ("acme/none", "push", []), ("none", "push", []),
            ] {
                let answer = try await service.post(
                    "/access/v1/search/resource",
                    [
                        "subject": ["type": "team", "id": .string(team)], "action": ["name": .string(action)],
                        "resource": ["type": "repository"],
                    ], as: "olga")
                #expect(answer.json["results"]?.elements.strings("id") == expected, "\(team) \(action)")
            }
        }
    }

    /// A team gives what a member of it has who has nothing else.
    @Test(arguments: UInt64(1)...30) func `a team's list is that of a member who is in it alone`(_ seed: UInt64) throws
    {
        var world = RandomWorld.make(seed: seed)
        let alone = Account(id: AccountID(rawValue: "alone"), kind: .user, name: try AccountName("all-alone"))
        world.accounts.append(alone)
        for team in world.teams {
            guard let organization = world.accounts.first(where: { $0.id == team.organization }) else { continue }
            var member = world
            member.organizationMembers.append(
                OrganizationMember(organization: team.organization, user: alone.id, role: .member))
            member.teamMembers.append(TeamMember(team: team.id, user: alone.id, role: .member))
            member.repositories = member.repositories.map { repository in
                var hidden = repository
                hidden.visibility = .private
                return hidden
            }
            let graph = try AccessGraph(facts: member.facts, revision: 1)
            for action in [Action.pull, .push, .manageAccess] {
                let given = graph.whatMay(team: team.name, of: organization.name, action, at: world.now)
                #expect(given == graph.whatMay(.user(alone.name), action, at: world.now))
            }
        }
    }
}
