/// What can be made of a JSON value.
public protocol JSONReadable {
    init(json: JSONValue) throws(JSONError)
}

extension JSONReadable {
    /// Reads a whole JSON text.
    public init(parsing bytes: some Sequence<UInt8>) throws(JSONError) {
        try self.init(json: try JSONParser.parse(bytes))
    }
}

extension JSONValue: JSONReadable {
    public init(json: JSONValue) { self = json }
}

extension String: JSONReadable {
    public init(json: JSONValue) throws(JSONError) {
        guard case .string(let text) = json else { throw JSONError("use a text") }
        // Engines would cut it short.
        guard !text.utf8.contains(0) else { throw JSONError("leave out U+0000") }
        self = text
    }
}

extension Bool: JSONReadable {
    public init(json: JSONValue) throws(JSONError) {
        guard case .bool(let value) = json else { throw JSONError("use true or false") }
        self = value
    }
}

extension Int: JSONReadable {
    public init(json: JSONValue) throws(JSONError) {
        guard let value = json.int else { throw JSONError("use a whole number") }
        self = value
    }
}

extension Int64: JSONReadable {
    public init(json: JSONValue) throws(JSONError) {
        guard let value = json.int64 else { throw JSONError("use a whole number") }
        self = value
    }
}

extension Array: JSONReadable where Element: JSONReadable {
    public init(json: JSONValue) throws(JSONError) {
        guard case .array(let items) = json else { throw JSONError("use a list") }
        self = []
        reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            do throws(JSONError) { append(try Element(json: item)) } catch { throw error.inside(element: index) }
        }
    }
}

/// One of a few words.
extension JSONReadable where Self: RawRepresentable<String> & CaseIterable {
    public init(json: JSONValue) throws(JSONError) {
        guard let word = json.string, let value = Self(rawValue: word) else {
            throw JSONError("use \(Self.allCases.map(\.rawValue).joined(separator: ", "))", value: json.string)
        }
        self = value
    }
}
