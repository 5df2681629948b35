import AccessModel
import LDAPClient

/// Finds people and groups who were renamed or moved while a directory was read: a group names
/// them by the new name, and they were read under the old one. A member whom no entry answers
/// for has left; one that cannot be looked up makes the group incomplete.
///
/// A member whom a search selects and did not give, though the server said that it gave all, makes that
/// search incomplete: an index may be missing, or a right.
///
/// Each is looked up by itself. A search for many of them would be answered out of an index, which may be what lacks.
struct RenamedMembers {
    /// How many unknown members are looked up at the most; computers and contacts are among them.
    private static let limit = 10_000
    /// After so many failures the server is not asked any more.
    private static let failureLimit = 3

    private let settings: DirectorySettings
    private let dialect: any DirectoryDialect
    private let bases: [DistinguishedName]
    private let cancellation: LDAPCancellation
    private var written: Set<String> = []
    private var names: Set<DistinguishedName> = []
    private var dns: [String: String] = [:]
    private var answers: [DistinguishedName: Result<String?, LDAPError>] = [:]
    private var failures = 0

    /// A member whom nobody was read for.
    private struct Unknown {
        var place: Int
        var dn: String
        var name: DistinguishedName
    }

    init(_ settings: DirectorySettings, _ cancellation: LDAPCancellation) {
        self.settings = settings
        dialect = settings.dialect
        bases = [settings.users.base, settings.groups.base].compactMap { DistinguishedName($0) }
        self.cancellation = cancellation
    }

    /// - Parameter places: the groups of the snapshot to look at; nil for all.
    mutating func recognise(
        in snapshot: inout DirectorySnapshot, at places: [Int]? = nil, _ connection: inout LDAPConnection
    ) {
        // Nobody is removed then in any case, and the server may be ailing.
        guard snapshot.usersReading.isComplete, snapshot.groupsReading.isComplete else { return }
        learn(snapshot)
        let groups = (places ?? Array(snapshot.groups.indices)).map { (place: $0, unknown: unknown(in: $0, snapshot)) }
        // The groups with many of them come last, so that they use up the limit for themselves only.
        for group in groups.sorted(by: { $0.unknown.count < $1.unknown.count }) {
            for member in group.unknown {
                // What a search kept back is proven by one.
                guard snapshot.usersReading.isComplete, snapshot.groupsReading.isComplete else { return }
                guard recognise(member, of: group.place, in: &snapshot, &connection) else { break }
            }
        }
    }

    private mutating func unknown(in group: Int, _ snapshot: DirectorySnapshot) -> [Unknown] {
        let members = snapshot.groups[group].members
        return members.indices.compactMap { place in
            guard case .dn(let dn) = members[place], !written.contains(dn) else { return nil }
            return unknownName(dn, snapshot).map { Unknown(place: place, dn: dn, name: $0) }
        }
    }

    /// - Returns: whether to go on with the group.
    private mutating func recognise(
        _ member: Unknown, of group: Int, in snapshot: inout DirectorySnapshot, _ connection: inout LDAPConnection
    ) -> Bool {
        if answers[member.name] == nil {
            guard answers.count < Self.limit, failures < Self.failureLimit else {
                let reason =
                    failures < Self.failureLimit
                    ? "\(Self.limit) were looked up already" : "looking others up failed \(failures) times"
                snapshot.groups[group].membersReading = .incomplete(
                    reason: "it has members whom nobody was read for, and \(reason)")
                return false
            }
            answers[member.name] = lookUp(member.dn, &connection)
            if case .failure? = answers[member.name] { failures += 1 }
        }
        switch answers[member.name] {
        case .success(let id?)?:
            if let dn = dns[id] {
                snapshot.groups[group].members[member.place] = .dn(dn)
            } else {
                noteUnread(member.dn, member.name, in: &snapshot, &connection)
            }
        case .failure(let error)?:
            snapshot.groups[group].membersReading = .incomplete(
                reason: "looking up the member \(member.dn) failed: \(error)")
        case .success(nil)?, nil:
            break
        }
        return true
    }

    private mutating func learn(_ snapshot: DirectorySnapshot) {
        written.reserveCapacity(snapshot.users.count + snapshot.groups.count)
        for user in snapshot.users { written.insert(user.dn) }
        for group in snapshot.groups { written.insert(group.dn) }
    }

    /// The name of a member that is inside of what is read and that no entry has, however it is
    /// written. Names are compared by rule only once they differ as written, which is seldom.
    private mutating func unknownName(_ dn: String, _ snapshot: DirectorySnapshot) -> DistinguishedName? {
        guard let name = DistinguishedName(dn), bases.contains(where: name.isWithin) else { return nil }
        if names.isEmpty {
            for (dn, id) in snapshot.users.lazy.map({ ($0.dn, $0.externalID) }) { add(dn, id) }
            for (dn, id) in snapshot.groups.lazy.map({ ($0.dn, $0.externalID) }) { add(dn, id) }
        }
        return names.contains(name) ? nil : name
    }

    private mutating func add(_ dn: String, _ id: String) {
        if let name = DistinguishedName(dn) { names.insert(name) }
        dns[id] = dn
    }

    /// An entry that one of the searches selects, and that neither gave.
    private func noteUnread(
        _ dn: String, _ name: DistinguishedName, in snapshot: inout DirectorySnapshot,
        _ connection: inout LDAPConnection
    ) {
        let reason =
            "\(dn), a member of a group, passes the filter and was not among what the server gave: perhaps it lacks an index"
        if snapshot.usersReading.isComplete, settings.users.covers(name),
            case .success(_?) = lookUp(dn, settings.users.filter, &connection)
        {
            snapshot.usersReading = .incomplete(reason: reason)
        } else if snapshot.groupsReading.isComplete, settings.groups.covers(name),
            case .success(_?) = lookUp(dn, settings.groups.filter, &connection)
        {
            snapshot.groupsReading = .incomplete(reason: reason)
        }
    }

    /// The identity of the entry of that name, if one of the searches selects it; nil if there is none.
    private func lookUp(_ dn: String, _ connection: inout LDAPConnection) -> Result<String?, LDAPError> {
        lookUp(dn, "(|\(settings.users.filter)\(settings.groups.filter))", &connection)
    }

    private func lookUp(
        _ dn: String, _ filter: String, _ connection: inout LDAPConnection
    ) -> Result<String?, LDAPError> {
        let request = LDAPSearch(base: dn, scope: .base, filter: filter, attributes: [dialect.identity])
        do throws(LDAPError) {
            guard !cancellation.isCancelled else { throw LDAPError("look up", .cancelled) }
            return .success(try connection.search(request).first.flatMap(dialect.externalID))
        } catch {
            return error.code == .noSuchObject ? .success(nil) : .failure(error)
        }
    }
}
