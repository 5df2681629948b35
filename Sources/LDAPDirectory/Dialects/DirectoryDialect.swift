import AccessModel
import LDAPClient

/// What one kind of directory calls things, beside the attributes that the settings name.
protocol DirectoryDialect: Sendable {
    /// The attribute that holds an entry's identity.
    var identity: String { get }
    /// Further attributes to ask for.
    var userAttributes: [String] { get }
    var groupAttributes: [String] { get }
    /// The attribute that says when a password was set.
    var passwordTime: String { get }
    /// The attribute that moves whenever an entry changes, where members come in ranges.
    var changeStamp: String? { get }

    /// The attribute that says when an entry was changed last, the same on all servers; nil if there is none.
    var changeTime: String? { get }
    /// Whether the server may keep entries that stand for others.
    var hasAliases: Bool { get }
    /// The attribute of a person that names the groups; nil if there is none everywhere.
    var groupsOfMember: String? { get }

    /// The identity in the form of `DirectoryUser.externalID`; nil if it cannot be read.
    func externalID(_ entry: LDAPEntry) -> String?
    /// Whether it is nobody who logs in, by its class.
    func isContact(_ entry: LDAPEntry) -> Bool
    /// Why the entry does not let the person log in; nil if nothing stands against it.
    func inactiveReason(_ entry: LDAPEntry) throws(UnreadableEntry) -> String?
    /// From when on they may log in; nil for any time.
    func start(_ entry: LDAPEntry) throws(UnreadableEntry) -> Timestamp?
    /// From when on they may not log in any more; nil for never.
    func expiry(_ entry: LDAPEntry) throws(UnreadableEntry) -> Timestamp?
    /// The filter that only the entry of this identity passes (RFC 4515).
    func filter(identity: String) -> String
    /// The attributes that groups of known classes keep their members in, whatever the settings name.
    var memberAttributes: [String] { get }
    /// The attributes that a server computes the members of groups by.
    var queryAttributes: [String] { get }
    /// Whether two entries may have the same identity, as nothing but their administrator keeps them apart.
    var mayRepeatIdentities: Bool { get }
    /// The attributes that a group of this class keeps its members in.
    /// - Parameter named: the one that the settings name.
    func memberAttributes(_ entry: LDAPEntry, named: String) -> [String]
    /// The attribute that a group of this class cannot be without; nil if it may be empty.
    func requiredMemberAttribute(_ entry: LDAPEntry) -> String?
    /// What `primaryGroup` names a group by; nil if it is nobody's.
    func primaryID(_ entry: LDAPEntry) -> String?
    /// - Throws: where a person must have one, and shows none.
    func primaryGroup(_ entry: LDAPEntry) throws(UnreadableEntry) -> PrimaryGroup?
    /// The filter that a primary group passes.
    func filter(primaryGroup: String) -> String
    /// Whether the members of a group are made when it is read, and may change without the group.
    func isComputed(_ entry: LDAPEntry) -> Bool
    /// Why the members that an entry shows are not all it has; nil if they may be.
    func hiddenMembers(_ entry: LDAPEntry, inGlobalCatalogue: Bool) -> String?
}

/// An entry of which too little is shown to know who it is or whether it may log in.
struct UnreadableEntry: Error, Hashable {
    var dn: String
    var attribute: String
    var advice = "let the bind account read it"

    var reason: String { "\(dn): its \(attribute) cannot be read; \(advice)" }
}

extension DirectorySettings {
    var dialect: any DirectoryDialect {
        switch preset {
        case .activeDirectory: ActiveDirectoryDialect()
        case .openLDAP: StandardDialect.openLDAP
        case .freeIPA: StandardDialect.freeIPA
        case .custom: StandardDialect.custom(identity: attributes.identity)
        }
    }
}
