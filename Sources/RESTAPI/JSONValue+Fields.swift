import AccessControl
import StrictJSON

extension JSONValue {
    /// Adds what is said of a thing to the members of an object.
    mutating func add(_ fields: some Fields) { self = .object(members + fields.members) }
}
