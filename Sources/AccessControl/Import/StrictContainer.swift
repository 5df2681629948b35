import AccessModel

/// A keyed container that tells which member is missing, wrong or unknown, in words for the
/// person who wrote the line or body.
public final class StrictContainer {
    private let container: KeyedDecodingContainer<AnyKey>
    private var read: Set<String> = []

    public init(_ decoder: any Decoder) throws {
        do {
            container = try decoder.container(keyedBy: AnyKey.self)
        } catch {
            throw LineError("this is not a JSON object")
        }
    }

    /// A member that must be there.
    public func required<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
        guard let value = try optional(type, name) else { throw LineError("\"\(name)\" is missing", field: name) }
        return value
    }

    /// A member that may be absent; null counts as absent.
    public func optional<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value? {
        try nullable(type, name) ?? nil
    }

    /// A member for which absent (nil) and null (`.some(nil)`) mean different things.
    public func nullable<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value?? {
        read.insert(name)
        let key = AnyKey(stringLiteral: name)
        guard container.contains(key) else { return nil }
        do {
            return .some(try container.decodeIfPresent(type, forKey: key))
        } catch let error as LineError {
            throw error
        } catch {
            throw LineError("\"\(name)\": \(Self.words(error, type))", field: name)
        }
    }

    /// Throws if the object has members nobody asked for.
    public func refuseUnread() throws {
        if let unknown = container.allKeys.map(\.stringValue).filter({ !read.contains($0) }).min() {
            throw LineError("unknown member \"\(unknown)\"", field: unknown)
        }
    }

    private static func words(_ error: any Error, _ type: any Decodable.Type) -> String {
        if let error = error as? NameError { return error.description }
        guard let error = error as? DecodingError else { return "this is not valid Unicode text" }
        guard case .dataCorrupted(let context) = error else { return "this is not \(expected(type))" }
        guard let type = type as? any CaseIterable.Type else { return context.debugDescription }
        return "use \(cases(type))"
    }

    private static func expected(_ type: any Decodable.Type) -> String {
        switch type {
        case is Bool.Type: "true or false"
        case is Int.Type, is Int64.Type: "a whole number"
        case is [String].Type: "a list of texts"
        case is any RawRepresentable.Type, is String.Type: "a text"
        default: "of the right kind"
        }
    }

    private static func cases<Values: CaseIterable>(_ type: Values.Type) -> String {
        type.allCases.map { ($0 as? any RawRepresentable)?.rawValue as? String ?? "\($0)" }.joined(separator: ", ")
    }
}

/// What is wrong with a line or body.
public struct LineError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
    /// The member at fault, if it is one.
    public let field: String?

    public init(_ description: String, field: String? = nil) {
        self.description = description
        self.field = field
    }
}

/// A coding key of any name.
public struct AnyKey: CodingKey, ExpressibleByStringLiteral {
    public let stringValue: String
    public var intValue: Int? { nil }

    public init(stringValue: String) { self.stringValue = stringValue }
    public init(stringLiteral value: String) { stringValue = value }
    public init?(intValue: Int) { nil }
}
