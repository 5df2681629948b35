import AccessControl

/// Reads an entry. Personal texts come as they are there: digests.
struct LogReader: FactCoder {
    static let isLog = true

    let digests = PersonalDigests.none
    private var json: JSONObjectReader

    init(_ json: String) throws(AccessError) { self.json = try JSONObjectReader(json) }

    /// Throws when a member was left over.
    func finish() throws(AccessError) { try json.finish() }

    mutating func text(_ member: FactMember, _ value: inout String?) throws(AccessError) {
        value = try json.optionalText(member.name)
    }

    mutating func integer(_ member: FactMember, _ value: inout Int64?) throws(AccessError) {
        value = try json.optionalInteger(member.name)
    }

    mutating func flag(
        _ member: FactMember, _ value: inout Bool, default: Bool, isSparse: Bool
    ) throws(AccessError) {
        value = try json.flag(member.name, default: `default`)
    }

    mutating func personal(_ member: FactMember, _ value: inout String?, _ digest: String?) throws(AccessError) {
        value = try json.optionalText(member.name)
    }

    mutating func json(_ member: FactMember, _ value: inout String) throws(AccessError) {
        value = try json.nested(member.name)
    }

    func damaged(_ member: FactMember) -> AccessError { json.damaged(member.name) }
}

/// Writes an entry.
struct LogWriter: FactCoder {
    static let isLog = true

    let digests: PersonalDigests
    private var json = JSONObjectWriter()

    init(_ digests: PersonalDigests) { self.digests = digests }

    mutating func finish() -> String { json.finish() }

    mutating func text(_ member: FactMember, _ value: inout String?) { json.member(member.name, value) }

    mutating func integer(_ member: FactMember, _ value: inout Int64?) { json.member(member.name, value) }

    mutating func flag(_ member: FactMember, _ value: inout Bool, default: Bool, isSparse: Bool) {
        if !isSparse || value != `default` { json.member(member.name, value) }
    }

    mutating func personal(_ member: FactMember, _ value: inout String?, _ digest: String?) {
        json.member(member.name, digest ?? value.map { _ in "" })
    }

    mutating func json(_ member: FactMember, _ value: inout String) { json.member(member.name, nested: value) }

    func damaged(_ member: FactMember) -> AccessError { .storage(.failed("\(member.name) cannot be written")) }
}
