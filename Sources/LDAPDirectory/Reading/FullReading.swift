import AccessControl
import AccessModel
import LDAPClient

/// One read of a whole directory over one connection: the people, then the groups with all
/// their members.
struct FullReading {
    private var search: EntrySearch
    private let cancellation: LDAPCancellation

    init(_ search: EntrySearch, _ cancellation: LDAPCancellation) {
        self.search = search
        self.cancellation = cancellation
    }

    /// - Throws: only for settings that cannot be used; every other failure is told in the snapshot.
    mutating func read(_ connection: inout LDAPConnection) throws(DirectoryError) -> DirectorySnapshot {
        let (users, usersReading) = try search.users(&connection)
        let (groups, groupsReading) = try search.groups(&connection)
        var snapshot = DirectorySnapshot(
            users: users, groups: groups, usersReading: usersReading, groupsReading: groupsReading,
            referrals: search.referrals)
        snapshot.aliases = search.aliases(&connection)
        var renamed = RenamedMembers(search.settings, cancellation)
        renamed.recognise(in: &snapshot, &connection)
        return snapshot
    }

    /// What the next reading can begin from: nothing less than everything, read to its end.
    /// - Parameter position: where the directory was before.
    func mirror(of snapshot: DirectorySnapshot, at position: DirectoryPosition?) -> DirectoryMirror? {
        guard var position, snapshot.usersReading.isComplete, snapshot.groupsReading.isComplete,
            snapshot.groups.allSatisfy(\.membersReading.isComplete)
        else { return nil }
        if case .modifyTimestamp = position.mark {
            guard let time = StandardFeed.time(toAskFrom: search.changes.newest) else { return nil }
            position.mark = .modifyTimestamp(time)
        }
        return DirectoryMirror(snapshot: snapshot, position: position, digest: snapshot.digest())
    }

    /// When entries were changed, by identity.
    var changeTimes: [String: String] { search.changes.times }

    /// What was read, in words.
    var summary: String { "read \(search.entries) entries in \(search.pages) pages" }
}
