/// What a reading of the directory says by the settings' rules: who there is, and who belongs
/// where. Made from a snapshot by `init(_:settings:)`, without any knowledge of accounts.
public struct ResolvedDirectory: Hashable, Sendable {
    /// Everybody who was read, each identity once, in order of `externalID`.
    public var people: [ResolvedPerson]
    /// One for each rule, in the order of the settings.
    public var feeds: [ResolvedFeed]
    public var usersReading: Completeness
    public var groupsReading: Completeness
    public var notes: [SyncNote]

    public init(
        people: [ResolvedPerson], feeds: [ResolvedFeed], usersReading: Completeness = .complete,
        groupsReading: Completeness = .complete, notes: [SyncNote] = []
    ) {
        self.people = people
        self.feeds = feeds
        self.usersReading = usersReading
        self.groupsReading = groupsReading
        self.notes = notes
    }
}

/// A person of the directory.
public struct ResolvedPerson: Hashable, Sendable {
    public var externalID: String
    public var dn: String
    /// The login in ASCII lower case, or why it cannot name an account. Somebody who has an
    /// account already keeps it under its name.
    public var name: Result<AccountName, Refusal>
    public var fullName: String
    public var email: String?
    /// nil for a person who may log in; else why not: "disabled", "expired on 2026-03-01".
    public var inactiveReason: String?

    public struct Refusal: Error, Hashable, Sendable {
        public var reason: String
        public init(reason: String) { self.reason = reason }
    }

    public init(
        externalID: String, dn: String, name: Result<AccountName, Refusal>, fullName: String = "", email: String? = nil,
        inactiveReason: String? = nil
    ) {
        self.externalID = externalID
        self.dn = dn
        self.name = name
        self.fullName = fullName
        self.email = email
        self.inactiveReason = inactiveReason
    }

    public var isActive: Bool { inactiveReason == nil }
}

/// The people whom one rule feeds into a team, an organisation or the system administrators.
public struct ResolvedFeed: Hashable, Sendable {
    public var rule: DirectorySettings.Rule
    /// The group for sentences: its DN as the server wrote it, or the rule's text if it was not found.
    public var group: String
    /// The external ids of all members, nested groups and primary group included, ascending.
    public var members: [String]
    /// Whether `members` is everybody. If not, the feed is frozen: it may add, never remove.
    public var reading: Completeness

    public init(rule: DirectorySettings.Rule, group: String, members: [String], reading: Completeness = .complete) {
        self.rule = rule
        self.group = group
        self.members = members
        self.reading = reading
    }
}

extension Completeness {
    public var isComplete: Bool { self == .complete }

    /// Why it is incomplete; nil if it is complete.
    public var reason: String? {
        switch self {
        case .complete: nil
        case .incomplete(let reason): reason
        }
    }
}
