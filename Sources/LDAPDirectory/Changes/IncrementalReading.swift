import AccessControl
import AccessModel
import LDAPClient

/// Reads what a feed says has changed since an earlier reading, and brings that reading up to date. All
/// or nothing: what breaks off changes nothing, and is tried again from the same place.
struct IncrementalReading {
    private let mirror: DirectoryMirror
    private var search: EntrySearch
    private let cancellation: LDAPCancellation

    /// Identities a search asks for at a time.
    private static let batch = 200

    init(since mirror: DirectoryMirror, _ search: EntrySearch, _ cancellation: LDAPCancellation) {
        self.mirror = mirror
        self.search = search
        self.cancellation = cancellation
    }

    /// - Throws: `.lost` when only a full reading can go on.
    mutating func read(_ connection: inout LDAPConnection) throws(ChangeFeedError) -> DirectoryReading {
        let answer = try ChangeFeed.changes(&connection, search.settings, since: mirror.position)
        let known = Dictionary(
            mirror.snapshot.users.lazy.map { ($0.externalID, $0.dn) }
                + mirror.snapshot.groups.lazy.map { ($0.externalID, $0.dn) },
            uniquingKeysWith: { $1 })
        if answer.namesHoldersOnly, let holder = answer.deleted.first(where: { known[$0] == nil }) {
            throw .lost("\(holder) is gone, and may have taken others along")
        }
        var snapshot = mirror.snapshot
        var delta = DirectoryDelta(goneReading: answer.goneReading)
        let computed = mirror.snapshot.groups.lazy.filter(\.isComputed).map(\.externalID)
        try read(answer.changed.union(computed), into: &delta, &connection)
        try refuseLosses(delta.users)
        let found = Set(delta.users.map(\.externalID) + delta.groups.map(\.externalID))
        let gone = answer.changed.union(answer.deleted).subtracting(found)
        delta.gone = gone.filter { known[$0] != nil }
        for part in answer.present {
            let missing = known.lazy.filter { id, dn in
                !found.contains(id) && !part.ids.contains(id)
                    && DistinguishedName(dn).map { $0.isWithin(part.base) } ?? false
            }
            delta.gone.formUnion(missing.map(\.key))
        }
        try refuseLies(delta.gone, &connection)
        let isNew = found.contains { known[$0] == nil }
        try readGroups(
            naming: oldNames(delta, known), andStrangers: isNew, except: found, into: &delta, &connection)
        snapshot = snapshot.applying(delta)
        try recogniseRenamed(delta, in: &snapshot, &connection)
        let changed = Self.countChanges(from: mirror.snapshot, delta)
        return DirectoryReading(
            snapshot: snapshot, extent: .incremental, entriesChanged: changed,
            mirror: DirectoryMirror(
                snapshot: changed == 0 ? mirror.snapshot : snapshot,
                position: DirectoryPosition(
                    url: mirror.position.url, server: mirror.position.server, mark: answer.mark),
                digest: changed == 0 ? mirror.digest : snapshot.digest()),
            log: ["the directory names \(answer.changed.count) changed and \(answer.deleted.count) deleted entries"])
    }

    private mutating func read(
        _ changed: Set<String>, into delta: inout DirectoryDelta, _ connection: inout LDAPConnection
    ) throws(ChangeFeedError) {
        for batch in changed.sorted().batches(of: Self.batch) {
            let filter = "(|" + batch.map { search.mapper.dialect.filter(identity: $0) }.joined() + ")"
            do throws(DirectoryError) {
                let (users, usersReading) = try search.users(&connection, passing: filter)
                let (groups, groupsReading) = try search.groups(&connection, passing: filter)
                try Self.require(usersReading)
                try Self.require(groupsReading)
                delta.users += users
                delta.groups += groups
            } catch {
                throw Self.failure(error, connection.brokenBy)
            }
        }
    }

    /// Only a whole reading shows whether a field is hidden from the bind account or was cleared.
    private func refuseLosses(_ users: [DirectoryUser]) throws(ChangeFeedError) {
        guard !users.isEmpty else { return }
        let changed = Set(users.map(\.externalID))
        let known = Dictionary(
            mirror.snapshot.users.lazy.filter { changed.contains($0.externalID) }.map { ($0.externalID, $0) },
            uniquingKeysWith: { $1 })
        for user in users {
            guard let before = known[user.externalID] else { continue }
            let isLess =
                user.fullName.isEmpty && !before.fullName.isEmpty || user.email == nil && before.email != nil
                || user.principalName == nil && before.principalName != nil
            if isLess { throw .lost("\(user.dn) shows less than before") }
        }
    }

    /// Nobody who is known here is called gone unseen.
    private mutating func refuseLies(
        _ gone: Set<String>, _ connection: inout LDAPConnection
    ) throws(ChangeFeedError) {
        var found = DirectoryDelta()
        try read(gone, into: &found, &connection)
        guard let dn = found.users.first?.dn ?? found.groups.first?.dn else { return }
        throw .lost("\(dn) is there, and the directory does not name it among what is")
    }

