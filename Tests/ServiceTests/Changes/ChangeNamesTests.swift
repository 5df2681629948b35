import AccessControl
import AccessModel
import TestSupport
import Testing

/// Entries of the change log, read by the names of their time.
@Suite(.timeLimit(.minutes(5)))
struct ChangeNamesTests {
    private static let world: [SeedLine] = [
        .user("root", admin: true), .user("olga"), .user("rita"), .org("acme"), .member("acme", "olga", "owner"),
        .team("acme/ops"), .teamMember("acme/ops", "rita"), .repository("acme/web"), .repository("rita/secret"),
        .grant("acme/ops", "acme/web", .readWrite),
    ]

    @Test func `names are those of the time of an entry`() async throws {
        try await TestService.run(Self.world) { service async throws in
            #expect(try await service.patch("/v1/orgs/acme/teams/ops", ["name": "operators"], as: "root").status == 200)
            #expect(try await service.delete("/v1/orgs/acme/members/rita", as: "root").status == 204)
            #expect(
                try await service.delete("/v1/users/rita?delete_repositories=true", as: "root").status == 204)
            let entries = try await changes(service, "/v1/changes?limit=1000", as: "root")
            let joined = try #require(entries.first { $0.kind == "team-member" && $0.isNew })
            #expect(joined.names == ["acme/ops", "rita"])
            let left = try #require(entries.last { $0.kind == "team-member" && $0.isGone })
            #expect(left.names == ["acme/operators", "rita", "root"])
            let granted = try #require(entries.first { $0.kind == "grant" })
            #expect(granted.names == ["acme/ops", "acme/web"])
        }
    }

    @Test func `a repository that the reader may not see stays without its name`() async throws {
        try await TestService.run(Self.world + [.grant("olga", "rita/secret", .readOnly)]) { service async throws in
            let seen = try await changes(service, "/v1/changes?subject=olga&kind=grant", as: "olga")
            #expect(seen.map(\.names) == [["olga", "rita/secret"]])
            let grant = "/v1/repositories/rita/secret/grants/users/olga"
            #expect(try await service.delete(grant, as: "root").status == 204)
            let hidden = try await changes(service, "/v1/changes?subject=olga&kind=grant", as: "olga")
            #expect(hidden.map(\.names) == [["olga"], ["olga", "root"]])
        }
    }

    @Test func `a service account that the reader may not know is as good as none`() async throws {
        let robot: [SeedLine] = [.serviceAccount("acme+ci"), .repository("acme/hidden")]
        try await TestService.run(Self.world + robot) { service async throws in
            let revision = service.service.transactions.published.current.revision
            let graph = service.service.transactions.published.current
            let id = try #require(graph.identity(ofServiceAccount: Principal("acme+ci")))
            let grant = PutGrant(
                subject: .user(try AccountName("rita")), target: .repository(try RepositoryPath("acme/hidden")),
                level: .readOnly, expiresAt: nil)
            try await service.load([.grant("acme+ci", "acme", .admin)])
            _ = try await service.service.transactions.perform(
                grant, as: Caller(actor: .serviceAccount(id), proof: .token(TokenID(rawValue: "t"))))
            let path = "/v1/changes?subject=rita&kind=grant&after=\(revision)"
            #expect(try await changes(service, path, as: "rita").map(\.names) == [["rita", "acme/hidden"]])
            #expect(try await changes(service, path, as: "root").map(\.names) == [["rita", "acme/hidden", "acme+ci"]])
            for name in ["ci", "nothing"] {
                let asked = "/v1/changes?subject=rita&actor=acme%2B\(name)"
                #expect(try await service.get(asked, as: "rita").status == 404)
            }
            #expect(try await changes(service, "/v1/changes?subject=rita&actor=acme%2Bci", as: "root").count == 1)
        }
    }

    /// Before anything is indexed, and after.
    @Test func `names are the same whether the log is indexed or not`() async throws {
        try await TestService.run(Self.world) { service async throws in
            #expect(try await service.patch("/v1/orgs/acme/teams/ops", ["name": "operators"], as: "root").status == 200)
            #expect(try await service.delete("/v1/orgs/acme/members/rita", as: "root").status == 204)
            let before = try await changes(service, "/v1/changes?limit=1000", as: "root").map(\.names)
            _ = try await service.service.transactions.fillChangeKeys(after: nil)
            let after = try await changes(service, "/v1/changes?limit=1000", as: "root").map(\.names)
            #expect(before == after)
            #expect(before.contains(["acme/ops", "rita"]) && before.contains { $0.contains("acme/operators") })
        }
    }

    @Test(
        arguments: [
            ("order=newest&limit=1", 1), ("kind=team", 1), ("actor=root", 0), ("actor=service&kind=team", 1),
            ("since=2020-01-01T00:00:00Z&kind=team", 1), ("until=2020-01-01T00:00:00Z", 0), ("since=0&kind=team", 1),
            ("until=0", 0), ("before=1", 0),
        ])
    func `entries are selected`(query: String, count: Int) async throws {
        try await TestService.run(Self.world) { service async throws in
            #expect(try await changes(service, "/v1/changes?\(query)", as: "root").count == count)
        }
    }

    @Test(
        arguments: [
            ("kind=teams", 400), ("order=latest", 400), ("since=yesterday", 400), ("actor=nobody-here", 404),
            ("actor=acme%2Bci", 404), ("actor=robot:ci", 400), ("before=-1", 400), ("until=9223372036854775807", 400),
            ("since=9223372036854775807", 400), ("after=9223372036854775807", 400), ("before=9223372036854775807", 400),
        ])
    func `what selects nothing that there is, is refused`(query: String, status: Int) async throws {
        try await TestService.run(Self.world) { service async throws in
            #expect(try await service.get("/v1/changes?\(query)", as: "root").status == status)
        }
    }

    private struct Entry {
        let kind: String
        let isNew: Bool
        let isGone: Bool
        let names: Set<String>
    }

    private func changes(
        _ service: TestService, _ path: String, as user: Credential
    ) async throws -> [Entry] {
        let answer = try await service.get(path, as: user)
        #expect(answer.status == 200, "\(answer.text)")
        return answer.items.map { item in
            guard case .object(let names)? = item["names"] else {
                return Entry(kind: "", isNew: false, isGone: false, names: [])
            }
            return Entry(
                kind: item["kind"]?.string ?? "", isNew: item["before"] == .null, isGone: item["after"] == .null,
                names: Set(names.values.compactMap(\.string)))
        }
    }
}
