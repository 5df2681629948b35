// What the lists of the graph are made of.

/// What a user is in, as a decision asks for it: a team, or an organisation that they own.
struct Membership: KeyedWord {
    static let valueBits: UInt32 = 0
    private static let ownership: UInt32 = 1 << 31
    let word: UInt32

    init(word: UInt32) { self.word = word }
    init(team: Int32) { word = UInt32(bitPattern: team) }
    init(ownerOf organization: Int32) { word = UInt32(bitPattern: organization) | Self.ownership }

    /// nil for an organisation that they own.
    @inline(__always)
    var team: Int32? { word < Self.ownership ? Int32(bitPattern: word) : nil }

    /// nil for a team.
    @inline(__always)
    var ownedOrganization: Int32? { word < Self.ownership ? nil : Int32(bitPattern: word & ~Self.ownership) }
}

/// A user as a member of a team or an organisation.
struct Member: KeyedWord {
    static let valueBits: UInt32 = 1
    let word: UInt32

    init(word: UInt32) { self.word = word }

    /// - Parameter isRaised: whether the role is the higher one: owner, maintainer.
    init(_ user: Int32, isRaised: Bool = false) { word = UInt32(bitPattern: user) << 1 | (isRaised ? 1 : 0) }

    @inline(__always)
    var user: Int32 { Int32(bitPattern: word >> 1) }
    var isRaised: Bool { word & 1 != 0 }
}

/// The subject or the target of a grant.
struct GrantSide: Hashable, Sendable {
    enum Kind: UInt32 {
        case team
        /// A user as a subject, a namespace as a target.
        case account
        case serviceAccount
        case repository
    }

    let word: UInt32

    init(_ kind: Kind, _ index: Int32) { word = kind.rawValue << 27 | UInt32(bitPattern: index) }
    fileprivate init(word: UInt32) { self.word = word }

    var kind: Kind { Kind(rawValue: word >> 27) ?? .repository }
    /// One of at most 2²⁷: more of anything does not fit into a graph.
    @inline(__always)
    var index: Int32 { Int32(bitPattern: word & 0x7FF_FFFF) }
}

/// A grant as one of its sides has it: the other side, the level, and whether it ends. The end is with the target.
struct GrantLink: KeyedWord {
    static let valueBits: UInt32 = 3
    let word: UInt32

    init(word: UInt32) { self.word = word }

    init(_ other: GrantSide, _ level: AccessLevel, ends: Bool) {
        word = other.word << 3 | (ends ? 4 : 0) | UInt32(level.rank)
    }

    /// For a search only.
    @inline(__always)
    init(to other: GrantSide) { word = other.word << 3 }

    @inline(__always)
    var other: GrantSide { GrantSide(word: word >> 3) }
    @inline(__always)
    var level: AccessLevel { AccessLevel(rank: UInt8(truncatingIfNeeded: word & 3)) }
    @inline(__always)
    var ends: Bool { word & 4 != 0 }
}

/// When the grants on a target end, of those that do.
struct GrantEnds: Sendable {
    private var ends: [(subject: GrantSide, moment: Int64)] = []

    var moments: some Sequence<Int64> { ends.lazy.map(\.moment) }

    /// `Int64.max` for one that does not end.
    subscript(subject: GrantSide) -> Int64 {
        let place = place(of: subject)
        return place < ends.count && ends[place].subject == subject ? ends[place].moment : .max
    }

    mutating func set(_ subject: GrantSide, _ moment: Int64) {
        let place = place(of: subject)
        if place < ends.count, ends[place].subject == subject { ends.remove(at: place) }
        if moment != .max { ends.insert((subject, moment), at: place) }
    }

    private func place(of subject: GrantSide) -> Int {
        var (low, high) = (0, ends.count)
        while low < high {
            let middle = (low + high) / 2
            if ends[middle].subject.word < subject.word { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
