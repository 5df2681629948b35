import Foundation
import TestSupport
import Testing

/// An import that is limited to one organisation, for its owners.
struct OwnerImportTests {
    private static let world: [SeedLine] = [
        .user("root", admin: true), .user("olga"), .user("tom"), .org("acme"), .org("other"),
        .member("acme", "olga", "owner"), .member("acme", "tom"), .team("other/ops"),
    ]

    private func put(
        _ lines: [SeedLine], as user: String, _ query: String = "?org=acme", at service: TestService
    ) async throws -> TestAnswer {
        try await service.send(
            "POST", "/v1/import\(query)", bytes: Data(try lines.text.utf8), as: .user(user),
            headers: ["Content-Type": "application/x-ndjson"])
    }

    @Test func `an owner imports what is their organisation's`() async throws {
        try await TestService.run(Self.world) { service async throws in
            let lines: [SeedLine] = [
                .team("acme/ops"), .teamMember("acme/ops", "tom"), .repository("acme/web"), .serviceAccount("acme+ci"),
                .grant("acme/ops", "acme/web", .readWrite), .grant("acme+ci", "acme", .readOnly),
            ]
            let rehearsed = try await put(lines, as: "olga", "?org=acme&dry_run=true", at: service)
            #expect(rehearsed.status == 200 && rehearsed.json["changes"]?.elements.isEmpty == false)
            #expect(try await service.get("/v1/repositories/acme/web", as: "root").status == 404)
            let done = try await put(lines, as: "olga", at: service)
            #expect(done.status == 200 && done.json["lines"] == 6, "\(done.text)")
            #expect(try await service.level(of: "tom", on: "acme/web") == "read-write")
            #expect(try await put(lines, as: "tom", at: service).status == 403)
            #expect(try await put(lines, as: "olga", "?org=other", at: service).status == 403)
            #expect(try await put(lines, as: "olga", "", at: service).status == 403)
            #expect(try await put(lines, as: "olga", "?org=nothing", at: service).status == 404)
            #expect(try await put(lines, as: "root", at: service).status == 200)
        }
    }

    @Test(
        arguments: [
            .user("new"), .user("tom", admin: true), .org("new"), .team("other/dev"), .member("other", "olga", "owner"),
            .repository("other/web"), .repository("olga/web"), .serviceAccount("olga+bot"),
            .grant("other/ops", "acme/web", .admin), .grant("tom", "other/web", .admin),
            .serviceAccount("acme+reader", reader: true),
        ] as [SeedLine])
    func `a line about anything else ends it with its number, and nothing is kept`(line: SeedLine) async throws {
        try await TestService.run(Self.world + [.repository("other/here")]) { service async throws in
            let before = try await service.get("/v1/export", as: "root").text
            let answer = try await put([.repository("acme/web"), line], as: "olga", at: service)
            expectProblem(answer, 422, code: "invalid-line")
            #expect(answer.json["line"] == 2, "\(answer.text)")
            #expect(try await service.get("/v1/export", as: "root").text == before)
        }
    }
}
