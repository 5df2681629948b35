import AccessModel
import LDAPClient

/// Makes people and groups of entries, by the settings' attributes and the preset's dialect.
struct EntryMapper: Sendable {
    let attributes: DirectorySettings.Attributes
    let dialect: any DirectoryDialect
    let readsGlobalCatalogue: Bool
    /// Attributes that people may write, in lower case.
    private let writable: Set<String>

    init(_ settings: DirectorySettings) {
        attributes = settings.attributes
        dialect = settings.dialect
        readsGlobalCatalogue = settings.readsGlobalCatalogue
        let texts = [
            attributes.login, attributes.fullName, attributes.email, attributes.principalName, attributes.member,
        ]
        writable = Set(
            (texts + attributes.inactive.map(\.attribute) + dialect.memberAttributes + dialect.queryAttributes)
                .map { $0.lowercased() })
    }

    var userAttributes: [String] {
        [attributes.login, attributes.fullName, attributes.email, dialect.identity]
            + (attributes.principalName.isEmpty ? [] : [attributes.principalName])
            + attributes.inactive.map(\.attribute) + dialect.userAttributes
    }

    /// The attributes that some group may keep its members in.
    var memberAttributes: [String] { [attributes.member] + dialect.memberAttributes }

    /// - Parameter range: `;range=0-99` to ask for the first hundred members; empty for all.
    func groupAttributes(range: String) -> [String] {
        [attributes.member + range, dialect.identity] + dialect.groupAttributes
    }

    func user(_ entry: LDAPEntry) throws(UnreadableEntry) -> DirectoryUser {
        try refuseUnsafeTexts(in: entry)
        try requireClass(of: entry)
        let login = text(attributes.login, of: entry)
        var user = DirectoryUser(
            externalID: try externalID(entry), dn: entry.dn, login: login,
            fullName: text(attributes.fullName, of: entry) ?? "", email: text(attributes.email, of: entry),
            principalName: text(attributes.principalName, of: entry)?.lowercasedASCII,
            inactiveReason: try inactiveReason(entry, hasLogin: login != nil), expiresAt: try dialect.expiry(entry),
            primaryGroup: try dialect.primaryGroup(entry))
        user.startsAt = try dialect.start(entry)
        if login != nil, entry[attributes.login].count > 1 {
            user.otherLogins = entry[attributes.login].strings.filter { $0 != login }.sorted()
        }
        return user
    }

    /// Every entry has one (RFC 4512, 2.4): of one that shows none, other attributes may be hidden as well.
    private func requireClass(of entry: LDAPEntry) throws(UnreadableEntry) {
        guard entry["objectClass"].isEmpty else { return }
        throw UnreadableEntry(dn: entry.dn, attribute: "objectClass")
    }

    /// Asked whatever else is shown of an entry: somebody disabled whose login was cleared is disabled.
    private func inactiveReason(_ entry: LDAPEntry, hasLogin: Bool) throws(UnreadableEntry) -> String? {
        // A contact has no such state, and nothing to log in with.
        guard hasLogin || !dialect.isContact(entry) else { return nil }
        if let reason = try dialect.inactiveReason(entry) { return reason }
        return attributes.inactive.first { $0.isSaid(by: entry[$0.attribute].strings) }?.text
    }

    /// Texts are compared and looked up from here on (`StreamSafeText`). Those that people may write of themselves and of
    /// their groups are left to `text` and `safe`.
    private func refuseUnsafeTexts(in entry: LDAPEntry) throws(UnreadableEntry) {
        guard StreamSafeText.isSafe(entry.dn.utf8) else {
            throw UnreadableEntry(dn: "an entry", attribute: "dn", advice: StreamSafeText.refusal)
        }
        for attribute in entry.attributes where !attribute.values.allSatisfy({ StreamSafeText.isSafe($0) }) {
            let name = attribute.description.prefix { $0 != ";" }.lowercased()
            guard !writable.contains(name) else { continue }
            throw UnreadableEntry(dn: entry.dn, attribute: attribute.description, advice: StreamSafeText.refusal)
        }
    }

    /// What people may write of themselves must not stop the reading: a text that cannot be used is none.
    private func text(_ attribute: String, of entry: LDAPEntry) -> String? {
        let values = entry[attribute]
        guard values.allSatisfy({ StreamSafeText.isSafe($0) }) else { return nil }
        guard values.count > 1 else { return entry.text(attribute) }
        // Servers give several in any order, and not in the same one each time.
        let texts = values.strings.filter { !$0.isEmpty }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let name = DistinguishedName(entry.dn)
        return texts.first { name?.isNamed(attribute, $0) ?? false } ?? texts.first
    }

    func group(_ entry: LDAPEntry) throws(UnreadableEntry) -> DirectoryGroup {
        try refuseUnsafeTexts(in: entry)
        try requireClass(of: entry)
        var group = DirectoryGroup(
            externalID: try externalID(entry), dn: entry.dn, primaryID: dialect.primaryID(entry), members: [])
        group.isComputed = dialect.isComputed(entry)
        for attribute in dialect.memberAttributes(entry, named: attributes.member) {
            let values = entry.range(of: attribute)?.values ?? entry[attribute]
            group.members += members(values, of: attribute)
            if let reason = unsafeMembers(values) {
                group.membersReading = .incomplete(reason: "\(entry.dn): \(reason)")
            }
        }
        guard group.membersReading.isComplete else { return group }
        if let attribute = dialect.requiredMemberAttribute(entry), entry[attribute].isEmpty {
            group.membersReading = .incomplete(
                reason: "\(entry.dn) shows no \(attribute), which such a group always has: let the bind account read it"
            )
        } else if let reason = dialect.hiddenMembers(entry, inGlobalCatalogue: readsGlobalCatalogue) {
            group.membersReading = .incomplete(reason: "\(entry.dn): \(reason)")
        }
        return group
    }

    /// Why values of the member attribute are not all members. Who owns a group may write them, and must not stop the
    /// reading of others.
    func unsafeMembers(_ values: LDAPValues) -> String? {
        values.allSatisfy { StreamSafeText.isSafe($0) }
            ? nil : "the name of a member cannot be used: \(StreamSafeText.refusal)"
    }

    /// Those whose names can be used.
    func members(_ values: LDAPValues, of attribute: String) -> [MemberReference] {
        let isSafe = values.allSatisfy { StreamSafeText.isSafe($0) }
        let values = isSafe ? values : LDAPValues(values.filter { StreamSafeText.isSafe($0) })
        return switch attribute.lowercased() {
        case "memberuid": values.strings.map { .login($0) }
        case "uniquemember": references(values.strings.map(Self.withoutUID))
        default: references(values.strings)
        }
    }

    // groupOfNames may not be without a member; an empty DN is what fills the place.
    private func references(_ dns: [String]) -> [MemberReference] { dns.filter { !$0.isEmpty }.map { .dn($0) } }

    // "Name and Optional UID" (RFC 4517, 3.3.21): a DN, then perhaps #'0101'B.
    private static func withoutUID(_ value: String) -> String {
        guard value.hasSuffix("'B"), let mark = value.lastIndex(of: "#"),
            value[mark...].dropFirst().dropLast(2).allSatisfy({ "'01".contains($0) })
        else { return value }
        return String(value[..<mark])
    }

    func externalID(_ entry: LDAPEntry) throws(UnreadableEntry) -> String {
        guard let id = dialect.externalID(entry) else {
            throw UnreadableEntry(dn: entry.dn, attribute: dialect.identity)
        }
        return id
    }
}
