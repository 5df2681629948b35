import AccessControl
import AccessModel
import LDAPClient

/// Changes of a directory by content synchronisation (RFC 4533), or where a server does not do that by the time of the
/// last change, which does not show what was deleted.
enum StandardFeed {
    static func begin(
        _ connection: inout LDAPConnection, _ settings: DirectorySettings, url: String, log: inout [String]
    ) throws(LDAPError) -> DirectoryPosition? {
        var cookies: [String: String] = [:]
        // Content synchronisation names entries by their entryUUID.
        for base in bases(settings) where settings.preset == .openLDAP {
            guard let cookie = try cookie(&connection, above: base) else { continue }
            do throws(LDAPError) {
                // Asked once, so that a refusal is known now and not at the next reading.
                let sync = try connection.contentSync(request(base), since: cookie, limit: ChangeFeed.limit)
                let next = sync.cookie ?? cookie
                if isUsable(next) { cookies[base] = next }
            } catch {
                guard !error.code.isLocal else { throw error }
                log.append("content synchronisation (RFC 4533) is refused for \(base): \(error)")
            }
        }
        if cookies.count == bases(settings).count {
            log.append("follows changes by content synchronisation (RFC 4533)")
            return DirectoryPosition(url: url, server: "", mark: .syncCookies(cookies))
        }
        log.append("follows changes by modifyTimestamp; removals wait for full readings")
        return DirectoryPosition(url: url, server: "", mark: .modifyTimestamp(""))
    }

    static func changes(
        _ connection: inout LDAPConnection, _ settings: DirectorySettings, since position: DirectoryPosition
    ) throws(ChangeFeedError) -> ChangeFeed.Answer {
        do throws(LDAPError) {
            switch position.mark {
            case .syncCookies(let cookies): return try synchronised(&connection, settings, cookies)
            case .modifyTimestamp(let time):
                let found = try changed(&connection, settings, since: time)
                return ChangeFeed.Answer(
                    changed: found.changed,
                    goneReading: .incomplete(
                        reason: "this directory does not show what was deleted"
                            + (settings.preset == .openLDAP ? " (it has no overlay syncprov)" : "")
                            + ", so removals wait for the next full reading"),
                    mark: .modifyTimestamp(found.time))
            case .dirSync, .updateNumber:
                throw LDAPError("changes", .other, "the position is of another kind of directory")
            }
        } catch {
            throw ChangeFeedError(error)
        }
    }

    // MARK: Content synchronisation

    private static func synchronised(
        _ connection: inout LDAPConnection, _ settings: DirectorySettings, _ cookies: [String: String]
    ) throws(LDAPError) -> ChangeFeed.Answer {
        var answer = ChangeFeed.Answer(mark: .syncCookies(cookies))
        var next = cookies
        for (base, cookie) in cookies.sorted(by: { $0.key < $1.key }) {
            let sync = try connection.contentSync(request(base), since: cookie, limit: ChangeFeed.limit)
            if let cookie = sync.cookie {
                guard isUsable(cookie) else {
                    throw LDAPError("changes", .other, "the server gave the cookie \"\(cookie)\", which says nothing")
                }
                next[base] = cookie
            }
            // A renamed unit takes what is in it along, and nobody says so.
            if let holder = sync.changed.values.first(where: { $0.text("hasSubordinates")?.uppercased() == "TRUE" }) {
                throw LDAPError("changes", .other, "\(holder.dn) has changed, and may have moved all in it")
            }
            answer.changed.formUnion(sync.changed.keys)
            answer.deleted.formUnion(sync.deleted)
            // Each search answers in its own way, by what the server remembers: who is not named by one
            // may be below the other's base.
            if sync.namesDeleted {
                answer.namesHoldersOnly = true
            } else if let name = DistinguishedName(base) {
                answer.present.append((name, sync.present.union(sync.changed.keys)))
            } else {
                throw LDAPError("changes", .other, "\"\(base)\" is no distinguished name")
            }
        }
        answer.mark = .syncCookies(next)
        return answer
    }

    private static func request(_ base: String) -> LDAPSearch {
        LDAPSearch(base: base, attributes: ["hasSubordinates"])
    }

    /// Both bases, or the one that holds the other.
    private static func bases(_ settings: DirectorySettings) -> [String] {
        let bases = [settings.users.base, settings.groups.base]
        guard let users = DistinguishedName(bases[0]), let groups = DistinguishedName(bases[1]) else { return bases }
        if groups.isWithin(users) { return [bases[0]] }
        return users.isWithin(groups) ? [bases[1]] : bases
    }

    /// The server's state as a cookie, from the suffix that holds the base.
    private static func cookie(_ connection: inout LDAPConnection, above base: String) throws(LDAPError) -> String? {
        let (_, numbers) = try sequenceNumbers(&connection, above: base)
        return numbers.isEmpty ? nil : "rid=000,csn=\(numbers.joined(separator: ";"))"
    }

    /// The suffix that holds the base, and the values of its `contextCSN`.
    static func sequenceNumbers(
        _ connection: inout LDAPConnection, above base: String
    ) throws(LDAPError) -> (suffix: String, numbers: [String]) {
        let root = try connection.search(LDAPSearch(base: "", scope: .base, attributes: ["namingContexts"])).first
        guard let name = DistinguishedName(base),
            let suffix = root?["namingContexts"].strings.filter({ DistinguishedName($0).map(name.isWithin) ?? false })
                .max(by: { $0.utf8.count < $1.utf8.count })
        else { return ("", []) }
        let entry = try connection.search(LDAPSearch(base: suffix, scope: .base, attributes: ["contextCSN"])).first
        return (suffix, entry?["contextCSN"].strings ?? [])
    }

    // With a cookie that names no state slapd sends everything and deletes nothing.
    private static func isUsable(_ cookie: String) -> Bool { cookie.contains("csn=") }

    // MARK: Timestamps

    /// Where to ask from after a reading that saw this as the newest change. Clocks of several
    /// masters differ; what was changed so long before is read again.
    static func time(toAskFrom newest: String) -> String? {
        GeneralizedTime.timestamp(newest).map { GeneralizedTime.text($0 + .seconds(-300)) }
    }

    /// The entries changed since a time, and the time to ask from next.
    private static func changed(
        _ connection: inout LDAPConnection, _ settings: DirectorySettings, since time: String
    ) throws(LDAPError) -> (time: String, changed: Set<String>) {
        var newest = ""
        var changed: Set<String> = []
        let dialect = settings.dialect
        for search in [settings.users, settings.groups] {
            let request = LDAPSearch(
                base: search.base, scope: LDAPSearch.Scope(search.scope),
                filter: "(&\(search.filter)(modifyTimestamp>=\(time)))",
                attributes: ["modifyTimestamp", dialect.identity], pageSize: settings.pageSize)
            var summary = LDAPSearchSummary()
            try connection.search(request, summary: &summary) { (entry) throws(LDAPError) in
                guard changed.count < ChangeFeed.limit else { throw ChangeFeed.tooMany }
                if let id = dialect.externalID(entry) { changed.insert(id) }
                newest = max(newest, entry.text("modifyTimestamp") ?? "")
            }
        }
        return (max(time, Self.time(toAskFrom: newest) ?? time), changed)
    }
}
