/// What was read of a directory at one time, raw: names and references as the server gave
/// them, and for each part whether all of it arrived.
public struct DirectorySnapshot: Hashable, Sendable {
    public var users: [DirectoryUser]
    public var groups: [DirectoryGroup]
    /// Whether `users` holds everybody whom the user search selects.
    public var usersReading: Completeness
    /// Whether `groups` holds every group that the group search selects.
    public var groupsReading: Completeness
    /// References to other servers and partitions that were noted and not followed.
    public var referrals: [String]
    /// The DNs of entries that stand for others (RFC 4512, 2.6), which are not followed.
    public var aliases: [String] = []

    public init(
        users: [DirectoryUser], groups: [DirectoryGroup], usersReading: Completeness = .complete,
        groupsReading: Completeness = .complete, referrals: [String] = []
    ) {
        self.users = users
        self.groups = groups
        self.usersReading = usersReading
        self.groupsReading = groupsReading
        self.referrals = referrals
    }
}

/// An error, a timeout, a lost page, a size limit or a missing base makes a reading incomplete.
/// What is incomplete may add and never remove.
public enum Completeness: Hashable, Sendable {
    case complete
    case incomplete(reason: String)
}

public struct DirectoryUser: Hashable, Sendable {
    /// `objectGUID` in its dashed, lower-case text form, or `entryUUID`.
    public var externalID: String
    /// The distinguished name as the server wrote it (RFC 4514).
    public var dn: String
    /// The value of the login attribute as the server gave it; nil if there is none. Of several the one in the DN, else
    /// the first in the order of bytes.
    public var login: String?
    /// The others, in order. A group may name the person by them.
    public var otherLogins: [String] = []
    public var fullName: String
    public var email: String?
    /// A second name to log in with, in lower case: `elton@corp.example.com`.
    public var principalName: String?
    /// nil for a person whose entry lets them log in; else why not: "disabled", "locked".
    public var inactiveReason: String?
    /// From when on they may not log in any more. Comes by itself, without a change of the entry.
    public var expiresAt: Timestamp?
    /// From when on they may log in. Comes by itself, too.
    public var startsAt: Timestamp?
    /// The primary group, whose member attribute does not name the user.
    public var primaryGroup: PrimaryGroup?

    public init(
        externalID: String, dn: String, login: String?, fullName: String = "", email: String? = nil,
        principalName: String? = nil, inactiveReason: String? = nil, expiresAt: Timestamp? = nil,
        primaryGroup: PrimaryGroup? = nil
    ) {
        self.externalID = externalID
        self.dn = dn
        self.login = login
        self.fullName = fullName
        self.email = email
        self.principalName = principalName
        self.inactiveReason = inactiveReason
        self.expiresAt = expiresAt
        self.primaryGroup = primaryGroup
    }

    /// nil for a person who may log in at that time; else why not: "disabled", "expired on 2026-03-01".
    public func inactiveReason(at time: Timestamp) -> String? {
        if let inactiveReason { return inactiveReason }
        if let startsAt, time < startsAt { return "not before \(startsAt.description.prefix(10))" }
        guard let expiresAt, expiresAt <= time else { return nil }
        return "expired on \(expiresAt.description.prefix(10))"
    }
}

/// The one group that a person is in by the person's own entry.
public enum PrimaryGroup: Hashable, Sendable {
    /// `DirectoryGroup.primaryID`.
    case id(String)
    /// There is one, and the bind account may not read which.
    case hidden
}

public struct DirectoryGroup: Hashable, Sendable {
    public var externalID: String
    public var dn: String
    /// What names it as somebody's primary group: Active Directory's objectSid as text (`S-1-5-21-…-513`), or the
    /// gidNumber of a posixGroup.
    public var primaryID: String?
    /// What the group's member attributes hold, as written: DNs, or for posixGroup login names.
    public var members: [MemberReference]
    /// Whether the server makes the members when it is asked: they may change without the group.
    public var isComputed = false
    /// Whether `members` is all of them (ranged retrieval may break off).
    public var membersReading: Completeness

    public init(
        externalID: String, dn: String, primaryID: String? = nil, members: [MemberReference],
        membersReading: Completeness = .complete
    ) {
        self.externalID = externalID
        self.dn = dn
        self.primaryID = primaryID
        self.members = members
        self.membersReading = membersReading
    }
}

extension [DirectoryGroup] {
    /// A group that is given twice with different members is not known: it may have changed in between, or one of the
    /// two is not true.
    public mutating func doubtTwins() {
        let places = Dictionary(grouping: indices) { self[$0].externalID }.values.filter { $0.count > 1 }
        for twins in places where Set(twins.map { Set(self[$0].members) }).count > 1 {
            for place in twins where self[place].membersReading.isComplete {
                self[place].membersReading = .incomplete(reason: "it was given twice, with different members")
            }
        }
    }
}

public enum MemberReference: Hashable, Sendable {
    case dn(String)
    case login(String)
}
