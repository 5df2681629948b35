import Foundation
import TestSupport
import Testing

@Suite struct SearchTests {
    private static func search(
        _ service: TestService, _ what: String, subject: JSONValue = ["type": "user"], action: String? = "pull",
        resource: JSONValue = ["type": "repository", "id": "acme/web"], page: JSONValue? = nil,
        as caller: Credential = "root"
    ) async throws -> TestAnswer {
        var body: [String: JSONValue] = ["subject": subject, "resource": resource]
        if let action { body["action"] = ["name": .string(action)] }
        if let page { body["page"] = page }
        return try await service.post("/access/v1/search/\(what)", .object(body), as: caller)
    }

    private static func ids(_ answer: TestAnswer) -> [String] { answer.json["results"]?.elements.strings("id") ?? [] }

    @Test func `who may is told by the type of subject`() async throws {
        try await TestService.run(EvaluationTests.world) { service async throws in
            #expect(Self.ids(try await Self.search(service, "subject")) == ["olga", "root", "tom"])
            #expect(
                Self.ids(try await Self.search(service, "subject", action: "delete-repository")) == ["olga", "root"])
            #expect(
                Self.ids(try await Self.search(service, "subject", subject: ["type": "service-account"])) == ["acme+ci"]
            )
            #expect(Self.ids(try await Self.search(service, "subject", subject: ["type": "anonymous"])) == [])
            #expect(Self.ids(try await Self.search(service, "subject", subject: ["type": "robot"])) == [])
            let given = try await Self.search(service, "subject", subject: ["type": "user", "id": "tom"])
            #expect(Self.ids(given) == ["olga", "root", "tom"], "the id of what is searched is ignored")
        }
    }

    @Test func `what may is every repository, or for a manager those managed`() async throws {
        let lines = EvaluationTests.world + [.repository("paul/own"), .grant("tom", "paul/own", .readOnly)]
        try await TestService.run(lines) { service async throws in
            let tom: JSONValue = ["type": "user", "id": "tom"]
            let anything: JSONValue = ["type": "repository"]
            #expect(
                Self.ids(try await Self.search(service, "resource", subject: tom, resource: anything)) == [
                    "acme/open", "acme/web", "paul/own",
                ])
            #expect(
                Self.ids(try await Self.search(service, "resource", subject: tom, resource: anything, as: "tom")).count
                    == 3)
            #expect(
                Self.ids(try await Self.search(service, "resource", subject: tom, resource: anything, as: "paul")) == [
                    "paul/own"
                ])
            #expect(
                Self.ids(try await Self.search(service, "resource", subject: tom, resource: anything, as: "olga")) == [
                    "acme/open", "acme/web",
                ])
            #expect(
                Self.ids(try await Self.search(service, "resource", subject: tom, action: "push", resource: anything))
                    == ["acme/web"])
            #expect(
                Self.ids(try await Self.search(service, "resource", subject: tom, resource: ["type": "volume"])) == [])
            #expect(
                Self.ids(
                    try await Self.search(
                        service, "resource", subject: ["type": "user", "id": "nobody"], resource: anything)) == [])
        }
    }

    @Test func `which actions come in the order of the matrix`() async throws {
        try await TestService.run(EvaluationTests.world) { service async throws in
            func names(_ subject: String, as caller: Credential) async throws -> [String] {
                let answer = try await Self.search(
                    service, "action", subject: ["type": "user", "id": .string(subject)], action: nil, as: caller)
                return answer.json["results"]?.elements.strings("name") ?? []
            }
            #expect(try await names("tom", as: "tom") == ["view", "pull", "push", "scan", "sign", "delete-tag"])
            #expect(try await names("paul", as: "paul") == [])
            #expect(try await names("olga", as: "root").count == 10)
        }
    }

    @Test(arguments: [1, 2, 3, 7, 250, 1_000])
    func `pages hold everything once`(_ limit: Int64) async throws {
        let people = (100...349).map { "u-\($0)" }
        let lines = people.map { SeedLine.user($0) } + people.map { .grant($0, "acme/web", .readOnly) }
        try await TestService.run(EvaluationTests.world + lines) { service async throws in
            var (found, token, pages) = ([String](), "", 0)
            repeat {
                let answer = try await Self.search(
                    service, "subject", page: ["token": .string(token), "limit": .integer(limit)])
                try #require(answer.status == 200)
                found += Self.ids(answer)
                #expect(answer.json["page"]?["count"]?.integer == Int64(Self.ids(answer).count))
                #expect(answer.json["page"]?["total"] == 253)
                token = try #require(answer.json["page"]?["next_token"]?.string)
                pages += 1
            } while !token.isEmpty
            #expect(found.count == 253)
            #expect(found == Set(found).sorted())
            #expect(pages == (252 + Int(limit)) / Int(limit))
        }
    }

    @Test(
        arguments: [["limit": -1], ["token": "x"], ["token": "p-1"], ["limit": "ten"]] as [JSONValue])
    func `a page that cannot be is 400`(_ page: JSONValue) async throws {
        try await TestService.run(EvaluationTests.world) { service async throws in
            expectProblem(try await Self.search(service, "subject", page: page), 400, code: "invalid")
        }
    }

    @Test func `what is given must have an id`() async throws {
        try await TestService.run(EvaluationTests.world) { service async throws in
            expectProblem(
                try await Self.search(service, "subject", resource: ["type": "repository"]), 400, code: "invalid")
            expectProblem(
                try await Self.search(service, "resource", resource: ["type": "repository"]), 400, code: "invalid")
            expectProblem(try await Self.search(service, "action", action: nil), 400, code: "invalid")
            expectProblem(try await Self.search(service, "subject", action: nil), 400, code: "invalid")
        }
    }

    @Test func `who may is refused alike for what is hidden and what is missing`() async throws {
        try await TestService.run(EvaluationTests.world) { service async throws in
            let hidden = try await Self.search(
                service, "subject", resource: ["type": "repository", "id": "acme/hid"], as: "paul")
            let missing = try await Self.search(
                service, "subject", resource: ["type": "repository", "id": "acme/xyz"], as: "paul")
            expectProblem(hidden, 403, code: "forbidden")
            #expect(hidden.text == missing.text.replacingOccurrences(of: "xyz", with: "hid"))
        }
    }
}
