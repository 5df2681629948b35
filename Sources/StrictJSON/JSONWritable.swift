/// What can be written as a JSON value.
public protocol JSONWritable {
    var json: JSONValue { get }
}

public typealias JSONConvertible = JSONReadable & JSONWritable

extension String: JSONWritable {
    public var json: JSONValue { .string(self) }
}

extension Bool: JSONWritable {
    public var json: JSONValue { .bool(self) }
}

extension Int64: JSONWritable {
    public var json: JSONValue { .number(String(self)) }
}

extension Array: JSONWritable where Element: JSONWritable {
    public var json: JSONValue { .array(map(\.json)) }
}

/// One of a few words.
extension JSONWritable where Self: RawRepresentable<String> {
    public var json: JSONValue { .string(rawValue) }
}

/// A name, an identity or a time.
extension JSONWritable where Self: CustomStringConvertible {
    public var json: JSONValue { .string(description) }
}
