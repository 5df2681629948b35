import AccessModel
import Foundation
import ReferenceModel
import TestSupport
import Testing

@Suite struct DryRunTests {
    private static let examples = ExampleRequest.all.filter { $0.operation?.isDryRun ?? false }

    /// What is answered in another form, and compared with what happens where a registry is.
    private static let others: Set<String> = ["POST /v1/registry/reconciliation", "POST /v1/import"]

    @Test func `every operation that can be tried out has an example`() {
        let operations = APIDocument.shared.operations.filter { $0.isDryRun && !Self.others.contains($0.name) }
        let examples = Set(Self.examples.compactMap { $0.operation?.name })
        for operation in operations {
            #expect(examples.contains(operation.name), "add a request to ExampleRequest for \(operation.name)")
        }
        #expect(examples.count == operations.count)
    }

    @Test(arguments: examples)
    func `what a dry run tells is what then happens`(_ example: ExampleRequest) async throws {
        try await ExampleRequest.run { service async throws in
            let (path, body) = try await example.filled(service)
            try await expectTold(service, path) { query in
                try await service.send(example.method, path + query, body, as: ExampleRequest.credential)
            }
        }
    }

    @Test func `what a dry run of an import tells is what then happens`() async throws {
        try await ExampleRequest.run { service async throws in
            let lines: [SeedLine] = [
                .user("new"), .user("vic", active: false), .team("acme/new"), .member("acme", "new"),
                .teamMember("acme/new", "new"), .repository("acme/new", isPublic: true),
                .grant("acme/new", "acme/web", .admin),
            ]
            let bytes = Data(try lines.text.utf8)
            try await expectTold(service, "/v1/import") { query in
                try await service.send(
                    "POST", "/v1/import" + query, bytes: bytes, as: ExampleRequest.credential,
                    headers: ["Content-Type": "application/x-ndjson"])
            }
        }
    }

    @Test func `a password that would be refused is refused by the dry run, too`() async throws {
        try await ExampleRequest.run { service async throws in
            let short: JSONValue = ["name": "new", "password": "short"]
            let path = "/v1/users?dry_run=true"
            expectProblem(try await service.post(path, short, as: ExampleRequest.credential), 400, code: "invalid")
            // A token sets no passwords.
            let good: JSONValue = ["name": "new", "password": "a good password"]
            expectProblem(try await service.post(path, good, as: "root"), 403, code: "forbidden")
        }
    }

    /// Sends a request to try it out and then for good, and compares the answer with the log and with what
    /// everybody may before and after.
    private func expectTold(
        _ service: TestService, _ path: String, _ send: (_ query: String) async throws -> TestAnswer
    ) async throws {
        let (decided, world) = (try await service.decisions(), try await service.facts().world)
        let revision = service.service.transactions.published.current.revision
        let told = try await send(path.contains("?") ? "&dry_run=true" : "?dry_run=true")
        #expect(told.status == 200, "\(told.text)")
        #expect(service.service.transactions.published.current.revision == revision, "the dry run changed something")
        #expect(told.revision == nil && told.eTag == nil)

        let done = try await send("")
        #expect((200..<300).contains(done.status), "\(done.text)")
        let log = try await service.get("/v1/changes?after=\(revision)&limit=1000", as: "root").items
        let changes = (told.json["changes"]?.elements ?? []).map { Change($0) }
        #expect(!changes.isEmpty && changes == log.map { Change(logged: $0) })
        let after = try await service.decisions()
        // Who or what is called something else now is the same.
        let names = world.names(in: try await service.facts().world)
        let before = Dictionary(
            uniqueKeysWithValues: decided.map { key, level in
                (key.components(separatedBy: " on ").map { names[$0] ?? $0 }.joined(separator: " on "), level)
            })
        var differences: [String: [String?]] = [:]
        for key in Set(before.keys).union(after.keys) where before[key] != after[key] {
            // What everybody has is told for the anonymous only.
            let everybody = "anonymous" + key.drop { $0 != " " }
            let isOnlyThat =
                (before[key] == nil || before[key] == before[everybody])
                && (after[key] == nil || after[key] == after[everybody])
            if key == everybody || !isOnlyThat { differences[key] = [before[key], after[key]] }
        }
        var access: [String: [String?]] = [:]
        for item in told.json["access"]?.elements ?? [] {
            let key = "\(item["subject"]?["id"]?.string ?? "") on \(item["repository"]?.string ?? "")"
            access[key] = [item["before"]?.string, item["after"]?.string]
        }
        #expect(access == differences)
    }

    private struct Change: Hashable {
        let kind: String?
        let effect: String?

        init(_ told: JSONValue) {
            kind = told["kind"]?.string
            effect = told["effect"]?.string
        }

        init(logged entry: JSONValue) {
            kind = entry["kind"]?.string
            effect = entry["before"] == .null ? "add" : entry["after"] == .null ? "delete" : "change"
        }
    }

    @Test(arguments: [
        "/v1/users/ann/tokens?dry_run=true", "/v1/users/ann?dryrun=true", "/v1/users/ann?dry_run=true&dry_run=false",
    ])
    func `what cannot be tried out, or is misspelt, is refused and changes nothing`(path: String) async throws {
        try await TestService.run([.user("root", admin: true), .user("ann")]) { service async throws in
            _ = try await service.get("/v1/users/me", as: "root")
            let revision = service.service.transactions.published.current.revision
            let method = path.contains("tokens") ? "POST" : "DELETE"
            let answer = try await service.send(method, path, method == "POST" ? ["name": "x"] : .null, as: "root")
            expectProblem(answer, 400, code: "invalid")
            #expect(service.service.transactions.published.current.revision == revision)
        }
    }
}

extension World {
    /// What users, service accounts and repositories of this world are called in a later one, by their names here.
    fileprivate func names(in later: World) -> [String: String] {
        func names(_ world: World) -> [String: String] {
            let actors = world.accounts.map { Actor.user($0.id) } + world.serviceAccounts.map { .serviceAccount($0.id) }
            let people = actors.map { ("\($0)", world.principal($0)?.description) }
            let paths = world.repositories.map { ($0.id.rawValue, world.path(of: $0)?.description) }
            return Dictionary(
                (people + paths).compactMap { id, name in name.map { (id, $0) } }, uniquingKeysWith: { $1 })
        }
        let (old, new) = (names(self), names(later))
        return Dictionary(old.compactMap { id, name in new[id].map { (name, $0) } }, uniquingKeysWith: { $1 })
    }
}
