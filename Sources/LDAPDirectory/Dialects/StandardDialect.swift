import AccessModel
import LDAPClient

/// OpenLDAP with the schemas inetOrgPerson and nis (RFC 2307) and the overlay ppolicy.
struct OpenLDAPDialect: DirectoryDialect {
    var identity: String { "entryUUID" }
    var userAttributes: [String] { ["objectClass", "pwdAccountLockedTime", "shadowExpire", "modifyTimestamp"] }
    var groupAttributes: [String] { ["objectClass", "modifyTimestamp"] }
    /// Kept by servers with password policies (draft-behera-ldap-password-policy-10, section 5.3.2).
    var passwordSet: String { "pwdChangedTime" }
    var changeStamp: String? { nil }
    var changeTime: String? { "modifyTimestamp" }
    /// The overlay memberof is not everywhere.
    var groupsOfMember: String? { nil }

    func externalID(_ entry: LDAPEntry) -> String? { entry.text(identity)?.lowercased() }

    func isContact(_ entry: LDAPEntry) -> Bool { false }

    func inactiveReason(_ entry: LDAPEntry) -> String? {
        // Any other value is the time of a lock after wrong passwords, which ends by itself.
        entry.text("pwdAccountLockedTime") == "000001010000Z" ? "locked" : nil
    }

    func expiry(_ entry: LDAPEntry) -> Timestamp? {
        guard let days = entry.text("shadowExpire").flatMap({ Int64($0) }), (0...10_000_000).contains(days) else {
            return nil
        }
        return Timestamp(seconds: days * 86_400)
    }

    func filter(identity: String) -> String { "(entryUUID=\(LDAPFilter.escape(identity)))" }

    // RFC 4519, 3.5 and 3.6. Where it is absent, the bind account may not read it.
    func requiredMemberAttribute(_ entry: LDAPEntry) -> String? {
        let classes = entry["objectClass"].strings.map { $0.lowercased() }
        if classes.contains("groupofnames") { return "member" }
        return classes.contains("groupofuniquenames") ? "uniqueMember" : nil
    }

    func sid(_ entry: LDAPEntry) -> String? { nil }

    func primaryGroupSID(_ entry: LDAPEntry) -> String? { nil }

    func hiddenMembers(_ entry: LDAPEntry, inGlobalCatalogue: Bool) -> String? { nil }
}
