package import Foundation

extension APIDocument.Operation {
    /// An answer that the document allows, with all that it may have.
    /// - Parameter isDryRun: whether it tells what would change.
    package func sampleAnswer(isDryRun: Bool = false) throws -> (status: Int, type: String, body: Data) {
        let statuses = responses.keys.compactMap(Int.init).filter { $0 < 300 }.sorted()
        // What is made has 201, and what it would make has 200.
        guard let status = isDryRun ? statuses.first : statuses.last,
            let content = responses[String(status)]?["content"]?.members,
            let (type, media) = content.min(by: { $0.key < $1.key })
        else { return (statuses.last ?? 204, "", Data()) }
        let sample = JSONSchema(root: closedRoot).sample(media["schema"] ?? .null, isDryRun: isDryRun)
        let text = type == "application/json" ? try sample.text : sample.string ?? ""
        return (status, type, Data(text.utf8))
    }

    /// What of a request the document does not allow, each with its place.
    package func problems(withQuery query: String?, body: Data?) -> [String] {
        let names = (query ?? "").split(separator: "&").map { String($0.prefix { $0 != "=" }) }
        let unknown = names.filter { !queryParameters.contains($0) }.map { "there is no parameter \($0)" }
        return unknown + (body.map(problems(withBody:)) ?? [])
    }
}

extension JSONSchema {
    /// A value that the schema allows. Of alternatives the last that is not null, of an object all members.
    func sample(_ schema: JSONValue, isDryRun: Bool) -> JSONValue {
        if let rule = schema["$ref"] { return reference(rule).map { sample($0, isDryRun: isDryRun) } ?? .null }
        if let value = schema["const"] { return value }
        if let value = schema["enum"]?.elements.last(where: { $0 != .null }) { return value }
        for keyword in ["anyOf", "oneOf"] {
            let choices = (schema[keyword]?.elements ?? []).filter { $0["type"] != "null" }
            guard !choices.isEmpty else { continue }
            // What would change is the last of two answers.
            return sample(isDryRun ? choices[choices.count - 1] : choices[0], isDryRun: isDryRun)
        }
        let type = schema["type"]?.string ?? schema["type"]?.elements.compactMap(\.string).first { $0 != "null" }
        switch type {
        case "boolean": return true
        case "integer": return .integer(max(schema["minimum"]?.integer ?? 1, 1))
        case "array":
            return .array(schema["items"].map { [sample($0, isDryRun: isDryRun)] } ?? [])
        case "string": return .string(text(schema))
        default:
            var members = (schema["properties"]?.members ?? [:]).mapValues { sample($0, isDryRun: isDryRun) }
            // The last page.
            if members["next_token"] != nil { members["next_token"] = "" }
            if members.isEmpty, case .object? = schema["additionalProperties"] { members["create-user"] = 1 }
            return .object(members)
        }
    }

    private func text(_ schema: JSONValue) -> String {
        if schema["format"] == "date-time" { return "2026-03-01T12:00:00Z" }
        for text in ["acme", "00000000000000a"] where problems(.string(text), schema).isEmpty { return text }
        return "text"
    }
}
