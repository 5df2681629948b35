import AccessModel
import LDAPClient

/// Servers with the schemas of RFC 4519, inetOrgPerson and nis (RFC 2307): OpenLDAP, FreeIPA and others.
///
/// The marks of ended accounts are those of all servers of this kind: one that a server does not know, no entry has.
struct StandardDialect: DirectoryDialect {
    let identity: String
    /// The attribute of a person that names the groups, where a server always keeps it.
    let groupsOfMember: String?
    /// Whether the server holds a groupOfNames to having a member (RFC 4519, 3.5 and 3.6). Where it does and shows
    /// none, the bind account may not read it.
    private let requiresMembers: Bool

    /// Whether identities are UUIDs, which mean the same in any case of the letters.
    private let isUUID: Bool

    private init(identity: String, isUUID: Bool = true, groupsOfMember: String?, requiresMembers: Bool) {
        self.identity = identity
        self.isUUID = isUUID
        self.groupsOfMember = groupsOfMember
        self.requiresMembers = requiresMembers
    }

    /// The overlay memberof is not everywhere.
    static let openLDAP = Self(identity: "entryUUID", groupsOfMember: nil, requiresMembers: true)
    /// Its schema lets groups be empty, and its plug-in for memberOf is part of it.
    static let freeIPA = Self(identity: "ipaUniqueID", groupsOfMember: "memberOf", requiresMembers: false)

    static func custom(identity: String) -> Self {
        Self(identity: identity, isUUID: false, groupsOfMember: nil, requiresMembers: false)
    }

    var userAttributes: [String] {
        ["objectClass", "gidNumber", "modifyTimestamp", "shadowExpire", "pwdAccountLockedTime"] + Self.locks
            + Self.starts
            + Self.ends
    }
    var groupAttributes: [String] {
        ["objectClass", "gidNumber", "modifyTimestamp"] + memberAttributes + queryAttributes
    }
    /// Kept by servers with password policies (draft-behera-ldap-password-policy-10, section 5.3.2).
    var passwordTime: String { "pwdChangedTime" }
    var hasAliases: Bool { true }
    var changeStamp: String? { nil }
    var changeTime: String? { "modifyTimestamp" }

    func externalID(_ entry: LDAPEntry) -> String? {
        let values = entry[identity]
        // One of several would be another one tomorrow.
        guard values.count == 1, let value = values.first, !value.isEmpty else { return nil }
        guard let text = String(validating: value, as: UTF8.self), !text.hasPrefix(Self.binary) else {
            return Self.binary + Self.hex(value)
        }
        return isUUID ? text.lowercased() : text
    }

    func filter(identity id: String) -> String {
        guard id.hasPrefix(Self.binary) else { return "(\(identity)=\(LDAPFilter.escape(id)))" }
        return "(\(identity)=\(LDAPFilter.escape(allOf: Self.bytes(id.dropFirst(Self.binary.count)))))"
    }

    // MARK: People

    func isContact(_ entry: LDAPEntry) -> Bool { false }

    func inactiveReason(_ entry: LDAPEntry) -> String? {
        // Any other value is the time of a lock after wrong passwords, with which strangers could take access away.
        if entry.text("pwdAccountLockedTime")?.hasPrefix("0000") ?? false { return "locked" }
        return Self.locks.contains { entry[$0].strings.contains { $0.uppercased() == "TRUE" } } ? "locked" : nil
    }

    func start(_ entry: LDAPEntry) throws(UnreadableEntry) -> Timestamp? {
        try Self.times(Self.starts, of: entry).max()
    }

    func expiry(_ entry: LDAPEntry) throws(UnreadableEntry) -> Timestamp? {
        let days = entry.text("shadowExpire").flatMap { Int64($0) }.flatMap { (0...10_000_000).contains($0) ? $0 : nil }
        return try
            ([days.map { Timestamp(seconds: $0 * 86_400) }].compactMap(\.self) + Self.times(Self.ends, of: entry))
            .min()
    }

