/// The registry's own: repositories, and who was given what on them and on namespaces. Columns over the indices of
/// the principals, in the same order.
struct RegistryPlane: Sendable {
    var repositories = RepositoryTable()
    /// By account.
    var namespaces = ChunkedArray<256, NamespaceNode>()
    /// By team: what it has on the namespace of its own organisation. A decision asks for it of every team that
    /// it meets, and so finds it without any list of the namespace.
    var teamLevels = ChunkedArray<256, NamespaceLevel>()
    /// What was given to each, by the index of the subject.
    var heldByUsers = ChunkedArray<256, SortedWords<GrantLink>>()
    var heldByTeams = ChunkedArray<64, SortedWords<GrantLink>>()
    var heldByServiceAccounts = ChunkedArray<64, SortedWords<GrantLink>>()
    var publicRepositories: [Int32] = []

    /// nil for what is not known.
    func side(of subject: GrantSubject, _ principals: PrincipalGraph) -> GrantSide? {
        switch subject {
        case .team(let id): principals.teams.find(id).map { GrantSide(.team, $0) }
        case .user(let id): principals.accounts.find(id).map { GrantSide(.account, $0) }
        case .serviceAccount(let id): principals.index(of: id).map { GrantSide(.serviceAccount, $0) }
        }
    }

    func side(of target: GrantTarget, _ principals: PrincipalGraph) -> GrantSide? {
        switch target {
        case .repository(let id): repositories.find(id).map { GrantSide(.repository, $0) }
        case .namespace(let id): principals.accounts.find(id).map { GrantSide(.account, $0) }
        }
    }

    func held(by subject: GrantSide) -> SortedWords<GrantLink> {
        switch subject.kind {
        case .team: heldByTeams[subject.index]
        case .account: heldByUsers[subject.index]
        default: heldByServiceAccounts[subject.index]
        }
    }

    func grants(on target: GrantSide) -> SortedWords<GrantLink> {
        target.kind == .repository ? repositories.grants(on: target.index) : namespaces[target.index].grants
    }

    /// When a grant ends, as one of its sides has it; `Int64.max` for one that does not.
    @inline(__always)
    func end(of link: GrantLink, on target: GrantSide) -> Int64 {
        guard link.ends else { return .max }
        return target.kind == .repository
            ? repositories.ends[target.index][link.other] : namespaces[target.index].ends[link.other]
    }

    /// A grant counts for nothing from `now >= expires_at` on.
    @inline(__always)
    func counts(_ link: GrantLink, on target: GrantSide, at now: Timestamp) -> Bool {
        !link.ends || now.microseconds < end(of: link, on: target)
    }

    /// `counts` for a grant as its subject has it.
    @inline(__always)
    func counts(_ link: GrantLink, to subject: GrantSide, at now: Timestamp) -> Bool {
        guard link.ends else { return true }
        return counts(GrantLink(subject, link.level, ends: true), on: link.other, at: now)
    }
}

/// `AccountKey` for a path.
struct PathKey {
    let path: RepositoryPath
    let namespace: AccountKey
    let name: PackedName
    let hash: UInt64

    @inline(__always)
    init(_ path: RepositoryPath) {
        self.path = path
        namespace = AccountKey(path.namespace)
        name = PackedName(path.name)
        hash = NameHash.hash(name.hash, in: namespace.hash)
    }
}

/// Repositories by index. The list of a row is what was given on it.
struct RepositoryTable: Sendable {
    var rows = NamedRows<GrantLink>()
    var ids = ChunkedArray<256, RepositoryID>()
    private(set) var names = ChunkedArray<256, String>()
    var ends = ChunkedArray<256, GrantEnds>()
    private var byID = HashIndex()
    private var byPath = HashIndex()
    /// The first so many came in the order of their paths: their index is their rank, but for those renamed.
    private(set) var orderedCount: Int32 = 0

    var indices: Range<Int32> { rows.indices }

