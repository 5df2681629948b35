/// What a user is a member of: an organisation, or a team of one.
struct Membership: Sendable {
    let organization: Int32
    /// nil for the organisation itself.
    var team: Int32? { place < 0 ? nil : place }
    /// Whether the role is the raised one: owner, maintainer.
    var isRaised: Bool
    /// The organisation comes before its teams.
    private let place: Int32

    init(organization: Int32, team: Int32?, isRaised: Bool) {
        self.organization = organization
        self.isRaised = isRaised
        place = team ?? -1
    }

    fileprivate var key: Int64 { Self.key(organization, place) }
    fileprivate static func key(_ organization: Int32, _ place: Int32) -> Int64 {
        Int64(organization) << 32 + Int64(place)
    }
}

/// A user's memberships, those of one organisation side by side: a decision is about one namespace,
/// and looks at nothing else.
struct Memberships: Sendable, Sequence {
    private var entries: [Membership] = []

    func makeIterator() -> IndexingIterator<[Membership]> { entries.makeIterator() }

    /// Visits what concerns one organisation: itself first, then its teams.
    @inline(__always)
    func forEach(in organization: Int32, _ visit: (Membership) -> Void) {
        entries.withUnsafeBufferPointer { entries in
            var place = Self.place(of: Membership.key(organization, -1), in: entries)
            while place < entries.count, entries[place].organization == organization {
                visit(entries[place])
                place += 1
            }
        }
    }

    func contains(in organization: Int32, where matches: (Membership) -> Bool) -> Bool {
        var isFound = false
        forEach(in: organization) { if matches($0) { isFound = true } }
        return isFound
    }

    /// - Returns: whether it was not there.
    mutating func set(_ membership: Membership) -> Bool {
        let place = entries.withUnsafeBufferPointer { Self.place(of: membership.key, in: $0) }
        if place < entries.count, entries[place].key == membership.key {
            entries[place] = membership
            return false
        }
        entries.insert(membership, at: place)
        return true
    }

    mutating func remove(organization: Int32, team: Int32?) {
        let key = Membership.key(organization, team ?? -1)
        let place = entries.withUnsafeBufferPointer { Self.place(of: key, in: $0) }
        if place < entries.count, entries[place].key == key { entries.remove(at: place) }
    }

    /// The first place whose key is not less.
    private static func place(of key: Int64, in entries: UnsafeBufferPointer<Membership>) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// A member, from the side of the team or organisation.
struct Link: Sendable {
    var index: Int32
    /// Whether the role is the raised one: owner, maintainer.
    var isRaised: Bool
}

extension [Link] {
    /// - Parameter isNew: whether it is known not to be there: the members of an organisation are many
    ///   to search.
    mutating func set(_ index: Int32, isRaised: Bool, isNew: Bool) {
        if !isNew, let place = firstIndex(where: { $0.index == index }) {
            self[place].isRaised = isRaised
        } else {
            append(Link(index: index, isRaised: isRaised))
        }
    }

    mutating func remove(_ index: Int32) {
        if let place = firstIndex(where: { $0.index == index }) { swapAt(place, count - 1); removeLast() }
    }
}

/// A team, user or service account as the subject of a grant, or a repository or namespace as
/// its target, in one word so that lists of them sort and search quickly.
struct GrantEnd: Hashable, Sendable, Comparable {
    enum Kind: UInt8 { case team, user, serviceAccount, repository, namespace }
    private let word: UInt64

    init(_ kind: Kind, _ index: Int32) { word = UInt64(kind.rawValue) << 32 | UInt64(UInt32(bitPattern: index)) }

    var kind: Kind { Kind(rawValue: UInt8(truncatingIfNeeded: word >> 32)) ?? .namespace }
    var index: Int32 { Int32(truncatingIfNeeded: word) }

    static func < (left: Self, right: Self) -> Bool { left.word < right.word }
}

/// A grant seen from one end.
struct GrantLink: Sendable {
    /// The other end.
    var end: GrantEnd
    var level: AccessLevel
    /// `Int64.max` for a grant without end.
    var expiresAt: Int64

    /// A grant counts for nothing from `now >= expires_at` on.
    func counts(at now: Timestamp) -> Bool { now.microseconds < expiresAt }

    var expiry: Timestamp? { expiresAt == .max ? nil : Timestamp(microseconds: expiresAt) }
}

/// Grants sorted by their other end.
struct GrantLinks: Sendable, Sequence {
    private var links: [GrantLink] = []

    func makeIterator() -> IndexingIterator<[GrantLink]> { links.makeIterator() }

    private func place(of end: GrantEnd) -> Int {
        var low = 0
        var high = links.count
        while low < high {
            let middle = (low + high) / 2
            if links[middle].end < end { low = middle + 1 } else { high = middle }
        }
        return low
    }

    subscript(end: GrantEnd) -> GrantLink? {
        let place = place(of: end)
        return place < links.count && links[place].end == end ? links[place] : nil
    }

    mutating func set(_ link: GrantLink) {
        let place = place(of: link.end)
        if place < links.count && links[place].end == link.end {
            links[place] = link
        } else {
            links.insert(link, at: place)
        }
    }

    mutating func remove(_ end: GrantEnd) {
        let place = place(of: end)
        if place < links.count && links[place].end == end { links.remove(at: place) }
    }
}

struct AccountNode: Sendable {
    let id: AccountID
    var name: AccountName
    var isUser: Bool
    var exists = true
    var isActive: Bool
    var isSystemAdmin: Bool
    var isDecisionReader: Bool
    var createsRepositoriesOnPush: Bool

    // Of a user.
    var memberships = Memberships()
    /// What a user was given directly.
    var held = GrantLinks()

    // Of an organisation.
    var members: [Link] = []
    /// Those of the members who own it.
    var owners: [Int32] = []
    var ownedTeams: [Int32] = []

    // Of a namespace.
    var repositories: [Int32] = []
    var serviceAccounts: [Int32] = []
    /// What was given on the namespace.
    var grants = GrantLinks()
}

struct TeamNode: Sendable {
    let id: TeamID
    var name: TeamName
    var organization: Int32
    var exists = true
    var parent: Int32?
    var children: [Int32] = []
    var members: [Link] = []
    var held = GrantLinks()
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
    var held = GrantLinks()
}

struct RepositoryNode: Sendable {
    let id: RepositoryID
    var name: String
    var namespace: Int32
    var exists = true
    var isPublic: Bool
    var grants = GrantLinks()
}

extension [Int32] {
    mutating func drop(_ value: Int32) {
        if let place = firstIndex(of: value) { swapAt(place, count - 1); removeLast() }
    }
}
