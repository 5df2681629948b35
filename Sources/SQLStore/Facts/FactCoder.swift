import AccessControl
import AccessModel

/// Goes through the members of a fact: into a row or out of one, into an entry of the change log or out of one. A fact
/// names its members once, in `StoredFact.code`, in the order of their names in the log.
///
/// A writer leaves values as they are, and a reader puts what it reads in their place.
protocol FactCoder {
    /// Whether entries of the log are meant, and not rows. Of an entry absent means the default, so that those from before
    /// a member can be read for ever; a row has all columns.
    static var isLog: Bool { get }
    /// Of an account that is written.
    var digests: PersonalDigests { get }

    /// nil for NULL, and for what an entry does not have.
    mutating func text(_ member: FactMember, _ value: inout String?) throws(AccessError)
    mutating func integer(_ member: FactMember, _ value: inout Int64?) throws(AccessError)
    /// - Parameter isSparse: an entry does not have the default.
    mutating func flag(
        _ member: FactMember, _ value: inout Bool, default: Bool, isSparse: Bool
    ) throws(AccessError)
    /// A text that entries have the digest of. A row has both, the digest in a column of its own.
    mutating func personal(_ member: FactMember, _ value: inout String?, _ digest: String?) throws(AccessError)
    /// A value as JSON: an object or an array of an entry, a text of a row.
    mutating func json(_ member: FactMember, _ json: inout String) throws(AccessError)

    /// Why what is there cannot be used.
    func damaged(_ member: FactMember) -> AccessError
}

/// What a member is called.
struct FactMember: ExpressibleByStringLiteral {
    let name: StaticString
    let column: StaticString
    /// Whether it tells one fact from another.
    let isKey: Bool

    init(stringLiteral name: StaticString) { self.init(name, column: name) }

    init(_ name: StaticString, column: StaticString, isKey: Bool = false) {
        self.name = name
        self.column = column
        self.isKey = isKey
    }

    static func key(_ name: StaticString, column: StaticString? = nil) -> FactMember {
        FactMember(name, column: column ?? name, isKey: true)
    }
}

extension FactCoder {
    mutating func text(
        _ member: FactMember, _ value: inout String, default: String? = nil
    ) throws(AccessError) {
        var text: String? = value
        try self.text(member, &text)
        guard let text = text ?? (Self.isLog ? `default` : nil) else { throw damaged(member) }
        value = text
    }

    mutating func flag(
        _ member: FactMember, _ value: inout Bool, default: Bool = false
    ) throws(AccessError) {
        try flag(member, &value, default: `default`, isSparse: false)
    }

    mutating func personal(_ member: FactMember, _ value: inout String, _ digest: String?) throws(AccessError) {
        var text: String? = value
        try personal(member, &text, digest)
        guard let text = text ?? (Self.isLog ? "" : nil) else { throw damaged(member) }
        value = text
    }

    mutating func identity<Entity>(_ member: FactMember, _ value: inout Identifier<Entity>) throws(AccessError) {
        var text = value.rawValue
        try self.text(member, &text)
        value = Identifier(rawValue: text)
    }

    mutating func identity<Entity>(_ member: FactMember, _ value: inout Identifier<Entity>?) throws(AccessError) {
        var text = value?.rawValue
        try self.text(member, &text)
        value = text.map(Identifier.init(rawValue:))
    }

    mutating func name(_ member: FactMember, _ value: inout AccountName) throws(AccessError) {
        var text = value.rawValue
        try self.text(member, &text)
        value = AccountName(trusted: text)
    }

    mutating func name(_ member: FactMember, _ value: inout AccountName?) throws(AccessError) {
        var text = value?.rawValue
        try self.text(member, &text)
        value = text.map(AccountName.init(trusted:))
    }

    mutating func name(_ member: FactMember, _ value: inout TeamName) throws(AccessError) {
        var text = value.rawValue
        try self.text(member, &text)
        value = TeamName(trusted: text)
    }

    mutating func time(_ member: FactMember, _ value: inout Timestamp) throws(AccessError) {
        var time: Timestamp? = value
        try self.time(member, &time)
        guard let time else { throw damaged(member) }
        value = time
    }

    mutating func time(_ member: FactMember, _ value: inout Timestamp?) throws(AccessError) {
        var number = value?.microseconds
        try integer(member, &number)
        value = number.map(Timestamp.init(microseconds:))
    }

    mutating func word<Word: RawRepresentable<String>>(
        _ member: FactMember, _ value: inout Word, default: Word? = nil
    ) throws(AccessError) {
        var text = value.rawValue
        try self.text(member, &text, default: `default`?.rawValue)
        guard let word = Word(rawValue: text) else { throw damaged(member) }
        value = word
    }
}
