import TestSupport

extension TestService {
    /// The effective level of a user as a decision tells it; nil for none.
    func level(of user: String, on path: String, type: String = "user") async throws -> String? {
        let answer = try await evaluate(user, "pull", path, type: type)
        guard answer.status == 200 else { throw TestServiceError(answer.text) }
        return answer.json["context"]?["level"]?.string
    }

    /// Asks about somebody as the administrator `root`, or as somebody else.
    func evaluate(
        _ subject: String, _ action: String, _ path: String, type: String = "user", context: JSONValue = [:],
        as caller: Credential = "root"
    ) async throws -> TestAnswer {
        try await post(
            "/access/v1/evaluation",
            [
                "subject": ["type": .string(type), "id": .string(subject)], "action": ["name": .string(action)],
                "resource": ["type": "repository", "id": .string(path)], "context": context,
            ], as: caller)
    }

    /// Everything that anybody may: who has which level on which repository.
    func decisions() async throws -> [String: String] {
        var found: [String: String] = [:]
        for repository in try await get("/v1/repositories?limit=1000", as: "root").items {
            let path = "\(repository["namespace"]?.string ?? "")/\(repository["name"]?.string ?? "")"
            for type in ["user", "service-account", "anonymous"] {
                let answer = try await post(
                    "/access/v1/search/subject",
                    [
                        "subject": ["type": .string(type)], "action": ["name": "view"],
                        "resource": ["type": "repository", "id": .string(path)],
                    ], as: "root")
                for holder in answer.json["results"]?.elements ?? [] {
                    found["\(holder["id"]?.string ?? "") on \(path)"] = holder["properties"]?["level"]?.string
                }
            }
        }
        return found
    }
}
