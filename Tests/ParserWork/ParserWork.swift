import AccessModel
import Foundation
import TestSupport

/// What reads text from outside, by kind, fed with large inputs.
enum ParserWork: String, CaseIterable {
    case names, scopes, requests, directories, texts, queries, bodies

    /// What is slow to compare, to split from behind, or simply much.
    private static let parts = ["\u{301}\u{323}", "🇩🇪", "a:", "%CC%81", "\\u0301"]
    private static let size = 1 << 14

    /// - Parameter isFed: otherwise everything is asked to read next to nothing.
    func run(isFed: Bool) async throws {
        let size = isFed ? Self.size : 0
        func fill(_ text: String, _ limit: Int = size) -> String {
            String(repeating: text, count: min(limit, size) / text.utf8.count)
        }
        switch self {
        case .queries, .bodies:
            try await TestService.run(
                [.user("root", admin: true)], settings: ["proxy.trusted": "192.0.2.0/24,10.0.0.0/8"]
            ) {
                for part in Self.parts {
                    if self == .queries {
                        try await sendQueries($0, part, fill)
                    } else {
                        try await sendBodies($0, part, fill)
                    }
                }
            }
        default:
            for part in Self.parts { read(part, fill) }
        }
    }

    /// How often something is fed with a whole input.
    var feedings: Int {
        let each =
            switch self {
            case .names: 6
            case .scopes, .requests: 2
            case .directories, .texts: 3
            case .queries: 6
            case .bodies: 6
            }
        return each * Self.parts.count
    }

    private func read(_ part: String, _ fill: (String, Int) -> String) {
        let size = Self.size
        switch self {
        case .names:
            _ = try? AccountName(fill(part, size))
            _ = try? TeamName(fill(part, size))
            _ = try? RepositoryPath(fill(part, size))
            _ = try? RepositoryPattern(fill(part, size) + "*")
            _ = try? TokenScope("pull " + fill(part + "/* ", size))
            _ = Timestamp(fill(part, size))
        case .scopes:
            _ = RegistryScope.parse([fill("repository:\(part)/b:pull,push ", size)])
            _ = RegistryScope.parse(["repository:a/b:" + fill(part + ",", size)])
        case .requests:
            _ = RegistryRequest(method: "POST", target: "/v2/" + fill(part + "/", size) + "blobs/uploads/")
            _ = RegistryRequest(method: "POST", target: "/v2/a/b/blobs/uploads/?" + fill("from=\(part)&", size))
        case .directories:
            _ = DistinguishedName(fill("cn=\(part),", size))
            _ = try? GroupPattern("registry-{org}-{team}").match("registry-" + fill(part + "-", size))
            _ = DirectorySettings.isOneFilter("(&" + fill("(cn=\(part))", size) + ")")
        case .texts:
            for form in [StreamSafeText.Form.plain, .json, .percentEncoded] {
                _ = StreamSafeText.isSafe(fill(part, size).utf8, form)
            }
        case .queries, .bodies:
            break
        }
    }

    private func send(
        _ service: TestService, _ method: String, _ path: String, _ body: String = "", type: String = "application/json"
    ) async throws {
        _ = try await service.send(
            method, path, bytes: Data(body.utf8), as: .user("root"), headers: ["Content-Type": type])
    }

    private func sendQueries(
        _ service: TestService, _ part: String, _ fill: (String, Int) -> String
    ) async throws {
        let size = Self.size
        let percent = part.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? part
        try await send(service, "GET", "/token?service=registry&scope=" + fill("repository:\(percent)/b:pull%20", size))
        try await send(service, "GET", "/token?" + fill("scope=\(percent)&", size))
        try await send(service, "GET", "/v1/users?cursor=" + fill(percent, size))
        try await send(service, "GET", "/v1/access?action=" + fill(percent, size))
        try await send(service, "GET", "/" + fill(percent + "/", size))
        _ = try await service.send(
            "GET", "/v1/users", as: .basic(login: fill(part, size), secret: "secret"),
            headers: ["X-Forwarded-For": fill("10.0.0.1, \(part), ", size)])
    }

    private func sendBodies(
        _ service: TestService, _ part: String, _ fill: (String, Int) -> String
    ) async throws {
        let size = Self.size
        try await send(service, "POST", "/token", fill("\(part)=a&", size), type: "application/x-www-form-urlencoded")
        try await send(service, "POST", "/v1/users", #"{"name":""# + fill(part, size) + #""}"#)
        // No two alike, as the second would be refused.
        let members = fill("x", size).indices.prefix(size / (part.utf8.count + 10)).enumerated().map { place, _ in
            "\"\(part)\(place)\":1,"
        }
        try await send(service, "POST", "/v1/users", "{\(members.joined())\"name\":1}")
        try await send(service, "POST", "/v1/users", fill("[", size))
        try await send(service, "POST", "/access/v1/evaluations", #"{"evaluations":["# + fill("{},", size) + "1]}")
        try await send(
            service, "POST", "/v1/import", #"{"kind":"user","name":""# + fill(part, size) + #""}"#,
            type: "application/x-ndjson")
    }
}
