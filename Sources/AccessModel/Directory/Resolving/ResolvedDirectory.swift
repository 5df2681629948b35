/// What a reading of the directory says by the settings' rules: who there is, and who belongs
/// where. Made from a snapshot by `init(_:settings:)`, without any knowledge of accounts.
public struct ResolvedDirectory: Hashable, Sendable {
    /// Everybody who was read, each identity once, in order of `externalID`.
    public var people: [ResolvedPerson]
    /// One for each rule, in the order of the settings.
    public var feeds: [ResolvedFeed]
    public var usersReading: Completeness
    public var groupsReading: Completeness
    /// How many groups were read, whatever the rules say of them.
    public var groupsRead = 0
    /// Why what some groups fed is frozen; nil if all that fed something were read.
    public var lostGroups: String?
    /// How far the directory's servers had come.
    public var clock = DirectoryClock()
    public var notes: [SyncNote]
    /// What the settings say on how far a plan may go.
    public var policy: SyncPolicy
    /// When it was resolved: what expires by then has expired.
    public var time: Timestamp

    /// Why the searches did not give everything, each in words.
    var searchesReasons: [String] {
        switch (usersReading.reason, groupsReading.reason) {
        case (nil, nil): []
        case (let users?, let groups?) where users == groups: ["the searches were not complete: \(users)"]
        case (let users, let groups):
            [
                users.map { "the search for users was not complete: \($0)" },
                groups.map { "the search for groups was not complete: \($0)" },
            ].compactMap(\.self)
        }
    }

    /// All of that in one; nil if they gave everything.
    public var searchesReason: String? {
        let reasons = searchesReasons
        return reasons.isEmpty ? nil : reasons.joined(separator: "; ")
    }

    public init(
        people: [ResolvedPerson], feeds: [ResolvedFeed], usersReading: Completeness = .complete,
        groupsReading: Completeness = .complete, notes: [SyncNote] = [], policy: SyncPolicy = SyncPolicy(),
        time: Timestamp
    ) {
        self.people = people
        self.feeds = feeds
        self.usersReading = usersReading
        self.groupsReading = groupsReading
        self.notes = notes
        self.policy = policy
        self.time = time
    }
}

/// What a plan does beyond comparing.
public struct SyncPolicy: Hashable, Sendable {
    /// Whether people get their accounts here, and not at their first login.
    public var createsAccounts = true
    /// Whether teams lose the members that no group names, whoever made them members.
    public var removesLocalMembers = false
    /// Seconds for which what people have who are gone rests.
    public var confirmsLeaversAfterSeconds: Int64 = 6 * 3_600
    /// Days after which somebody who has gone is deleted; nil for never.
    public var deletesLeaversAfterDays: Int?
    /// Whether patterns make teams: then a team of this directory that nothing feeds has lost its group.
    public var makesTeams = false
    /// Whether patterns make organisations: then one of this directory that nothing feeds has lost its group.
    public var makesOrganizations = false
    /// Whether a pattern names owners: then an organisation of this directory without such a group has lost it.
    public var makesOwners = false

    public init() {}

    init(_ settings: DirectorySettings) {
        createsAccounts = !settings.justInTime
        removesLocalMembers = settings.localMembers == .remove
        confirmsLeaversAfterSeconds = settings.confirmsLeaversAfter.seconds
        deletesLeaversAfterDays = settings.deletesLeaversAfterDays
        makesTeams = settings.patterns.contains(where: \.feedsTeams)
        makesOrganizations = !settings.patterns.isEmpty
        makesOwners = settings.patterns.contains { $0.role == .owner }
    }
}

/// A person of the directory.
public struct ResolvedPerson: Hashable, Sendable {
    public var externalID: String
    public var dn: String
    /// The login in ASCII lower case, or why it cannot name an account. Somebody who has an
    /// account already keeps it under its name.
    public var name: Result<AccountName, Refusal>
    /// Whether the entry shows a login. Who shows none is not made active again: perhaps what made them inactive
    /// is hidden as well.
    public var hasLogin = true
    public var fullName: String
    public var email: String?
    /// A second name to log in with, in lower case.
    public var principalName: String?
    /// nil for a person who may log in; else why not: "disabled", "expired on 2026-03-01".
    public var inactiveReason: String?

    public struct Refusal: Error, Hashable, Sendable {
        public var reason: String
        public init(reason: String) { self.reason = reason }
    }

    public init(
        externalID: String, dn: String, name: Result<AccountName, Refusal>, fullName: String = "", email: String? = nil,
        principalName: String? = nil, inactiveReason: String? = nil
    ) {
        self.externalID = externalID
        self.dn = dn
        self.name = name
        self.fullName = fullName
        self.email = email
        self.principalName = principalName
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
    /// The names of members outside of what is read, who may be people of another directory, in order.
    public var elsewhere: [String]
    /// The group, then the groups in it, by identity and name.
    public var groups: [Group] = []
    /// Members by logins that nobody who was read shows, in ASCII lower case: perhaps somebody's who shows none.
    public var unknownLogins: Set<String> = []
    /// Whether the rule comes from a pattern, which makes the team or organisation that it feeds.
    public var makesTarget: Bool
    /// Whether `members` is everybody. If not, the feed is frozen: it may add, never remove.
    public var reading: Completeness

    public struct Group: Hashable, Sendable {
        public var externalID: String
        public var dn: String
    }

    public init(
        rule: DirectorySettings.Rule, group: String, members: [String], elsewhere: [String] = [],
        makesTarget: Bool = false, reading: Completeness = .complete
    ) {
        self.rule = rule
        self.group = group
        self.members = members
        self.elsewhere = elsewhere
        self.makesTarget = makesTarget
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
