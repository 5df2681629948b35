/// Reads the members of an object one by one, and refuses those that nobody asked for: a mistyped limit would otherwise
/// not limit anything.
public struct JSONMembers {
    private let members: [JSONValue.Member]
    private var known: [String] = []

    /// - Throws: for what is not an object.
    public init(_ json: JSONValue) throws(JSONError) {
        guard case .object(let members) = json else { throw JSONError("use a JSON object") }
        self.members = members
    }

    /// A member that must be there.
    /// - Parameter expected: what it is, where its kind says too little: "a distinguished name".
    public mutating func required<Value: JSONReadable>(
        _ type: Value.Type, _ name: String, _ expected: String? = nil
    ) throws(JSONError) -> Value {
        guard let value = try optional(type, name, expected) else {
            let others = members.map(\.name).filter { [known] in !known.contains($0) }
            let near = others.nearest(to: name).map { "; is it meant by \"\($0.cut(to: 120))\"?" }
            throw JSONError("it is missing" + (near ?? expected.map { "; use \($0)" } ?? ""), at: name)
        }
        return value
    }

    /// A member that may be absent; null counts as absent.
    public mutating func optional<Value: JSONReadable>(
        _ type: Value.Type, _ name: String, _ expected: String? = nil
    ) throws(JSONError) -> Value? {
        try nullable(type, name, expected) ?? nil
    }

    /// A member for which absent (nil) and null (`.some(nil)`) mean different things.
    public mutating func nullable<Value: JSONReadable>(
        _ type: Value.Type, _ name: String, _ expected: String? = nil
    ) throws(JSONError) -> Value?? {
        known.append(name)
        guard let member = members.first(where: { $0.name == name }) else { return nil }
        guard member.value != .null else { return .some(nil) }
        do throws(JSONError) {
            return .some(try Value(json: member.value))
        } catch {
            guard let expected, error.path.isEmpty, error.value == nil else { throw error.inside(member: name) }
            throw JSONError("use \(expected)", at: name)
        }
    }

    /// Throws if the object has a member that nobody asked for.
    public func refuseUnknown() throws(JSONError) {
        guard let unknown = members.map(\.name).filter({ !known.contains($0) }).min() else { return }
        let near = known.nearest(to: unknown).map { "; is \($0) meant?" }
        throw JSONError("there is no such member" + (near ?? "; there are \(known.joined(separator: ", "))"))
            .inside(member: unknown)
    }
}
