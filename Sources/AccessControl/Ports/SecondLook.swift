public import AccessModel

/// What a reading did not give, or gave less of than there was, to be asked for once more and in another way before
/// anything is taken on its account.
public struct SecondLook: Hashable, Sendable {
    /// People who were not read. Of many, some are asked for: more are for the brake.
    public var people: [DirectoryLink]
    /// Groups that were not read.
    public var groups: [KnownGroup]
    /// Groups on whose account somebody loses something, with the names that they were read under.
    public var fed: [KnownGroup]
    /// People who lose something on account of groups, and were read under another name than they had.
    public var moved: [DirectoryLink]

    public init(
        people: [DirectoryLink] = [], groups: [KnownGroup] = [], fed: [KnownGroup] = [], moved: [DirectoryLink] = []
    ) {
        self.people = people
        self.groups = groups
        self.fed = fed
        self.moved = moved
    }

    public var isEmpty: Bool { people.isEmpty && groups.isEmpty && fed.isEmpty && moved.isEmpty }

    /// Whether another one asked for all of it.
    func isWithin(_ other: SecondLook) -> Bool {
        Set(people).isSubset(of: other.people) && Set(fed.map(\.externalID)).isSubset(of: other.fed.map(\.externalID))
            && Set(moved).isSubset(of: other.moved)
    }

    public struct Answer: Hashable, Sendable {
        /// Somebody whose entry is where it was and passes the filter.
        public var unreadPerson: DirectoryLink?
        /// A group that is there and passes the filter.
        public var unreadGroup: KnownGroup?
        /// Groups of which the directory does not say that they are no more.
        public var unclearGroups: [KnownGroup] = []
        /// Somebody who is not where they were read.
        public var misplacedPerson: DirectoryLink?
        /// The groups on whose account somebody loses something, read anew.
        public var fed: [DirectoryGroup] = []

        public init() {}
    }
}
