import AccessControl
import AccessModel
import Foundation
import TestSupport
import Testing

/// What an owner exports of their organisation.
@Suite struct OrganizationExportTests {
    private static let olga = Credential.basic(login: "olga", secret: "correct horse")

    private static func run(_ body: (TestService) async throws -> Void) async throws {
        try await TestService.run(SeedLine.rightsWorld) { service async throws in
            try await service.setPassword(of: "olga", to: "correct horse")
            try await body(service)
        }
    }

    private static func imported(_ service: TestService, _ lines: Data, dryRun: Bool = false) async throws -> TestAnswer
    {
        try await service.send(
            "POST", "/v1/import?org=acme\(dryRun ? "&dry_run=true" : "")", bytes: lines, as: olga,
            headers: ["Content-Type": "application/x-ndjson"])
    }

    @Test func `its owner imports it again, and nothing changes`() async throws {
        try await Self.run { service async throws in
            let exported = try await service.get("/v1/export?org=acme", as: Self.olga)
            #expect(exported.status == 200)
            let lines = exported.text.split(separator: "\n")
            // Service accounts, one of them a decision reader, among them, and nobody else's.
            #expect(lines.contains { $0.contains(#""decision_reader":true"#) } && lines.count > 10)
            #expect(!lines.contains { $0.contains(#""kind":"user""#) || $0.contains(#""namespace":"vic""#) })
            let revision = service.service.transactions.published.current.revision
            #expect(exported["Portreeve-Revision"] == "\(revision)")
            let told = try await Self.imported(service, Data(exported.text.utf8), dryRun: true)
            #expect(told.json["changes"] == [], "\(told.text)")
            let done = try await Self.imported(service, Data(exported.text.utf8))
            #expect(done.json["changes"] == 0 && done.text.contains("\"lines\":\(lines.count)"), "\(done.text)")
        }
    }

    @Test func `what was deleted is brought back by what was exported before`() async throws {
        try await Self.run { service async throws in
            let exported = Data(try await service.get("/v1/export?org=acme", as: Self.olga).text.utf8)
            let before = try await service.decisions()
            #expect(try await service.delete("/v1/orgs/acme/teams/ops", as: Self.olga).status == 204)
            #expect(try await service.decisions() != before)
            #expect(try await Self.imported(service, exported).status == 200)
            #expect(try await service.decisions() == before)
        }
    }
}
