import AccessControl
import AccessModel
import LDAPClient

/// Times at which entries were changed: the newest, and those of entries that are watched.
struct ChangeTimes {
    private let watched: Set<String>
    private var watchedTimes: [String: String] = [:]
    /// The oldest first.
    private var latest: [(time: String, id: String)] = []

    init(watching watched: Set<String>) { self.watched = watched }

    mutating func note(_ time: String, of id: String) {
        if watched.contains(id) { watchedTimes[id] = time }
        guard latest.count < DirectoryClock.newestCount || time > latest[0].time else { return }
        if latest.count == DirectoryClock.newestCount { latest.removeFirst() }
        latest.insert((time, id), at: latest.firstIndex { $0.time > time } ?? latest.count)
    }

    /// By identity.
    var times: [String: String] {
        Dictionary(latest.map { ($0.id, $0.time) }, uniquingKeysWith: max).merging(watchedTimes) { $1 }
    }

    var newest: String { latest.last?.time ?? "" }
}

/// Reads people and groups over one connection, whole or by identity, and says of each search
/// whether all of it arrived.
struct EntrySearch {
    let settings: DirectorySettings
    let mapper: EntryMapper
    private let membersPerRange: Int?
    private let cancellation: LDAPCancellation
    private let limits: LDAPLimits
    private let progress: (Int) -> Void
    private(set) var entries = 0
    private(set) var pages = 0
    private(set) var referrals: [String] = []
    /// When entries were changed.
    private(set) var changes: ChangeTimes

    init(
        _ settings: DirectorySettings, membersPerRange: Int?, cancellation: LDAPCancellation,
        limits: LDAPLimits = .reading, watching: Set<String> = [], progress: @escaping (Int) -> Void
    ) {
        self.settings = settings
        self.membersPerRange = membersPerRange
        self.cancellation = cancellation
        self.limits = limits
        self.progress = progress
        mapper = EntryMapper(settings)
        changes = ChangeTimes(watching: watching)
    }

    /// - Parameter extra: a filter that must be passed too.
    mutating func users(
        _ connection: inout LDAPConnection, passing extra: String = ""
    ) throws(DirectoryError) -> (users: [DirectoryUser], reading: Completeness) {
        var users: [DirectoryUser] = []
        let reading = try search("users", settings.users, extra, mapper.userAttributes, &connection) {
            [mapper] entry throws(UnreadableEntry) in
            let user = try mapper.user(entry)
            users.append(user)
            return user.externalID
        }
        let whole = refuseTwins(&users, reading, \.externalID, \.dn)
        return (users, whole)
    }

    /// Two entries with one identity are nobody: an account would go from one to the other.
    private func refuseTwins<Entry>(
        _ entries: inout [Entry], _ reading: Completeness, _ id: (Entry) -> String, _ dn: (Entry) -> String
    ) -> Completeness {
        guard mapper.dialect.mayRepeatIdentities else { return reading }
        let twins = Dictionary(grouping: entries, by: id).filter { Set($0.value.map(dn)).count > 1 }
        guard let first = twins.min(by: { $0.key < $1.key }) else { return reading }
        entries.removeAll { twins[id($0)] != nil }
        let others = twins.count > 1 ? " (and \(twins.count - 1) more)" : ""
        let names = Set(first.value.map(dn)).sorted().prefix(3).joined(separator: "; ")
        return .incomplete(
            reason: "\(names) have the same \(mapper.dialect.identity), \(first.key)\(others): give each its own")
    }

    /// A group of which the server gave the first members only.
    private struct UnfinishedGroup {
        var index: Int
        var next: Int
        var stamp: LDAPConnection.Stamp?
    }

    /// With all members, also of groups that are too large for one answer.
    /// - Parameter dn: of the one group to read; nil for all.
    mutating func groups(
        _ connection: inout LDAPConnection, passing extra: String = "", at dn: String? = nil
    ) throws(DirectoryError) -> (groups: [DirectoryGroup], reading: Completeness) {
        let member = settings.attributes.member
        let range = membersPerRange.map { ";range=0-\($0 - 1)" } ?? ""
        var groups: [DirectoryGroup] = []
        var unfinished: [UnfinishedGroup] = []
        let reading = try search(
            "groups", settings.groups, extra, mapper.groupAttributes(range: range), &connection, at: dn
        ) { [mapper] entry throws(UnreadableEntry) in
            let group = try mapper.group(entry)
            groups.append(group)
            guard let last = entry.range(of: member)?.last else { return group.externalID }
            let stamp = mapper.dialect.changeStamp.map {
                LDAPConnection.Stamp(attribute: $0, value: Array(entry[$0].first ?? []))
            }
            unfinished.append(UnfinishedGroup(index: groups.count - 1, next: last + 1, stamp: stamp))
            return group.externalID
        }
        for part in unfinished { readRest(of: part, in: &groups, &connection) }
        groups.doubtTwins()
        progress(entries)
        let whole = refuseTwins(&groups, reading, \.externalID, \.dn)
        return (groups, whole)
    }