    /// The names that somebody had and has no more. Servers write new names into groups, or take old ones
    /// out, and do not say that those groups have changed.
    private func oldNames(_ delta: DirectoryDelta, _ known: [String: String]) -> Set<DistinguishedName> {
        var names: Set<DistinguishedName> = []
        func add(_ id: String, unless dn: String?) {
            guard let old = known[id], old != dn, let name = DistinguishedName(old) else { return }
            names.insert(name)
        }
        for user in delta.users { add(user.externalID, unless: user.dn) }
        for group in delta.groups { add(group.externalID, unless: group.dn) }
        for id in delta.gone { add(id, unless: nil) }
        return names
    }

    /// Reads the groups anew that may have other members than before though nobody said so.
    /// - Parameters:
    ///   - old: names that somebody had and has no more.
    ///   - strangers: whether groups count that name somebody who was not read: somebody new may be
    ///     one of those, come from a place that is not read.
    private mutating func readGroups(
        naming old: Set<DistinguishedName>, andStrangers strangers: Bool, except read: Set<String>,
        into delta: inout DirectoryDelta, _ connection: inout LDAPConnection
    ) throws(ChangeFeedError) {
        guard !old.isEmpty || strangers else { return }
        let names = MirrorNames(mirror.snapshot)
        let concerned = mirror.snapshot.groups.filter { group in
            !read.contains(group.externalID) && !delta.gone.contains(group.externalID)
                && group.members.contains { member in
                    guard case .dn(let dn) = member else { return false }
                    return names.isAmong(old, dn) || strangers && names.isStranger(dn)
                }
        }
        var groups = DirectoryDelta()
        try self.read(Set(concerned.map(\.externalID)), into: &groups, &connection)
        delta.groups += groups.groups
    }

    private func recogniseRenamed(
        _ delta: DirectoryDelta, in snapshot: inout DirectorySnapshot, _ connection: inout LDAPConnection
    ) throws(ChangeFeedError) {
        let changed = Set(delta.groups.map(\.externalID))
        let places = snapshot.groups.indices.filter { changed.contains(snapshot.groups[$0].externalID) }
        guard !places.isEmpty else { return }
        var renamed = RenamedMembers(search.settings, cancellation)
        let (people, groups) = (snapshot.usersReading, snapshot.groupsReading)
        renamed.recognise(in: &snapshot, at: places, &connection)
        // The feed did not tell of somebody who is there. What it does not tell at all was known before.
        if snapshot.usersReading != people, let reason = snapshot.usersReading.reason { throw .lost(reason) }
        if snapshot.groupsReading != groups, let reason = snapshot.groupsReading.reason { throw .lost(reason) }
        for place in places {
            // A member that cannot be looked up now can perhaps be next time, from the same place.
            guard case .incomplete(let reason) = snapshot.groups[place].membersReading,
                delta.groups.contains(where: {
                    $0.externalID == snapshot.groups[place].externalID && $0.membersReading.isComplete
                })
            else { continue }
            throw connection.brokenBy.map { .broken($0) } ?? .lost(reason)
        }
    }

    /// Entries that are not as they were: a directory names many more, such as the touched and the moved back.
    private static func countChanges(from snapshot: DirectorySnapshot, _ delta: DirectoryDelta) -> Int {
        guard !delta.isEmpty else { return 0 }
        let users = Dictionary(delta.users.map { ($0.externalID, $0) }, uniquingKeysWith: { $1 })
        let groups = Dictionary(delta.groups.map { ($0.externalID, $0) }, uniquingKeysWith: { $1 })
        let sameUsers = snapshot.users.count { users[$0.externalID] == $0 }
        let sameGroups = snapshot.groups.count { groups[$0.externalID] == $0 }
        return users.count - sameUsers + groups.count - sameGroups + delta.gone.count
    }

    private static func require(_ reading: Completeness) throws(DirectoryError) {
        guard let reason = reading.reason else { return }
        throw .unreachable(reason: "reading what has changed broke off: \(reason)")
    }

    private static func failure(_ error: DirectoryError, _ broken: LDAPError?) -> ChangeFeedError {
        if error == .cancelled { return .broken(LDAPError("search", .cancelled)) }
        return broken.map { .broken($0) } ?? .lost(error.description)
    }
}

/// The names of all people and groups of a reading. Names are compared by rule only where they
/// are not found as written: servers mostly write a name always the same.
private final class MirrorNames {
    private let written: Set<String>
    private lazy var names = Set(written.compactMap { DistinguishedName($0) })
    private var normalized: [String: DistinguishedName] = [:]

    init(_ snapshot: DirectorySnapshot) {
        written = Set(snapshot.users.lazy.map(\.dn)).union(snapshot.groups.lazy.map(\.dn))
    }

    /// Whether nobody who was read has this name.
    func isStranger(_ dn: String) -> Bool {
        if written.contains(dn) { return false }
        return name(dn).map { !names.contains($0) } ?? true
    }

    func isAmong(_ few: Set<DistinguishedName>, _ dn: String) -> Bool {
        guard !few.isEmpty else { return false }
        return name(dn).map(few.contains) ?? false
    }

    /// Many groups have the same members.
    private func name(_ dn: String) -> DistinguishedName? {
        if let known = normalized[dn] { return known }
        let name = DistinguishedName(dn)
        normalized[dn] = name
        return name
    }
}
