import Foundation
import Synchronization
import Yams

/// The OpenAPI document, to compare with what the service does.
package struct APIDocument: Sendable {
    package struct Operation: Sendable {
        package let method: String
        /// `/v1/users/{user}`.
        package let template: String
        package let id: String
        package let summary: String
        /// `x-right`: who may call, each by itself.
        package let rights: [String]
        package let queryParameters: Set<String>
        /// The schema of a JSON body; nil where none is taken.
        package let body: JSONValue?
        package let example: JSONValue?
        /// By status or `default`, with references resolved.
        let responses: [String: JSONValue]
        let schemaRoot: JSONValue
        /// Objects in answers are closed.
        let closedRoot: JSONValue

        package var name: String { "\(method) \(template)" }
        /// The members that its body may have.
        package var bodyMembers: [String] { bodyProperties.keys.sorted() }
        package var requiredMembers: Set<String> {
            let schema = body?["$ref"].flatMap(JSONSchema(root: schemaRoot).reference) ?? body
            return Set((schema?["required"]?.elements ?? []).compactMap(\.string))
        }
        /// Their schemas.
        package var bodyProperties: [String: JSONValue] {
            let schema = body?["$ref"].flatMap(JSONSchema(root: schemaRoot).reference) ?? body
            return schema?["properties"]?.members ?? [:]
        }
        package var isDryRun: Bool { queryParameters.contains("dry_run") }
        var segments: [Substring] { template.split(separator: "/") }
    }

    package static let shared = APIDocument()

    package let root: JSONValue
    package let operations: [Operation]

    private init() {
        do {
            let text = try String(contentsOfFile: Checkout.path("Documentation/OpenAPI/openapi.yaml"), encoding: .utf8)
            root = JSONValue(yaml: try Yams.load(yaml: text))
        } catch {
            preconditionFailure("the OpenAPI document cannot be read: \(error)")
        }
        let (root, closed) = (self.root, JSONSchema.closed(self.root))
        var operations: [Operation] = []
        for (template, path) in root["paths"]?.members ?? [:] {
            for (method, operation) in path.members where Self.methods.contains(method) {
                let closedOperation = closed["paths"]?[template]?[method]
                let parameters = (path["parameters"]?.elements ?? []) + (operation["parameters"]?.elements ?? [])
                let media = operation["requestBody"]?["content"]?["application/json"]
                operations.append(
                    Operation(
                        method: method.uppercased(), template: template, id: operation["operationId"]?.string ?? "",
                        summary: operation["summary"]?.string ?? "",
                        rights: (operation["x-right"]?.string ?? "").split(separator: ",").map {
                            $0.trimmingCharacters(in: .whitespacesAndNewlines)
                        },
                        queryParameters: Set(
                            parameters.filter { $0["in"] == "query" }.compactMap { $0["name"]?.string }),
                        body: media?["schema"], example: media?["example"],
                        responses: closedOperation?["responses"]?.members ?? [:], schemaRoot: root, closedRoot: closed))
            }
        }
        self.operations = operations.sorted { $0.name < $1.name }
    }

    private static let methods: Set<String> = ["get", "put", "post", "patch", "delete"]

    /// The operation of a path, with or without a query; nil where the document has none.
    package func operation(_ method: String, _ path: String) -> Operation? {
        let method = method == "HEAD" ? "GET" : method
        let segments = path.prefix { $0 != "?" }.split(separator: "/")
        let fitting = operations.filter { operation in
            operation.method == method && operation.segments.count == segments.count
                && zip(operation.segments, segments).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
        }
        // A name that is written out comes before any name: `/v1/users/me`.
        return fitting.min { $0.template.count { $0 == "{" } < $1.template.count { $0 == "{" } }
    }
}

extension APIDocument {
    /// Throws where the document does not describe an answer, or does not allow the body that was taken.
    func compare(_ answer: TestAnswer, to method: String, _ path: String, sent body: Data) throws {
        // A path in another form is that of no operation.
        guard path == "/" || !path.hasSuffix("/") && !path.contains("//"), let operation = operation(method, path)
        else {
            return
        }
        var problems = operation.problems(with: answer, isHead: method == "HEAD")
        // AuthZEN takes items that are not evaluations, and denies them.
        if answer.status < 300, operation.template.hasPrefix("/v1") { problems += operation.problems(withBody: body) }
        guard problems.isEmpty else {
            throw TestServiceError(
                "\(method) \(path): \(answer.status) \(answer.text.prefix(500)) is not as the OpenAPI document has it: "
                    + problems.joined(separator: "; "))
        }
        ComparedAnswers.add()
    }
}

extension APIDocument.Operation {
    /// What of an answer the document does not describe, each with its place.
    func problems(with answer: TestAnswer, isHead: Bool = false) -> [String] {
        guard let response = responses[String(answer.status)] ?? responses["default"] else {
            return ["there is no status \(answer.status)"]
        }
        var problems = undescribedHeaders(of: answer, in: response).map { "there is no header \($0)" }
        let content = response["content"]?.members ?? [:]
        guard !answer.body.isEmpty else {
            return content.isEmpty || isHead || answer.status == 304 ? problems : problems + ["the body is missing"]
        }
        let type = answer["Content-Type"].map { String($0.prefix { $0 != ";" }) } ?? ""
        guard let media = content[type] else { return problems + ["there is no body of \(type)"] }
        guard type == "application/json" || type.hasSuffix("+json"), let schema = media["schema"] else {
            return problems
        }
        problems += JSONSchema(root: closedRoot).problems(answer.json, schema)
        if type == "application/problem+json", let code = answer.code {
            let described = response["description"]?.string ?? ""
            if !described.contains("`\(code)`") { problems.append("`\(code)` is not described for \(answer.status)") }
        }
        return problems
    }

    /// Whether the document allows a value for a member of the body.
    package func allows(_ value: JSONValue, as member: String) -> Bool {
        bodyProperties[member].map { JSONSchema(root: schemaRoot).problems(value, $0).isEmpty } ?? false
    }

    /// What of a body that the service took the document does not allow.
    func problems(withBody bytes: Data) -> [String] {
        guard let body, let value = try? JSONValue(parsing: bytes) else { return [] }
        return JSONSchema(root: schemaRoot).problems(value, body)
    }

    private func undescribedHeaders(of answer: TestAnswer, in response: JSONValue) -> [String] {
        let described = Set((response["headers"]?.members ?? [:]).keys.map { $0.lowercased() })
        return answer.headers.map(\.name.canonicalName).filter {
            !described.contains($0) && !["content-type", "content-length", "cache-control", "date"].contains($0)
        }
    }
}

/// How many answers were compared with the document in this process; printed when it ends.
enum ComparedAnswers {
    private static let count: Mutex<Int> = {
        atexit {
            let count = ComparedAnswers.count.withLock(\.self)
            FileHandle.standardError.write(Data("\(count) answers were compared with the OpenAPI document\n".utf8))
        }
        return Mutex(0)
    }()

    static func add() { count.withLock { $0 += 1 } }
}

extension JSONValue {
    fileprivate init(yaml value: Any?) {
        switch value {
        case let members as [String: Any]: self = .object(members.mapValues(JSONValue.init(yaml:)))
        case let elements as [Any]: self = .array(elements.map(JSONValue.init(yaml:)))
        case let text as String: self = .string(text)
        case let flag as Bool: self = .bool(flag)
        case let number as Int: self = .integer(Int64(number))
        case let number as Double: self = .fraction(number)
        default: self = .null
        }
    }
}
