struct RoleNode: Sendable {
    let id: RoleID
    var name: RoleName
    /// As they are written.
    var operations: [ControlOperation]
    var exists = true
}

/// The roles, and for each operation those that have it: a question looks that up once, and tests a bit for each grant.
struct RoleTable: Sendable {
    private(set) var nodes = ChunkedArray<64, RoleNode>()
    private var byID = HashIndex()
    private var byName = HashIndex()
    /// Of the operations of all roles.
    private var words = OperationWords()
    private var byEngineOperation = ChunkedArray<16, RoleSet>()
    private var rows = ChunkedArray<64, Row>()
    private var byKey = HashIndex()
    /// Few roles have any.
    private var byPath: [OperationSet.Path: RoleSet] = [:]
    private var prefixLengths: Set<Int> = []

    private struct Row: Sendable {
        let key: OperationSet.Key
        var roles = RoleSet()
    }

    init() {
        for _ in EngineOperation.all { byEngineOperation.append(RoleSet()) }
    }

    mutating func append(_ role: Role) {
        let index = nodes.append(RoleNode(id: role.id, name: role.name, operations: role.operations))
        byID.insert(index, NameHash.hash(role.id.rawValue))
        byName.insert(index, NameHash.hash(role.name.rawValue))
        set([], role.operations, of: index)
    }

    mutating func remove(_ index: Int32) {
        nodes[index].exists = false
        byID.remove(index, NameHash.hash(nodes[index].id.rawValue))
        byName.remove(index, NameHash.hash(nodes[index].name.rawValue))
        set(nodes[index].operations, [], of: index)
    }

    mutating func replace(_ index: Int32, with role: Role) {
        if nodes[index].name != role.name {
            byName.remove(index, NameHash.hash(nodes[index].name.rawValue))
            nodes[index].name = role.name
            byName.insert(index, NameHash.hash(role.name.rawValue))
        }
        set(nodes[index].operations, role.operations, of: index)
        nodes[index].operations = role.operations
    }

    func find(_ id: RoleID) -> Int32? { byID.find(NameHash.hash(id.rawValue)) { nodes[$0].id == id } }
    func find(_ name: RoleName) -> Int32? { byName.find(NameHash.hash(name.rawValue)) { nodes[$0].name == name } }

    /// The roles that have an operation; of a pattern, those that have all of what it covers by one of theirs.
    func having(_ operation: ControlOperation) -> RoleSet {
        let question = OperationQuestion(operation, words)
        switch question.form {
        case .engine(let index): return byEngineOperation[Int32(index)]
        case .keys:
            var found = RoleSet()
            question.forEachKey { if let row = row($0) { found.formUnion(rows[row].roles) } }
            return found
        case .path(let verb, let path):
            var found = RoleSet()
            for known in OperationSet.Path.covering(verb, path, prefixes: prefixLengths) {
                if let roles = byPath[known] { found.formUnion(roles) }
            }
            return found
        }
    }

    /// Changes what has changed only: copies share the rest.
    private mutating func set(_ old: [ControlOperation], _ new: [ControlOperation], of role: Int32) {
        let same = zip(old, new).prefix { $0 == $1 }.count
        let (gone, come) = (Set(old[same...]), Set(new[same...]))
        // What is there twice stays with the other one.
        for operation in gone.subtracting(come).subtracting(new) { withRoles(having: operation) { $0.remove(role) } }
        for operation in come.subtracting(gone) { withRoles(having: operation) { $0.insert(role) } }
    }

    private mutating func withRoles(having operation: ControlOperation, _ change: (inout RoleSet) -> Void) {
        let key = OperationSet.Key(operation, &words)
        switch key {
        case .engine(let index): change(&byEngineOperation[Int32(index)])
        case .resource:
            let row = row(key) ?? addRow(key)
            change(&rows[row].roles)
        case .path(let path):
            if path.isPrefix { prefixLengths.insert(path.path.utf8.count) }
            change(&byPath[path, default: RoleSet()])
        }
    }

    private mutating func addRow(_ key: OperationSet.Key) -> Int32 {
        let row = rows.append(Row(key: key))
        byKey.insert(row, Self.hash(key))
        return row
    }

    private func row(_ key: OperationSet.Key) -> Int32? { byKey.find(Self.hash(key)) { rows[$0].key == key } }

    private static func hash(_ key: OperationSet.Key) -> UInt64 {
        guard case .resource(let resource, let verb) = key else { return 0 }
        return NameHash.hash(resource, in: UInt64(verb))
    }
}

/// Some of the roles, a bit for each.
struct RoleSet: Sendable {
    private var words: [UInt64] = []

    @inline(__always)
    func contains(_ role: Int32) -> Bool {
        let place = Int(role) / 64
        return place < words.count && words[place] >> UInt64(role % 64) & 1 != 0
    }

    mutating func insert(_ role: Int32) {
        let place = Int(role) / 64
        if place >= words.count { words += Array(repeating: 0, count: place + 1 - words.count) }
        words[place] |= 1 << UInt64(role % 64)
    }

    mutating func remove(_ role: Int32) {
        if contains(role) { words[Int(role) / 64] &= ~(1 << UInt64(role % 64)) }
    }

    mutating func formUnion(_ other: RoleSet) {
        guard !words.isEmpty else { return words = other.words }
        if other.words.count > words.count {
            words += Array(repeating: 0, count: other.words.count - words.count)
        }
        for place in other.words.indices { words[place] |= other.words[place] }
    }
}
