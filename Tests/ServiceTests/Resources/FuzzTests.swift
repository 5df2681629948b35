import Foundation
import ReferenceModel
import TestSupport
import Testing

/// Bodies with bytes changed, cut out, doubled and mixed, the same for the same seed: whatever comes, the
/// answer says what is wrong or does what was asked, all of it or nothing.
@Suite(.timeLimit(.minutes(5)))
struct FuzzTests {
    private static func mutate(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        let tokens = [
            "null", "{}", "[]", "\"\"", "\\u0000", "\u{FEFF}", "1e999", "-0", "\"a\":", ",", "}", "\n", "\r\n", "true",
            "\u{202E}", String(repeating: "[", count: 600), "\"\\ud800\"",
        ].map { Array($0.utf8) }
        var bytes = bytes
        for _ in 0...random.below(3) {
            guard !bytes.isEmpty else { return bytes }
            let place = random.below(bytes.count)
            let end = min(bytes.count, place + 1 + random.below(12))
            switch random.below(5) {
            case 0: bytes[place] = UInt8(random.below(256))
            case 1: bytes.removeSubrange(place..<end)
            case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 3: bytes.insert(contentsOf: random.pick(tokens) ?? [], at: place)
            default: bytes.replaceSubrange(place..<end, with: random.pick(tokens) ?? [])
            }
        }
        return bytes
    }

    @Test(arguments: UInt64(1)...4)
    func `a line that was tampered with is refused with its number, and nothing of the file is kept`(
        _ seed: UInt64
    ) async throws {
        let lines: [SeedLine] = [
            .user("ann", email: "ann@example.com"), .org("acme"), .member("acme", "ann"), .team("acme/ops"),
            .team("acme/web", parent: "ops"), .teamMember("acme/ops", "ann"), .serviceAccount("acme+ci"),
            .repository("acme/site", isPublic: true), .grant("acme/ops", "acme/site", .readWrite),
            .grant("ann", "acme/site", .readOnly),
        ]
        let text = Array(try lines.text.utf8)
        var random = SplitMix64(seed: seed)
        var refused = 0
        try await TestService.run([.user("root", admin: true)]) { service async throws in
            let whole = try await service.send(
                "POST", "/v1/import?dry_run=true", bytes: Data(text), as: "root",
                headers: ["Content-Type": "application/x-ndjson"])
            try #require(whole.status == 200, "\(whole.text)")
            for _ in 0..<120 {
                let before = try await service.get("/v1/export", as: "root").body
                let answer = try await service.send(
                    "POST", "/v1/import", bytes: Data(Self.mutate(text, &random)), as: "root",
                    headers: ["Content-Type": "application/x-ndjson"])
                guard answer.status != 200 else { continue }
                refused += 1
                #expect(answer.status == 422 && answer.json["line"]?.integer ?? 0 > 0, "\(answer.text)")
                #expect(answer.json["code"]?.string != "internal", "\(answer.text)")
                #expect(try await service.get("/v1/export", as: "root").body == before)
            }
        }
        #expect(refused > 30)
    }

    @Test(arguments: UInt64(1)...4)
    func `a question that was tampered with is answered or refused, and never fails`(_ seed: UInt64) async throws {
        let entity = #""subject":{"type":"user","id":"tom"},"action":{"name":"push"},"#
        let resource = #""resource":{"type":"repository","id":"acme/web"}"#
        let context = #""context":{"explain":true,"min_revision":1,"as_of":"2026-03-01T12:00:00Z"}"#
        let page = #""page":{"limit":10,"token":"after:tom"}"#
        let bodies = [
            ("evaluation", "{\(entity)\(resource),\(context)}"),
            (
                "evaluations",
                "{\(entity)\(context),\"evaluations\":[{\(resource)},{\(resource)}],"
                    + "\"options\":{\"evaluations_semantic\":\"deny_on_first_deny\"}}"
            ),
            ("search/subject", "{\(entity)\(resource),\(page)}"), ("search/resource", "{\(entity)\(resource),\(page)}"),
            ("search/action", "{\(entity)\(resource),\(context)}"),
        ]
        var random = SplitMix64(seed: seed)
        var statuses: [Int: Int] = [:]
        try await TestService.run(EvaluationTests.world) { service async throws in
            for _ in 0..<60 {
                for (path, body) in bodies {
                    let answer = try await service.send(
                        "POST", "/access/v1/\(path)", bytes: Data(Self.mutate(Array(body.utf8), &random)), as: "root",
                        headers: ["Content-Type": "application/json"])
                    statuses[answer.status, default: 0] += 1
                    #expect([200, 400].contains(answer.status), "\(path): \(answer.status) \(answer.text)")
                }
            }
        }
        #expect(statuses[200, default: 0] > 10 && statuses[400, default: 0] > 50, "\(statuses)")
    }
}