    mutating func append(_ repository: Repository, in namespace: Int32, of accounts: AccountTable) -> Int32 {
        let name = PackedName(repository.name)
        var flags: RowFlags = .exists
        flags.set(.isPublic, repository.visibility == .public)
        let index = rows.append(NamedRow(name: name, link: namespace, flags: flags))
        ids.append(repository.id)
        names.append(repository.name)
        ends.append(GrantEnds())
        // As of accounts: once the one before was renamed, nothing follows it in order.
        if index == orderedCount,
            index == 0 || isInOrder(index - 1) && path(of: index - 1, accounts) < path(of: index, accounts)
        {
            orderedCount += 1
        }
        byID.insert(index, NameHash.hash(repository.id.rawValue))
        byPath.insert(index, hash(of: index, accounts))
        return index
    }

    mutating func remove(_ index: Int32, of accounts: AccountTable) {
        rows[index].flags.remove(.exists)
        byID.remove(index, NameHash.hash(ids[index].rawValue))
        byPath.remove(index, hash(of: index, accounts))
    }

    mutating func rename(_ index: Int32, of accounts: AccountTable, to name: String, in namespace: Int32) {
        byPath.remove(index, hash(of: index, accounts))
        rows[index].name = PackedName(name)
        rows[index].link = namespace
        rows[index].flags.insert(.isRenamed)
        names[index] = name
        byPath.insert(index, hash(of: index, accounts))
    }

    /// The namespaces of `indices` are called something else now.
    mutating func renameNamespace(of indices: [Int32], from old: AccountTable, to new: AccountTable) {
        for index in indices {
            byPath.remove(index, hash(of: index, old))
            rows[index].flags.insert(.isRenamed)
            byPath.insert(index, hash(of: index, new))
        }
    }

    func find(_ id: RepositoryID) -> Int32? { byID.find(NameHash.hash(id.rawValue)) { ids[$0] == id } }

    @inline(__always)
    func guess(_ key: PathKey) -> Int32? { byPath.guess(key.hash) }

    /// - Parameter isNamespace: whether an account is the namespace of the path.
    @inline(__always)
    func find(_ key: PathKey, guessed guess: Int32?, where isNamespace: (Int32) -> Bool) -> Int32? {
        byPath.find(key.hash, guessed: guess) { index in
            rows[index].name == key.name && isNamespace(rows[index].link)
                && (key.name.isWhole || names[index] == key.path.name)
        }
    }

    private func hash(of index: Int32, _ accounts: AccountTable) -> UInt64 {
        NameHash.hash(rows[index].name.hash, in: accounts.rows[rows[index].link].name.hash)
    }

    private func path(of index: Int32, _ accounts: AccountTable) -> RepositoryPath {
        RepositoryPath(trustedNamespace: accounts.names[rows[index].link], name: names[index])
    }

    @inline(__always)
    func namespace(of index: Int32) -> Int32 { rows[index].link }

    @inline(__always)
    func has(_ flag: RowFlags, _ index: Int32) -> Bool { rows[index].flags.contains(flag) }

    /// Whether its place among the others of which this is true is that of its path.
    @inline(__always)
    func isInOrder(_ index: Int32) -> Bool { index < orderedCount && !has(.isRenamed, index) }

    func grants(on index: Int32) -> SortedWords<GrantLink> {
        var words: [UInt32] = []
        rows.forEachWord(of: index) { words.append($0.word) }
        return SortedWords(inOrder: words)
    }
}

/// An account as a namespace.
struct NamespaceNode: Sendable {
    var createsOnPush: Bool
    var repositories: [Int32] = []
    /// What was given on the namespace.
    var grants = SortedWords<GrantLink>()
    var ends = GrantEnds()
}

/// What a team has on its namespace.
struct NamespaceLevel: BitwiseCopyable, Sendable {
    /// nil for nothing.
    var level: AccessLevel? { bits & 3 == 0 ? nil : AccessLevel(rank: bits & 3) }
    var ends: Bool { bits & 4 != 0 }
    private let bits: UInt8

    static let none = NamespaceLevel(bits: 0)

    init(_ link: GrantLink) { bits = link.level.rank | (link.ends ? 4 : 0) }
    private init(bits: UInt8) { self.bits = bits }
}
