import AccessModel
import Foundation

/// Compares JSON with a schema of JSON Schema 2020-12, as far as the OpenAPI document uses it. A keyword that is not
/// known here is an error: what is not looked at proves nothing.
struct JSONSchema {
    /// What `$ref` points into.
    let root: JSONValue

    /// What is wrong with a value, each with its place; empty for nothing.
    func problems(_ value: JSONValue, _ schema: JSONValue, at place: String = "$") -> [String] {
        var problems: [String] = []
        for (keyword, rule) in schema.members where !Self.annotations.contains(keyword) {
            problems += check(value, keyword, rule, of: schema, at: place)
        }
        return problems
    }

    private static let annotations: Set<String> = [
        "description", "default", "example", "examples", "title", "writeOnly", "readOnly", "deprecated",
    ]

    private func check(
        _ value: JSONValue, _ keyword: String, _ rule: JSONValue, of schema: JSONValue, at place: String
    ) -> [String] {
        switch keyword {
        case "$ref":
            guard let target = reference(rule) else { return ["\(place): \(rule) points nowhere"] }
            return problems(value, target, at: place)
        case "type":
            let types = rule.string.map { [$0] } ?? rule.elements.compactMap(\.string)
            return types.contains(where: { value.isOf(type: $0) }) ? [] : ["\(place): \(value) is no \(types)"]
        case "enum":
            return rule.elements.contains(value) ? [] : ["\(place): \(value) is none of \(rule.elements)"]
        case "const":
            return value == rule ? [] : ["\(place): \(value) is not \(rule)"]
        case "not":
            return problems(value, rule, at: place).isEmpty ? ["\(place): \(value) is what it must not be"] : []
        case "allOf":
            return rule.elements.flatMap { problems(value, $0, at: place) }
        case "anyOf", "oneOf":
            let each = rule.elements.map { problems(value, $0, at: place) }
            let fitting = each.count(where: \.isEmpty)
            guard fitting == 0 || keyword == "oneOf" && fitting > 1 else { return [] }
            return fitting > 1 ? ["\(place): more than one of oneOf fits"] : ["\(place): none fits: \(each)"]
        case "properties":
            return rule.members.flatMap { name, schema in
                value[name].map { problems($0, schema, at: "\(place).\(name)") } ?? []
            }
        case "required":
            guard case .object(let members) = value else { return [] }
            return rule.elements.compactMap(\.string).filter { members[$0] == nil }.map { "\(place).\($0) is missing" }
        case "additionalProperties":
            return additional(value, schema).flatMap { name, value in
                rule == false ? ["\(place).\(name) is not described"] : problems(value, rule, at: "\(place).\(name)")
            }
        case "items":
            return value.elements.enumerated().flatMap { problems($1, rule, at: "\(place)[\($0)]") }
        case "minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum":
            return Self.isWithin(value, keyword, rule) ? [] : ["\(place): \(value) is beyond \(keyword) \(rule)"]
        case "pattern":
            guard let text = value.string, let pattern = rule.string else { return [] }
            let isFitting = text.range(of: pattern, options: .regularExpression) != nil
            return isFitting ? [] : ["\(place): \"\(text)\" does not match \(pattern)"]
        case "format":
            guard let text = value.string, rule == "date-time" else { return [] }
            return Timestamp(text) == nil || !text.hasSuffix("Z") ? ["\(place): \"\(text)\" is no time"] : []
        default:
            return ["\(place): the keyword \(keyword) of a schema is not known to the tests"]
        }
    }

    /// The members that the schema does not name.
    private func additional(_ value: JSONValue, _ schema: JSONValue) -> [String: JSONValue] {
        let named = schema["properties"]?.members ?? [:]
        return value.members.filter { named[$0.key] == nil }
    }

    func reference(_ rule: JSONValue) -> JSONValue? {
        guard let text = rule.string, text.hasPrefix("#/") else { return nil }
        return text.dropFirst(2).split(separator: "/").reduce(Optional(root)) { value, name in value?[String(name)] }
    }

    private static func isWithin(_ value: JSONValue, _ keyword: String, _ rule: JSONValue) -> Bool {
        guard let limit = rule.integer else { return false }
        switch (keyword, value) {
        case ("minItems", .array(let items)): return items.count >= limit
        case ("maxItems", .array(let items)): return items.count <= limit
        case ("minLength", .string(let text)): return text.unicodeScalars.count >= limit
        case ("maxLength", .string(let text)): return text.unicodeScalars.count <= limit
        case ("minimum", .integer(let number)): return number >= limit
        case ("maximum", .integer(let number)): return number <= limit
        default: return true
        }
    }
}

extension JSONSchema {
    /// A schema in which objects are closed that do not say otherwise: what an answer has must be described.
    static func closed(_ schema: JSONValue) -> JSONValue {
        switch schema {
        case .object(var members):
            // Combined schemas each describe a part.
            let isCombined = ["allOf", "anyOf", "oneOf"].contains { members[$0] != nil }
            for (name, member) in members where name != "example" { members[name] = closed(member) }
            if case .object? = members["properties"], members["additionalProperties"] == nil, !isCombined {
                members["additionalProperties"] = false
            }
            return .object(members)
        case .array(let elements): return .array(elements.map(closed))
        default: return schema
        }
    }
}

extension JSONValue {
    fileprivate func isOf(type: String) -> Bool {
        switch (type, self) {
        case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array), ("object", .object),
            ("integer", .integer), ("number", .integer), ("number", .fraction):
            true
        default: false
        }
    }
}
