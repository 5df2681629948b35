import AccessControl
import Foundation
import TestSupport
import Testing

/// `Documentation/import.md` against what an import reads and an export writes.
struct ImportDocumentTests {
    private static var document: String {
        get throws {
            let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent()
            return try String(contentsOf: root.appending(path: "Documentation/import.md"), encoding: .utf8)
        }
    }

    /// The lines of its example.
    private static func example() throws -> [String] {
        let parts = try document.components(separatedBy: "```jsonl\n")
        return try #require(parts.last?.components(separatedBy: "```").first).split(separator: "\n").map(String.init)
    }

    /// By kind, the members of its table.
    private static func members() throws -> [String: Set<String>] {
        var members: [String: Set<String>] = [:]
        var kind = ""
        for line in try document.split(separator: "\n") where line.hasPrefix("| ") && !line.hasPrefix("| kind") {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            let names = cells[2].split(separator: "`").map(String.init).filter { $0.first?.isLetter ?? false }
            if !cells[1].isEmpty { kind = cells[1].trimmingCharacters(in: ["`"]) }
            members[kind, default: []].formUnion(names)
        }
        return members
    }

    /// By kind, the members of lines.
    private static func members(of lines: [String]) throws -> [String: Set<String>] {
        var members: [String: Set<String>] = [:]
        for line in lines {
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let kind = try #require(object["kind"] as? String)
            members[kind, default: []].formUnion(object.keys.filter { $0 != "kind" })
        }
        return members
    }

    @Test func `the example can be imported, and an export of it has every member that is documented`() async throws {
        let lines = try Self.example()
        try await TestService.run([.user("root", admin: true)]) { service async throws in
            let text = Data(lines.joined(separator: "\n").utf8)
            let answer = try await service.send(
                "POST", "/v1/import", bytes: text, as: "root", headers: ["content-type": "application/x-ndjson"])
            #expect(answer.status == 200, "\(answer.text)")
            let exported = try await service.get("/v1/export", as: "root").text.split(separator: "\n").map(String.init)
            #expect(try Self.members(of: exported) == Self.members())
            #expect(try Self.members(of: lines) == Self.members(), "the example shows each member")
            let again = try await service.send(
                "POST", "/v1/import", bytes: text, as: "root", headers: ["content-type": "application/x-ndjson"])
            #expect(again.json["changes"] == 0, "what is there is not changed: \(again.text)")
        }
    }

    @Test func `each kind that an import knows is documented, and no other`() async throws {
        try await TestService.run([.user("root", admin: true)]) { service async throws in
            let answer = try await service.send(
                "POST", "/v1/import", bytes: Data(#"{"kind":"nothing"}"#.utf8), as: "root",
                headers: ["content-type": "application/x-ndjson"])
            let words = answer.json["detail"]?.string?.components(separatedBy: ": use ").last ?? answer.text
            let kinds = words.replacing(" or ", with: ", ").split(separator: ", ").map(String.init)
            #expect(Set(kinds) == Set(try Self.members().keys), "\(answer.text)")
        }
    }
}