    private static func times(
        _ attributes: [String], of entry: LDAPEntry
    ) throws(UnreadableEntry) -> [Timestamp] {
        var times: [Timestamp] = []
        for attribute in attributes {
            for text in entry[attribute].strings {
                guard let time = GeneralizedTime.timestamp(text) else {
                    throw UnreadableEntry(
                        dn: entry.dn, attribute: attribute, advice: "it is no time (RFC 4517, 3.3.13)")
                }
                times.append(time)
            }
        }
        return times
    }

    /// `TRUE` locks the account: FreeIPA and 389 Directory Server; eDirectory; OpenDJ and its kin.
    private static let locks = ["nsAccountLock", "loginDisabled", "ds-pwp-account-disabled"]
    /// draft-behera-ldap-password-policy-10, 5.3.
    private static let starts = ["pwdStartTime"]
    /// The same; Kerberos, as in FreeIPA; eDirectory; OpenDJ and its kin.
    private static let ends = [
        "pwdEndTime", "krbPrincipalExpiration", "loginExpirationTime", "ds-pwp-account-expiration-time",
    ]

    // MARK: Groups

    /// RFC 2307, section 4: `gidNumber` names the primary group, whose `memberUid` does not name the person.
    func primaryGroup(_ entry: LDAPEntry) -> PrimaryGroup? {
        guard Self.classes(of: entry).contains("posixaccount") else { return nil }
        return entry.text("gidNumber").map { .id($0) } ?? .hidden
    }

    func primaryID(_ entry: LDAPEntry) -> String? {
        Self.classes(of: entry).contains("posixgroup") ? entry.text("gidNumber") : nil
    }

    func filter(primaryGroup: String) -> String {
        "(&(objectClass=posixGroup)(gidNumber=\(LDAPFilter.escape(primaryGroup))))"
    }

    var memberAttributes: [String] { Self.members.map(\.attribute) }
    var queryAttributes: [String] { ["memberURL", "labeledURI"] }
    var mayRepeatIdentities: Bool { identity != "entryUUID" }

    func memberAttributes(_ entry: LDAPEntry, named: String) -> [String] {
        let classes = Self.classes(of: entry)
        let own = Self.members.filter { classes.contains($0.class) }.map(\.attribute)
        let (hasLogins, namesLogins) = (own.contains("memberUid"), named.lowercased() == "memberuid")
        // A group may list the same people twice, by name and by login: an auxiliary posixGroup, of whatever class besides.
        if namesLogins, hasLogins || own.isEmpty { return [named] }
        var byName = own.filter { $0 != "memberUid" }
        if !namesLogins, !byName.contains(where: { $0.lowercased() == named.lowercased() }) { byName.append(named) }
        return hasLogins && byName.allSatisfy { entry[$0].isEmpty } ? byName + ["memberUid"] : byName
    }

    func requiredMemberAttribute(_ entry: LDAPEntry) -> String? {
        guard requiresMembers else { return nil }
        let classes = Self.classes(of: entry)
        if classes.contains("groupofnames") { return "member" }
        return classes.contains("groupofuniquenames") ? "uniqueMember" : nil
    }

    func hiddenMembers(_ entry: LDAPEntry, inGlobalCatalogue: Bool) -> String? {
        guard Self.classes(of: entry).contains("posixgroup"), entry.text("gidNumber") == nil else { return nil }
        return
            "its gidNumber cannot be read, so that nobody knows whose primary group it is; let the bind account read it"
    }

    /// A server with the overlay dynlist makes the members of such groups when it is asked, and no change of the group
    /// tells that they are others.
    func isComputed(_ entry: LDAPEntry) -> Bool { queryAttributes.contains { !entry[$0].isEmpty } }

    /// RFC 4519, 3.5 and 3.6; RFC 2307, section 4.
    private static let members: [(class: String, attribute: String)] = [
        ("groupofnames", "member"), ("groupofuniquenames", "uniqueMember"), ("posixgroup", "memberUid"),
    ]

    private static func classes(of entry: LDAPEntry) -> Set<String> {
        Set(entry["objectClass"].strings.map { $0.lowercased() })
    }

    // MARK: Binary identities

    private static let binary = "hex:"

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func bytes(_ hex: Substring) -> [UInt8] {
        let digits = Array(hex.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap { place in
            UInt8(String(decoding: digits[place..<place + 2], as: UTF8.self), radix: 16)
        }
    }
}
