/// What somebody may do with a repository, or with every repository of a namespace.
public enum AccessLevel: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    case readOnly = "read-only"
    case readWrite = "read-write"
    case admin

    var rank: UInt8 {
        switch self {
        case .readOnly: 1
        case .readWrite: 2
        case .admin: 3
        }
    }

    /// - Parameter rank: 1 to 3.
    init(rank: UInt8) { self = rank == 1 ? .readOnly : rank == 2 ? .readWrite : .admin }

    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}
