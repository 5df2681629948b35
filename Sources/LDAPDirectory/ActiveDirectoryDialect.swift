import AccessModel
import LDAPClient

/// Active Directory, and Samba's.
struct ActiveDirectoryDialect: DirectoryDialect {
    var identity: String { "objectGUID" }
    var userAttributes: [String] { ["objectSid", "primaryGroupID", "userAccountControl", "accountExpires"] }
    var groupAttributes: [String] { ["objectSid", "uSNChanged"] }
    var changeStamp: String? { "uSNChanged" }

    func externalID(_ entry: LDAPEntry) -> String? { entry[identity].first.flatMap(WindowsFormat.guid) }

    // A lock after wrong passwords (lockoutTime) is not looked at: it ends by itself, and whoever types
    // wrong passwords could take away a colleague's access with it.
    func inactiveReason(_ entry: LDAPEntry, now: Timestamp) throws(UnreadableEntry) -> String? {
        guard let text = entry.text("userAccountControl"), let control = Int64(text) else {
            throw UnreadableEntry(dn: entry.dn, attribute: "userAccountControl")
        }
        if control & Self.accountDisable != 0 { return "disabled" }
        guard let expiry = entry.text("accountExpires").flatMap({ Int64($0) }).flatMap(WindowsFormat.expiry),
            expiry <= now
        else { return nil }
        return "expired on \(expiry.description.prefix(10))"
    }

    func requiredMemberAttribute(_ entry: LDAPEntry) -> String? { nil }

    func sid(_ entry: LDAPEntry) -> String? { entry["objectSid"].first.flatMap(WindowsFormat.sid) }

    // The primary group is in the user's own domain, so its SID is the user's with the last part replaced.
    func primaryGroupSID(_ entry: LDAPEntry) -> String? {
        guard let own = sid(entry), let end = own.lastIndex(of: "-"),
            let group = entry.text("primaryGroupID").flatMap({ UInt32($0) })
        else { return nil }
        return own[...end] + String(group)
    }

    private static let accountDisable: Int64 = 2
}
