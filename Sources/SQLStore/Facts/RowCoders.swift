import AccessControl

/// Reads a row of `FactTable.select`.
struct RowReader: FactCoder {
    static let isLog = false

    let digests = PersonalDigests.none
    private let row: any SQLRow
    private var places: ColumnPlaces

    init(_ row: any SQLRow, _ table: FactTable) {
        self.row = row
        places = ColumnPlaces(keyCount: table.keyCount)
    }

    mutating func text(_ member: FactMember, _ value: inout String?) { value = row.text(places.next(member)) }

    mutating func integer(_ member: FactMember, _ value: inout Int64?) { value = row.integer(places.next(member)) }

    mutating func flag(
        _ member: FactMember, _ value: inout Bool, default: Bool, isSparse: Bool
    ) throws(AccessError) {
        value = try row.flag(places.next(member))
    }

    mutating func personal(_ member: FactMember, _ value: inout String?, _ digest: String?) {
        value = row.text(places.next(member))
        places.skip()
    }

    mutating func json(_ member: FactMember, _ json: inout String) throws(AccessError) {
        json = try row.requiredText(places.next(member))
    }

    func damaged(_ member: FactMember) -> AccessError {
        .storage(
            .damaged("the column \(member.column) of a row holds no usable value; `portreeve verify` tells more"))
    }
}

/// Collects a value a column, the key's first.
struct RowWriter: FactCoder {
    static let isLog = false

    let digests: PersonalDigests
    private(set) var values: [SQLValue] = []
    private var places: ColumnPlaces

    init(_ digests: PersonalDigests, _ table: FactTable) {
        self.digests = digests
        places = ColumnPlaces(keyCount: table.keyCount)
        // A statement has the revision and a secret behind them.
        values.reserveCapacity(table.names.count + 2)
        for _ in table.names { values.append(.null) }
    }

    mutating func text(_ member: FactMember, _ value: inout String?) { values[places.next(member)] = SQLValue(value) }

    mutating func integer(_ member: FactMember, _ value: inout Int64?) {
        values[places.next(member)] = SQLValue(value)
    }

    mutating func flag(_ member: FactMember, _ value: inout Bool, default: Bool, isSparse: Bool) {
        values[places.next(member)] = SQLValue(value)
    }

    mutating func personal(_ member: FactMember, _ value: inout String?, _ digest: String?) {
        values[places.next(member)] = SQLValue(value)
        values[places.next(member)] = SQLValue(digest)
    }

    mutating func json(_ member: FactMember, _ json: inout String) { values[places.next(member)] = .text(json) }

    func damaged(_ member: FactMember) -> AccessError { .storage(.failed("\(member.name) cannot be written")) }
}

/// Collects the names of columns.
struct ColumnLister: FactCoder {
    static let isLog = false

    let digests = PersonalDigests.none
    private(set) var key: [String] = []
    private(set) var others: [String] = []

    private mutating func append(_ member: FactMember, suffix: String = "") {
        if member.isKey { key.append("\(member.column)") } else { others.append("\(member.column)\(suffix)") }
    }

    mutating func text(_ member: FactMember, _ value: inout String?) { append(member) }
    mutating func integer(_ member: FactMember, _ value: inout Int64?) { append(member) }
    mutating func flag(_ member: FactMember, _ value: inout Bool, default: Bool, isSparse: Bool) { append(member) }
    mutating func json(_ member: FactMember, _ json: inout String) { append(member) }

    mutating func personal(_ member: FactMember, _ value: inout String?, _ digest: String?) {
        append(member)
        append(member, suffix: "_digest")
    }

    func damaged(_ member: FactMember) -> AccessError { .storage(.failed("\(member.name) cannot be listed")) }
}

/// The places of columns in a row: those of the key first.
private struct ColumnPlaces {
    private var key = 0
    private var others: Int

    init(keyCount: Int) { others = keyCount }

    mutating func next(_ member: FactMember) -> Int {
        defer { if member.isKey { key += 1 } else { others += 1 } }
        return member.isKey ? key : others
    }

    mutating func skip() { others += 1 }
}
