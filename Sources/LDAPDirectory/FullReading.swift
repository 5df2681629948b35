import AccessControl
import AccessModel
import LDAPClient

/// One read of a whole directory over one connection: the people, then the groups, then the
/// members of groups that are too large for one answer.
struct DirectoryReading {
    private let settings: DirectorySettings
    private let mapper: EntryMapper
    private let membersPerRange: Int?
    private let cancellation: LDAPCancellation
    private let progress: (Int) -> Void
    private var snapshot = DirectorySnapshot(users: [], groups: [])
    private var entries = 0

    init(
        settings: DirectorySettings, now: Timestamp, membersPerRange: Int?, cancellation: LDAPCancellation,
        progress: @escaping (Int) -> Void
    ) {
        self.settings = settings
        self.membersPerRange = membersPerRange
        self.cancellation = cancellation
        self.progress = progress
        mapper = EntryMapper(attributes: settings.attributes, dialect: settings.preset.dialect, now: now)
    }

    /// - Throws: only for settings that cannot be used; every other failure is told in the snapshot.
    mutating func read(_ connection: inout LDAPConnection) throws(DirectoryError) -> DirectorySnapshot {
        try readUsers(&connection)
        let unfinished = try readGroups(&connection)
        for part in unfinished { readRest(of: part, &connection) }
        recogniseRenamed(&connection)
        progress(entries)
        return snapshot
    }

    private mutating func readUsers(_ connection: inout LDAPConnection) throws(DirectoryError) {
        var users: [DirectoryUser] = []
        snapshot.usersReading = try search("users", settings.users, mapper.userAttributes, &connection) {
            [mapper] entry throws(UnreadableEntry) in users.append(try mapper.user(entry))
        }
        snapshot.users = users
    }

    /// A group of which the server gave the first members only.
    private struct UnfinishedGroup {
        var index: Int
        var next: Int
        var stamp: LDAPConnection.Stamp?
    }

    private mutating func readGroups(_ connection: inout LDAPConnection) throws(DirectoryError) -> [UnfinishedGroup] {
        let member = settings.attributes.member
        let range = membersPerRange.map { ";range=0-\($0 - 1)" } ?? ""
        var groups: [DirectoryGroup] = []
        var unfinished: [UnfinishedGroup] = []
        snapshot.groupsReading = try search(
            "groups", settings.groups, mapper.groupAttributes(range: range), &connection
        ) { [mapper] entry throws(UnreadableEntry) in
            groups.append(try mapper.group(entry))
            guard let last = entry.range(of: member)?.last else { return }
            let stamp = mapper.dialect.changeStamp.map {
                LDAPConnection.Stamp(attribute: $0, value: Array(entry[$0].first ?? []))
            }
            unfinished.append(UnfinishedGroup(index: groups.count - 1, next: last + 1, stamp: stamp))
        }
        snapshot.groups = groups
        return unfinished
    }

    private mutating func readRest(of part: UnfinishedGroup, _ connection: inout LDAPConnection) {
        let dn = snapshot.groups[part.index].dn
        var values = LDAPValues()
        do throws(LDAPError) {
            guard !cancellation.isCancelled else { throw LDAPError("read values", .cancelled) }
            try connection.readValues(
                of: settings.attributes.member, at: dn, from: part.next, size: membersPerRange, unchanged: part.stamp,
                into: &values)
        } catch {
            let known = snapshot.groups[part.index].members.count + values.count
            snapshot.groups[part.index].membersReading = .incomplete(
                reason: "reading the members of \(dn) broke off after \(known): \(error)")
        }
        snapshot.groups[part.index].members += mapper.members(values)
    }

