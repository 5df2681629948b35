/// An image repository, `namespace/name`.
public struct Repository: Hashable, Sendable, Codable {
    public enum Visibility: String, Hashable, Sendable, Codable, CaseIterable {
        case `private`, `public`
    }

    public var id: RepositoryID
    public var namespace: AccountID
    /// Everything behind the namespace; may have several components.
    public var name: String
    public var visibility: Visibility
    public var description: String

    public init(
        id: RepositoryID, namespace: AccountID, name: String, visibility: Visibility = .private,
        description: String = ""
    ) {
        self.id = id
        self.namespace = namespace
        self.name = name
        self.visibility = visibility
        self.description = description
    }
}

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
