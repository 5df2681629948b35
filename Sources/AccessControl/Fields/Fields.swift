public import StrictJSON

/// What may be said of a thing, each of it or not: the optional members of its body, its command and its import line.
/// They are named once, in `code`, which everything goes through that reads, writes or applies them.
public protocol Fields: Hashable, Sendable {
    associatedtype Thing: Sendable

    /// Nothing is said.
    init()

    /// Goes through the members in the order in which they are written.
    mutating func code<Coder: FieldCoder<Thing>>(_ coder: inout Coder) throws(Coder.Failure)
}

/// Reads, writes, applies or takes one member after the other.
public protocol FieldCoder<Thing> {
    associatedtype Thing
    associatedtype Failure: Error

    /// A member that says something or is absent.
    mutating func field<Value: JSONConvertible>(
        _ name: String, _ field: inout Value?, _ path: WritableKeyPath<Thing, Value>
    ) throws(Failure)
    /// A member for which absent (nil) and null (`.some(nil)`) mean different things.
    mutating func nullable<Value: JSONConvertible>(
        _ name: String, _ field: inout Value??, _ path: WritableKeyPath<Thing, Value?>
    ) throws(Failure)
    /// The same for members that people say by name and a thing has by identity, as the parent of a team. They are read
    /// and written here; the command looks the name up.
    mutating func named<Value: JSONConvertible>(_ name: String, _ field: inout Value?) throws(Failure)
    mutating func nullableNamed<Value: JSONConvertible>(_ name: String, _ field: inout Value??) throws(Failure)
}

extension Fields {
    /// Reads the members of an object.
    public init(_ members: inout JSONMembers) throws(JSONError) {
        self.init()
        var reader = FieldReader<Thing>(members: members)
        try code(&reader)
        members = reader.members
    }

    /// Everything that a thing has.
    public init(of thing: Thing) {
        self.init()
        var taker = FieldTaker(thing: thing)
        code(&taker)
    }

    /// Says of a thing what is said here; the rest stays as it is.
    public func apply(to thing: inout Thing) {
        var (fields, applier) = (self, FieldApplier(thing: thing))
        fields.code(&applier)
        thing = applier.thing
    }

    /// What is said, as the members of an object.
    public var members: [JSONValue.Member] {
        var (fields, writer) = (self, FieldWriter<Thing>())
        fields.code(&writer)
        return writer.members
    }
}

private struct FieldReader<Thing>: FieldCoder {
    var members: JSONMembers

    mutating func field<Value: JSONConvertible>(
        _ name: String, _ field: inout Value?, _ path: WritableKeyPath<Thing, Value>
    ) throws(JSONError) {
        try named(name, &field)
    }

    mutating func nullable<Value: JSONConvertible>(
        _ name: String, _ field: inout Value??, _ path: WritableKeyPath<Thing, Value?>
    ) throws(JSONError) {
        try nullableNamed(name, &field)
    }

    mutating func named<Value: JSONConvertible>(_ name: String, _ field: inout Value?) throws(JSONError) {
        field = try members.optional(Value.self, name)
    }

    mutating func nullableNamed<Value: JSONConvertible>(_ name: String, _ field: inout Value??) throws(JSONError) {
        field = try members.nullable(Value.self, name)
    }
}

private struct FieldWriter<Thing>: FieldCoder {
    var members: [JSONValue.Member] = []

    mutating func field<Value: JSONConvertible>(
        _ name: String, _ field: inout Value?, _ path: WritableKeyPath<Thing, Value>
    ) {
        named(name, &field)
    }

    mutating func nullable<Value: JSONConvertible>(
        _ name: String, _ field: inout Value??, _ path: WritableKeyPath<Thing, Value?>
    ) {
        nullableNamed(name, &field)
    }

    mutating func named<Value: JSONConvertible>(_ name: String, _ field: inout Value?) {
        if let field { members.append(JSONValue.Member(name: name, value: field.json)) }
    }

    mutating func nullableNamed<Value: JSONConvertible>(_ name: String, _ field: inout Value??) {
        if let field { members.append(JSONValue.Member(name: name, value: field?.json ?? .null)) }
    }
}

private struct FieldApplier<Thing>: FieldCoder {
    var thing: Thing

    mutating func field<Value: JSONConvertible>(
        _ name: String, _ field: inout Value?, _ path: WritableKeyPath<Thing, Value>
    ) {
        if let field { thing[keyPath: path] = field }
    }

    mutating func nullable<Value: JSONConvertible>(
        _ name: String, _ field: inout Value??, _ path: WritableKeyPath<Thing, Value?>
    ) {
        if let field { thing[keyPath: path] = field }
    }

    mutating func named<Value: JSONConvertible>(_ name: String, _ field: inout Value?) {}
    mutating func nullableNamed<Value: JSONConvertible>(_ name: String, _ field: inout Value??) {}
}

private struct FieldTaker<Thing>: FieldCoder {
    let thing: Thing

    mutating func field<Value: JSONConvertible>(
        _ name: String, _ field: inout Value?, _ path: WritableKeyPath<Thing, Value>
    ) {
        field = thing[keyPath: path]
    }

    mutating func nullable<Value: JSONConvertible>(
        _ name: String, _ field: inout Value??, _ path: WritableKeyPath<Thing, Value?>
    ) {
        field = .some(thing[keyPath: path])
    }

    mutating func named<Value: JSONConvertible>(_ name: String, _ field: inout Value?) {}
    mutating func nullableNamed<Value: JSONConvertible>(_ name: String, _ field: inout Value??) {}
}
