public import AccessModel

/// Which items of a list are wanted. A list passes over what its items do not have.
public struct ListFilter: Hashable, Sendable {
    public enum Source: Hashable, Sendable {
        /// Made here.
        case local
        case directory(String)
    }

    /// Part of the name or the full name. The case of ASCII letters does not count.
    public var contains: String?
    public var isActive: Bool?
    /// Where an account comes from.
    public var source: Source?
    /// The role of a member.
    public var role: String?
    /// Of a repository.
    public var visibility: Repository.Visibility?
    /// What the reader may do with a repository at least.
    public var level: AccessLevel?

    public init() {}

    public static let all = ListFilter()

    /// Whether any of these names has the part that is wanted.
    func matches(_ names: String...) -> Bool {
        guard let contains = contains?.lowercasedASCII else { return true }
        return names.contains { $0.lowercasedASCII.contains(contains) }
    }

    func matches(_ member: MemberView<some Any>, role: String) -> Bool {
        matches(member.user.rawValue, member.fullName) && isActive.map { $0 == member.isActive } ?? true
            && self.role.map { $0 == role } ?? true
    }
}

/// A part of a list, and how many items there are in all of it, if that was asked for.
public struct Listing<Item: Sendable>: Sendable {
    public let items: [Item]
    public let count: Int?

    public init(_ items: [Item], count: Int? = nil) { (self.items, self.count) = (items, count) }

    func map<Other>(_ transform: (Item) throws(AccessError) -> Other) throws(AccessError) -> Listing<Other> {
        Listing<Other>(try items.map(transform), count: count)
    }
}
