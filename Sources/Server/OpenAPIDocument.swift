import COpenAPI
import Foundation
import NIOCore
import StrictJSON
import Yams

/// The description of the API as it is served: without the aliases that its source is written with, as some parsers
/// take only a few of them, and the same as JSON.
enum OpenAPIDocument {
    static let yaml = ByteBuffer(string: text { try serialize(node: $0.node, width: -1, allowUnicode: true) })
    static let json = ByteBuffer(string: text { $0.serialized })

    private static let value = Result { () throws -> JSONValue in
        var size = 0
        let bytes = openapi_yaml(&size)
        let source = String(decoding: UnsafeBufferPointer(start: bytes, count: size), as: UTF8.self)
        return try JSONValue(try compose(yaml: source) ?? Node(""))
    }

    /// The source is part of the program: one that cannot be read is a fault of the build.
    private static func text(_ form: (JSONValue) throws -> String) -> String {
        do { return try form(try value.get()) } catch { preconditionFailure("the OpenAPI document: \(error)") }
    }
}

extension JSONValue {
    /// Of a YAML node, with its members in their order.
    fileprivate init(_ node: Node) throws {
        switch node {
        case .mapping(let mapping):
            self.init(members: try mapping.map { key, value in (key.string ?? "", try JSONValue(value)) })
        case .sequence(let items): self = .array(try items.map { try JSONValue($0) })
        case .scalar(let scalar):
            switch node.any {
            case is NSNull: self = .null
            case let value as Bool: self = .bool(value)
            case is any Numeric: self = .number(scalar.string)
            default: self = .string(scalar.string)
            }
        case .alias(let alias): throw YamlError.representer(problem: "the alias \(alias.anchor) is not resolved")
        }
    }

    fileprivate var node: Node {
        switch self {
        case .null: Node("null", Tag(.null))
        case .bool(let value): Node(value ? "true" : "false", Tag(.bool))
        case .number(let text): Node(text, Tag(text.contains(".") ? .float : .int))
        case .string(let text): Node(text, Tag(.str), text.isPlainInYAML ? .any : .doubleQuoted)
        case .array(let items): Node(items.map(\.node), Tag(.seq), items.isEmpty ? .flow : .block)
        case .object(let members):
            Node(
                members.map { (Node($0.name, Tag(.str), $0.name.isPlainInYAML ? .any : .doubleQuoted), $0.value.node) },
                Tag(.map), members.isEmpty ? .flow : .block)
        }
    }
}

extension String {
    /// Whether it is a string in YAML 1.1 and 1.2 without quotes.
    fileprivate var isPlainInYAML: Bool {
        let words = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
        guard let first = unicodeScalars.first, first.isASCII, first.properties.isAlphabetic else { return false }
        return !words.contains(lowercased())
            && unicodeScalars.allSatisfy {
                $0.isASCII
                    && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "_-/".unicodeScalars.contains($0))
            }
    }
}
