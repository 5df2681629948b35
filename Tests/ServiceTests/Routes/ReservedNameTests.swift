import AccessControl
import AccessModel
import TestSupport
import Testing

/// Words that paths have beside names.
struct ReservedNameTests {
    @Test func `no name can be what a path has beside it`() async throws {
        try await TestService.run { service async throws in
            let routes = Set(service.routes.routes.map(\.segments))
            var words: Set<String> = []
            for segments in routes {
                for place in segments.indices where !segments[place].hasPrefix("{") && segments[place] != "**" {
                    let hasName = routes.contains { other in
                        other.count > place && other[..<place] == segments[..<place] && other[place].hasPrefix("{")
                    }
                    if hasName, (try? AccountName(segments[place])) != nil { words.insert(segments[place]) }
                }
            }
            #expect(words == AccountName.wordsOfPaths)
        }
    }

    @Test func `nobody is called so, by whatever way`() async throws {
        try await TestService.run([.user("root", admin: true), .org("acme")]) { service async throws in
            expectProblem(try await service.post("/v1/users", ["name": "me"], as: "root"), 400, code: "invalid")
            expectProblem(try await service.post("/v1/orgs", ["name": "me"], as: "root"), 400, code: "invalid")
            await #expect(throws: (any Error).self) { try await service.load([.user("me")]) }
        }
    }

    @Test func `a directory's person of that name is left out, and one who has it already stays`() async throws {
        try await DirectoryWorld.run { world in
            try world.addPeople(["me", "ann"])
            let run = try await world.sync()
            #expect(run["state"] == "applied")
            let users = try await world.service.get("/v1/users", as: "root").items.map { $0["name"]?.string }
            #expect(users.contains("ann") && !users.contains("me"))
        }
    }

    @Test func `an account that has the name from before is reached by its identity`() async throws {
        try await TestService.run([.user("root", admin: true)]) { service async throws in
            let account = Account(id: AccountID(rawValue: "6c5fwrq91an2ec2"), kind: .user, name: try AccountName("me"))
            try await service.service.transactions.store.write(as: .service) { (writer) throws(AccessError) in
                _ = try writer.record(.insert(.account(account)), reason: nil, secret: nil)
            }
            try await service.service.transactions.catchUp()
            let path = "/v1/users/id:6c5fwrq91an2ec2"
            #expect(try await service.get(path, as: "root").json["name"] == "me")
            #expect(try await service.patch(path, ["full_name": "Me"], as: "root").status == 200)
            #expect(try await service.delete(path, as: "root").status == 204)
        }
    }
}
