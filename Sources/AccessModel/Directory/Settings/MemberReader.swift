/// The members of one JSON object of a directory's settings. Whatever is wrong with one is told
/// by a `DirectorySettingsError` that names it by its path.
struct MemberReader {
    private let container: KeyedDecodingContainer<MemberName>
    private let path: String

    /// Refuses an object with a member that is not in `names`.
    init(_ decoder: any Decoder, knows names: [String]) throws {
        path = Self.text(decoder.codingPath)
        do {
            container = try decoder.container(keyedBy: MemberName.self)
        } catch is DecodingError {
            throw DirectorySettingsError(field: path, reason: "should be a JSON object")
        }
        if let unknown = container.allKeys.map(\.stringValue).filter({ !names.contains($0) }).min() {
            let known = names.joined(separator: ", ")
            throw error(unknown, reason: "there is no such member; the members known here are \(known)")
        }
    }

    /// The value of a member; nil if it is absent or null.
    /// - Parameter expected: what it should be, for the error: "a text", "a list of texts".
    func optional<Value: Decodable>(_ name: String, _ expected: String, as type: Value.Type = Value.self) throws
        -> Value?
    {
        do {
            return try container.decodeIfPresent(type, forKey: MemberName(name))
        } catch let error as DirectorySettingsError {
            throw error
        } catch {
            // Not only a DecodingError: numbers out of range give another one.
            throw self.error(name, reason: "should be \(expected)")
        }
    }

    func required<Value: Decodable>(_ name: String, _ expected: String, as type: Value.Type = Value.self) throws
        -> Value
    {
        guard let value = try optional(name, expected, as: type) else {
            throw error(name, reason: "is missing; it should be \(expected)")
        }
        return value
    }

    /// A member whose text is one of a few words.
    func choice<Value: RawRepresentable<String>>(_ name: String, _ choices: [Value]) throws -> Value? {
        let words = choices.map(\.rawValue).joined(separator: ", ")
        guard let text: String = try optional(name, "one of \(words)") else { return nil }
        guard let value = choices.first(where: { $0.rawValue == text }) else {
            throw error(name, value: text, reason: "should be one of \(words)")
        }
        return value
    }

    func error(_ name: String, value: String = "", reason: String) -> DirectorySettingsError {
        DirectorySettingsError(field: path.isEmpty ? name : "\(path).\(name)", value: value, reason: reason)
    }

    /// An error about the object as a whole.
    func error(_ reason: String) -> DirectorySettingsError { DirectorySettingsError(field: path, reason: reason) }

    private static func text(_ path: [any CodingKey]) -> String {
        path.reduce(into: "") { text, key in
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
    }
}

/// A member's name, whatever it is.
struct MemberName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
