import AccessModel
import LDAPClient

/// Active Directory, and Samba's.
struct ActiveDirectoryDialect: DirectoryDialect {
    var identity: String { "objectGUID" }
    var userAttributes: [String] {
        ["objectClass", "objectSid", "primaryGroupID", "userAccountControl", "accountExpires"]
    }
    var groupAttributes: [String] { ["objectClass", "objectSid", "uSNChanged", "groupType"] }
    var passwordTime: String { "pwdLastSet" }
    var changeStamp: String? { "uSNChanged" }
    /// Each controller has its own `whenChanged`.
    var changeTime: String? { nil }
    var hasAliases: Bool { false }
    var groupsOfMember: String? { "memberOf" }

    func externalID(_ entry: LDAPEntry) -> String? { entry[identity].first.flatMap(WindowsFormat.guid) }

    func isContact(_ entry: LDAPEntry) -> Bool {
        !entry["objectClass"].strings.contains { $0.lowercased() == "user" }
    }

    // A lock after wrong passwords (lockoutTime) is not looked at: it ends by itself, and whoever types
    // wrong passwords could take away a colleague's access with it.
    func inactiveReason(_ entry: LDAPEntry) throws(UnreadableEntry) -> String? {
        guard let text = entry.text("userAccountControl"), let control = Int64(text) else {
            throw UnreadableEntry(dn: entry.dn, attribute: "userAccountControl")
        }
        return control & Self.accountDisable != 0 ? "disabled" : nil
    }

    func start(_ entry: LDAPEntry) -> Timestamp? { nil }

    func expiry(_ entry: LDAPEntry) -> Timestamp? {
        entry.text("accountExpires").flatMap { Int64($0) }.flatMap(WindowsFormat.expiry)
    }

    func filter(identity: String) -> String {
        "(objectGUID=\(WindowsFormat.bytes(guid: identity).map { LDAPFilter.escape(allOf: $0) } ?? ""))"
    }

    var memberAttributes: [String] { [] }
    var queryAttributes: [String] { [] }
    var mayRepeatIdentities: Bool { false }

    func memberAttributes(_ entry: LDAPEntry, named: String) -> [String] { [named] }

    func requiredMemberAttribute(_ entry: LDAPEntry) -> String? { nil }

    func isComputed(_ entry: LDAPEntry) -> Bool { false }

    func primaryID(_ entry: LDAPEntry) -> String? { Self.sid(entry) }

    static func sid(_ entry: LDAPEntry) -> String? { entry["objectSid"].first.flatMap(WindowsFormat.sid) }

    // A SID is taken in its text form too (MS-ADTS 3.1.1.3.1.3.1).
    func filter(primaryGroup: String) -> String { "(objectSid=\(primaryGroup))" }

    // The primary group is in the user's own domain, so its SID is the user's with the last part replaced.
    func primaryGroup(_ entry: LDAPEntry) throws(UnreadableEntry) -> PrimaryGroup? {
        guard !isContact(entry) else { return nil }
        guard let own = Self.sid(entry), let end = own.lastIndex(of: "-") else {
            throw UnreadableEntry(dn: entry.dn, attribute: "objectSid")
        }
        guard let group = entry.text("primaryGroupID").flatMap({ UInt32($0) }) else {
            throw UnreadableEntry(dn: entry.dn, attribute: "primaryGroupID")
        }
        return .id(own[...end] + String(group))
    }

    // Members of other groups are kept in the group's own domain only (MS-ADTS 6.1.1.2.3).
    func hiddenMembers(_ entry: LDAPEntry, inGlobalCatalogue: Bool) -> String? {
        // Whose primary group it is cannot be told.
        if Self.sid(entry) == nil { return "its objectSid cannot be read; let the bind account read it" }
        guard inGlobalCatalogue, let type = entry.text("groupType").flatMap({ Int64($0) }), type & Self.universal == 0
        else { return nil }
        return "the global catalogue holds the members of universal groups only; make it one, or read its own domain"
    }

    private static let accountDisable: Int64 = 2
    private static let universal: Int64 = 8
}