    private mutating func search(
        _ setting: String, _ search: DirectorySettings.Search, _ attributes: [String],
        _ connection: inout LDAPConnection, take: (LDAPEntry) throws(UnreadableEntry) -> Void
    ) throws(DirectoryError) -> Completeness {
        let request = LDAPSearch(
            base: search.base, scope: LDAPSearch.Scope(search.scope), filter: search.filter, attributes: attributes,
            pageSize: max(1, settings.pageSize))
        let (cancellation, progress, before) = (cancellation, progress, entries)
        var summary = LDAPSearchSummary()
        var unreadable: [UnreadableEntry] = []
        var count = 0
        defer {
            entries += count
            for url in summary.referrals where !snapshot.referrals.contains(url) { snapshot.referrals.append(url) }
        }
        do throws(LDAPError) {
            try connection.search(request, summary: &summary) { entry throws(LDAPError) in
                guard !cancellation.isCancelled else { throw LDAPError("search", .cancelled) }
                do throws(UnreadableEntry) { try take(entry) } catch { unreadable.append(error) }
                count += 1
                if count % 500 == 0 { progress(before + count) }
            }
        } catch {
            if error.code == .filterError {
                throw .unusable(setting: "\(setting).filter", reason: "\"\(search.filter)\" does not parse (RFC 4515)")
            }
            if error.code == .parameterError { throw .unusable(setting: setting, reason: error.diagnostic) }
            return .incomplete(reason: IncompleteReading.words(error, search, entries: count))
        }
        if let elsewhere = summary.referrals.first(where: { !Self.isDirectorysOwn($0) }) {
            return .incomplete(
                reason: "a part of \(search.base) is kept by another server, \(elsewhere), and was not read: "
                    + "choose a base without it")
        }
        guard let first = unreadable.first else { return .complete }
        let others = unreadable.count > 1 ? " (and \(unreadable.count - 1) more)" : ""
        return .incomplete(reason: first.reason + others)
    }
}

extension DirectoryReading {
    /// References to the partitions in which Active Directory keeps its own affairs hide nobody.
    private static func isDirectorysOwn(_ url: String) -> Bool {
        let path = url.split(separator: "/", omittingEmptySubsequences: true).dropFirst().dropFirst().first?
            .uppercased()
        return ["CN=CONFIGURATION,", "DC=DOMAINDNSZONES,", "DC=FORESTDNSZONES,"].contains {
            path?.hasPrefix($0) ?? false
        }
    }

    /// How many unknown members are looked up at the most; computers and contacts are among them.
    private static var lookupLimit: Int { 10_000 }

    /// Finds people who were renamed or moved while the directory was read: a group names them
    /// by the new name, and they were read under the old one. A member whom no entry answers for
    /// has left; one that cannot be looked up makes the group incomplete.
    private mutating func recogniseRenamed(_ connection: inout LDAPConnection) {
        var known: [String: String] = [:]
        var identities: [String: String] = [:]
        for (dn, id) in snapshot.users.map({ ($0.dn, $0.externalID) }) + snapshot.groups.map({ ($0.dn, $0.externalID) })
        {
            known[DistinguishedName(dn)?.normalized ?? dn] = id
            identities[id] = dn
        }
        var answers: [String: Result<String?, LDAPError>] = [:]
        for group in snapshot.groups.indices {
            for place in snapshot.groups[group].members.indices {
                guard case .dn(let dn) = snapshot.groups[group].members[place] else { continue }
                let name = DistinguishedName(dn)?.normalized ?? dn
                guard known[name] == nil, isInside(dn) else { continue }
                if answers[name] == nil {
                    guard answers.count < Self.lookupLimit else { return }
                    answers[name] = lookUp(dn, &connection)
                }
                switch answers[name] {
                case .success(let id?)?:
                    if let dn = identities[id] { snapshot.groups[group].members[place] = .dn(dn) }
                case .failure(let error)?:
                    snapshot.groups[group].membersReading = .incomplete(
                        reason: "looking up the member \(dn) failed: \(error)")
                case .success(nil)?, nil:
                    break
                }
            }
        }
    }

    private func isInside(_ dn: String) -> Bool {
        guard let name = DistinguishedName(dn) else { return false }
        return [settings.users.base, settings.groups.base].contains { base in
            DistinguishedName(base).map(name.isWithin) ?? false
        }
    }

    /// The identity of the entry of that name; nil if there is none.
    private func lookUp(_ dn: String, _ connection: inout LDAPConnection) -> Result<String?, LDAPError> {
        let request = LDAPSearch(base: dn, scope: .base, attributes: [mapper.dialect.identity])
        do throws(LDAPError) {
            guard !cancellation.isCancelled else { throw LDAPError("look up", .cancelled) }
            return .success(try connection.search(request).first.flatMap(mapper.dialect.externalID))
        } catch {
            return error.code == .noSuchObject ? .success(nil) : .failure(error)
        }
    }
}

extension LDAPSearch.Scope {
    fileprivate init(_ scope: DirectorySettings.Search.Scope) {
        switch scope {
        case .subtree: self = .subtree
        case .one: self = .one
        }
    }
}