    private func readRest(
        of part: UnfinishedGroup, in groups: inout [DirectoryGroup], _ connection: inout LDAPConnection
    ) {
        let dn = groups[part.index].dn
        var values = LDAPValues()
        do throws(LDAPError) {
            guard !cancellation.isCancelled else { throw LDAPError("read values", .cancelled) }
            try connection.readValues(
                of: settings.attributes.member, at: dn, from: part.next, size: membersPerRange, unchanged: part.stamp,
                into: &values)
        } catch {
            let known = groups[part.index].members.count + values.count
            groups[part.index].membersReading = .incomplete(
                reason: "reading the members of \(dn) broke off after \(known): \(error)")
        }
        if let reason = mapper.unsafeMembers(values) {
            groups[part.index].membersReading = .incomplete(reason: "\(dn): \(reason)")
        }
        groups[part.index].members += mapper.members(values, of: settings.attributes.member)
    }

    /// The names of entries that stand for others. To know of them is a help; where the server does not say, nobody is
    /// worse off.
    func aliases(_ connection: inout LDAPConnection) -> [String] {
        guard mapper.dialect.hasAliases else { return [] }
        return Set([settings.users.base, settings.groups.base]).sorted().flatMap { base in
            let limits = LDAPLimits(entries: 100, bytes: 4 << 20, seconds: 30, asksServer: true)
            let search = LDAPSearch(base: base, filter: "(objectClass=alias)", attributes: ["1.1"], limits: limits)
            return (try? connection.search(search).map(\.dn)) ?? []
        }
    }

    private mutating func search(
        _ setting: String, _ search: DirectorySettings.Search, _ extra: String, _ attributes: [String],
        _ connection: inout LDAPConnection, at dn: String? = nil, take: (LDAPEntry) throws(UnreadableEntry) -> String
    ) throws(DirectoryError) -> Completeness {
        // Refused when it was put; a row that was edited by hand was not, and libldap reads filters by recursion.
        guard DirectorySettings.isOneFilter(search.filter) else {
            throw .unusable(setting: "\(setting).filter", reason: "\"\(search.filter.prefix(200))\" is not one filter")
        }
        let request = LDAPSearch(
            base: dn ?? search.base, scope: dn == nil ? LDAPSearch.Scope(search.scope) : .base,
            filter: extra.isEmpty ? search.filter : "(&\(search.filter)\(extra))", attributes: attributes,
            pageSize: limits.asksServer ? nil : max(1, settings.pageSize), limits: limits)
        let (cancellation, progress, before) = (cancellation, progress, entries)
        var summary = LDAPSearchSummary()
        var unreadable: [UnreadableEntry] = []
        var count = 0
        var changes = changes
        let changeTime = mapper.dialect.changeTime
        defer {
            self.changes = changes
            entries += count
            pages += summary.pages
            for url in summary.referrals.prefix(Self.referralLimit) where !referrals.contains(url) {
                referrals.append(url)
            }
        }
        do throws(LDAPError) {
            try connection.search(request, summary: &summary) { entry throws(LDAPError) in
                guard !cancellation.isCancelled else { throw LDAPError("search", .cancelled) }
                do throws(UnreadableEntry) {
                    let id = try take(entry)
                    if let changeTime, let time = entry.text(changeTime) { changes.note(time, of: id) }
                } catch {
                    unreadable.append(error)
                }
                count += 1
                if count % 500 == 0 { progress(before + count) }
            }
        } catch {
            switch error.code {
            case .filterError:
                throw .unusable(setting: "\(setting).filter", reason: "\"\(search.filter)\" does not parse (RFC 4515)")
            case .parameterError: throw .unusable(setting: setting, reason: error.diagnostic)
            case .cancelled: throw .cancelled
            default: return .incomplete(reason: IncompleteReading.words(error, search, entries: count))
            }
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

    /// References that are noted; more say nothing new.
    private static let referralLimit = 100

    /// References to the partitions in which Active Directory keeps its own affairs hide nobody.
    static func isDirectorysOwn(_ url: String) -> Bool {
        let path = url.split(separator: "/", omittingEmptySubsequences: true).dropFirst().dropFirst().first?
            .uppercased()
        return ["CN=CONFIGURATION,", "DC=DOMAINDNSZONES,", "DC=FORESTDNSZONES,"].contains {
            path?.hasPrefix($0) ?? false
        }
    }
}

extension LDAPSearch.Scope {
    init(_ scope: DirectorySettings.Search.Scope) {
        switch scope {
        case .subtree: self = .subtree
        case .one: self = .one
        }
    }
}
