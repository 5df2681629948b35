/// What Active Directory's DirSync control (MS-ADTS 3.1.1.3.4.1.3) gives.
public struct DirectoryChanges: Hashable, Sendable {
    /// The changed objects with those of the asked attributes that changed, deleted ones too where
    /// the account may see them.
    public var entries: [LDAPEntry]
    /// What to ask with the next time, on the same server.
    public var cookie: [UInt8]
}

extension LDAPConnection {
    /// The objects of a naming context that have changed since a cookie.
    /// - Parameters:
    ///   - context: a naming context; nothing else is taken by the server.
    ///   - cookie: of an earlier answer; empty for everything.
    ///   - filter: selects by what the objects are now. The cookie moves over all of them.
    ///   - attributes: a change of any other one is not told. Without `name`, renames are not
    ///     told, and without `isDeleted`, deletions.
    ///   - limit: the objects after which it is given up, with `.sizeLimitExceeded`.
    public mutating func changes(
        in context: String, since cookie: [UInt8], filter: String, attributes: [String], limit: Int
    ) throws(LDAPError) -> DirectoryChanges {
        var changes = DirectoryChanges(entries: [], cookie: cookie)
        var emptyAnswers = 0
        while true {
            let before = changes.entries.count
            let control = LDAPControlValue(Self.dirSync, value: Self.dirSyncRequest(changes.cookie))
            let search = LDAPSearch(base: context, filter: filter, attributes: attributes, controls: [control])
            let answer = try exchange(search) { (event) throws(LDAPError) in
                guard case .entry(let entry, _) = event else { return }
                guard changes.entries.count < limit else {
                    throw LDAPError("search", .sizeLimitExceeded, "more than \(limit) objects have changed")
                }
                changes.entries.append(entry)
            }
            guard answer.code == .success else { throw LDAPError("search", answer.code, answer.diagnostic) }
            var outer = BERReader(answer.control(Self.dirSync)?.value ?? [])
            guard var value = outer.reader(BER.sequence), let more = value.number(), value.number() != nil,
                let next = value.content(BER.octetString), !next.isEmpty
            else { throw LDAPError("search", .decodingError, "the answer has no DirSync control that can be read") }
            guard more != 0 else {
                changes.cookie = Array(next)
                return changes
            }
            // The cookie also moves over what the filter leaves out, a megabyte of it at a time.
            emptyAnswers = changes.entries.count == before ? emptyAnswers + 1 : 0
            guard !next.elementsEqual(changes.cookie), emptyAnswers < 10_000 else {
                throw LDAPError("search", .decodingError, "the server gives the same DirSync cookie again and again")
            }
            changes.cookie = Array(next)
        }
    }

    private static let dirSync = "1.2.840.113556.1.4.841"

    /// LDAP_DIRSYNC_OBJECT_SECURITY: what the account may read, which needs no right to replicate.
    /// LDAP_DIRSYNC_INCREMENTAL_VALUES: of a large group what changed, and not all its members.
    private static func dirSyncRequest(_ cookie: [UInt8]) -> [UInt8] {
        let flags = Int32(bitPattern: 0x8000_0001)
        return BER.element(
            BER.sequence, BER.number(flags) + BER.number(1_048_576) + BER.element(BER.octetString, cookie))
    }
}
