import Foundation
import TestSupport
import Testing

/// A text that takes the square of its length to compare is refused wherever it comes in, before it is compared.
struct UnsafeTextTests {
    private static let marks = String(repeating: "\u{301}", count: 31)
    private static let percent = String(repeating: "%CC%81", count: 31)
    private static let escapes = String(repeating: "\\u0301", count: 31)

    struct Entrance: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let method: String
        let path: String
        var body = ""
        var type = "application/json"
        var status = 400
    }

    static let entrances = [
        Entrance(testDescription: "a member's name", method: "POST", path: "/v1/orgs", body: "{\"\(marks)\":1}"),
        Entrance(testDescription: "a value", method: "POST", path: "/v1/orgs", body: "{\"name\":\"a\(marks)\"}"),
        Entrance(testDescription: "an escaped name", method: "POST", path: "/v1/orgs", body: "{\"\(escapes)\":1}"),
        Entrance(
            testDescription: "a question", method: "POST", path: "/access/v1/evaluation",
            body: "{\"subject\":{\"type\":\"\(marks)\",\"id\":\"a\"}}"),
        Entrance(testDescription: "a path", method: "GET", path: "/v1/users/a\(percent)"),
        Entrance(testDescription: "a parameter", method: "GET", path: "/v1/access?action=\(percent)"),
        Entrance(testDescription: "a scope", method: "GET", path: "/token?scope=\(percent)"),
        Entrance(
            testDescription: "a form", method: "POST", path: "/token", body: "\(marks)=a",
            type: "application/x-www-form-urlencoded"),
        Entrance(
            testDescription: "a line of an import", method: "POST", path: "/v1/import",
            body: "{\"kind\":\"user\",\"name\":\"a\(marks)\"}", type: "application/x-ndjson", status: 422),
    ]

    @Test(arguments: entrances)
    func `a text with too many marks in a row is refused`(_ entrance: Entrance) async throws {
        try await TestService.run([.user("root", admin: true)]) { service async throws in
            let answer = try await service.send(
                entrance.method, entrance.path, bytes: Data(entrance.body.utf8), as: "root",
                headers: entrance.body.isEmpty ? [:] : ["Content-Type": entrance.type])
            #expect(answer.status == entrance.status, "\(answer.text)")
            #expect(answer.text.contains("combining marks"), "\(answer.text)")
        }
    }

    @Test func `a login with too many marks in a row is nobody's`() async throws {
        try await TestService.run([.user("root", admin: true)]) { service async throws in
            let answer = try await service.get("/v1/users/me", as: .basic(login: Self.marks, secret: "a secret"))
            #expect(answer.status == 401 && answer.text.contains("not base64"), "\(answer.text)")
        }
    }
}
