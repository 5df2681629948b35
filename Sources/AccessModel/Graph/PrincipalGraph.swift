/// Users, organisations, teams and service accounts: who there is, who is in what, and who is active. Each plane has
/// its own columns over these indices.
struct PrincipalGraph: Sendable {
    var accounts = AccountTable()
    var teams = TeamTable()
    var serviceAccounts = ChunkedArray<64, ServiceAccountNode>()

    var serviceAccountsByID = HashIndex()
    /// By name under their owner.
    var serviceAccountsByName = HashIndex()

    /// Users who are system administrators, active or not.
    var administrators: [Int32] = []
}

/// A name with its packed form and its hash. Both are made before the tables are read, so that two look-ups can wait for
/// memory at the same time.
struct AccountKey {
    let name: AccountName
    let packed: PackedName
    let hash: UInt64

    @inline(__always)
    init(_ name: AccountName) {
        self.name = name
        packed = PackedName(name.rawValue)
        hash = packed.hash
    }
}

/// Users and organisations. The list of a row is what a user is in; its link is an organisation's place among these.
struct AccountTable: Sendable {
    var rows = NamedRows<Membership>()
    var ids = ChunkedArray<256, AccountID>()
    private(set) var names = ChunkedArray<256, AccountName>()
    var organizations = ChunkedArray<64, OrganizationNode>()
    private var byID = HashIndex()
    private var byName = HashIndex()
    /// The first so many came in the order of their names: their index is their rank, but for those renamed.
    private(set) var orderedCount: Int32 = 0

    var indices: Range<Int32> { rows.indices }

    mutating func append(_ account: Account) -> Int32 {
        var flags: RowFlags = .exists
        flags.set(.isUser, account.kind == .user)
        flags.set(account)
        let name = PackedName(account.name.rawValue)
        let link =
            account.kind == .user ? -1 : organizations.append(OrganizationNode(account: Int32(rows.indices.count)))
        let index = rows.append(NamedRow(name: name, link: link, flags: flags))
        // What the one before was called when it came is not known any more once it was renamed.
        if index == orderedCount, index == 0 || isInOrder(index - 1) && names[index - 1] < account.name {
            orderedCount += 1
        }
        ids.append(account.id)
        names.append(account.name)
        byID.insert(index, NameHash.hash(account.id.rawValue))
        byName.insert(index, name.hash)
        return index
    }

    mutating func remove(_ index: Int32) {
        rows[index].flags.subtract([.exists, .isActive])
        byID.remove(index, NameHash.hash(ids[index].rawValue))
        byName.remove(index, rows[index].name.hash)
    }

    mutating func rename(_ index: Int32, _ name: AccountName) {
        byName.remove(index, rows[index].name.hash)
        rows[index].name = PackedName(name.rawValue)
        rows[index].flags.insert(.isRenamed)
        names[index] = name
        byName.insert(index, rows[index].name.hash)
    }

    /// The place of an organisation among these; nil for a user.
    func place(ofOrganization index: Int32) -> Int32? { rows[index].link < 0 ? nil : rows[index].link }

    /// All organisations that there are or were.
    var organizationIndices: [Int32] { organizations.indices.map { organizations[$0].account } }

    /// Those who own it, if it is an organisation.
    func owners(of index: Int32) -> [Int32] { place(ofOrganization: index).map { organizations[$0].owners } ?? [] }

    func find(_ id: AccountID) -> Int32? { byID.find(NameHash.hash(id.rawValue)) { ids[$0] == id } }

    func find(_ name: AccountName) -> Int32? {
        let key = AccountKey(name)
        return byName.find(key.hash) { isNamed($0, key) }
    }

    @inline(__always)
    func guess(_ key: AccountKey) -> Int32? { byName.guess(key.hash) }

    @inline(__always)
    func find(_ key: AccountKey, guessed guess: Int32?) -> Int32? {
        byName.find(key.hash, guessed: guess) { isNamed($0, key) }
    }

    @inline(__always)
    func isNamed(_ index: Int32, _ key: AccountKey) -> Bool {
        rows[index].name == key.packed && (key.packed.isWhole || names[index] == key.name)
    }

    @inline(__always)
    func has(_ flag: RowFlags, _ index: Int32) -> Bool { rows[index].flags.contains(flag) }

    /// Whether its place among the others of which this is true is that of its name.
    @inline(__always)
    func isInOrder(_ index: Int32) -> Bool { index < orderedCount && !has(.isRenamed, index) }
}

extension RowFlags {
    /// What may change of an account.
    mutating func set(_ account: Account) {
        set(.isActive, account.isActive)
        set(.isSystemAdmin, account.isSystemAdmin)
        set(.isDecisionReader, account.isDecisionReader)
    }
}

/// What a check does not ask of an organisation.
struct OrganizationNode: Sendable {
    /// Its own index among the accounts.
    let account: Int32
    var members = SortedWords<Member>()
    /// Those of the members who own it.
    var owners: [Int32] = []
    var teams: [Int32] = []
}

struct TeamTable: Sendable {
    var places = ChunkedArray<256, TeamPlace>()
    var nodes = ChunkedArray<64, TeamNode>()
    private var byID = HashIndex()
    /// By name in their organisation.
    private var byName = HashIndex()

    mutating func append(_ team: Team, _ place: TeamPlace) -> Int32 {
        nodes.append(TeamNode(id: team.id, name: team.name))
        let index = places.append(place)
        byID.insert(index, NameHash.hash(team.id.rawValue))
        byName.insert(index, NameHash.hash(team.name, in: place.organization))
        return index
    }

    mutating func remove(_ index: Int32) {
        byID.remove(index, NameHash.hash(nodes[index].id.rawValue))
        byName.remove(index, NameHash.hash(nodes[index].name, in: places[index].organization))
    }

    mutating func rename(_ index: Int32, _ name: TeamName) {
        guard nodes[index].name != name else { return }
        byName.remove(index, NameHash.hash(nodes[index].name, in: places[index].organization))
        nodes[index].name = name
        byName.insert(index, NameHash.hash(name, in: places[index].organization))
    }

    func find(_ name: TeamName, in organization: Int32) -> Int32? {
        byName.find(NameHash.hash(name, in: organization)) {
            places[$0].organization == organization && nodes[$0].name == name
        }
    }

    func find(_ id: TeamID) -> Int32? { byID.find(NameHash.hash(id.rawValue)) { nodes[$0].id == id } }

    mutating func addChild(_ index: Int32, to parent: Int32) {
        nodes[parent].children.append(index)
        places[parent].hasChildren = true
    }

    mutating func removeChild(_ index: Int32, from parent: Int32) {
        nodes[parent].children.drop(index)
        places[parent].hasChildren = !nodes[parent].children.isEmpty
    }

    func parent(of index: Int32) -> Int32? {
        let parent = places[index].parent
        return parent < 0 ? nil : parent
    }
}

/// What a decision asks of a team.
struct TeamPlace: BitwiseCopyable, Sendable {
    let organization: Int32
    /// -1 for none.
    var parent: Int32
    var hasChildren = false
}

struct TeamNode: Sendable {
    let id: TeamID
    var name: TeamName
    var children: [Int32] = []
    var members = SortedWords<Member>()
}

struct ServiceAccountNode: Sendable {
    let id: ServiceAccountID
    var name: TeamName
    var owner: Int32
    var exists = true
    var isActive: Bool
    var isDecisionReader: Bool
    /// `Int64.max` for never.
    var expiresAt: Int64
}

extension [Int32] {
    mutating func drop(_ value: Int32) {
        if let place = firstIndex(of: value) { swapAt(place, count - 1); removeLast() }
    }
}
