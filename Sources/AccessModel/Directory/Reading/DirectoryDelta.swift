/// What a directory says has changed since an earlier, complete reading.
public struct DirectoryDelta: Hashable, Sendable {
    /// People and groups as they are now, new or in place of those of the same identity.
    public var users: [DirectoryUser]
    public var groups: [DirectoryGroup]
    /// The identities that the searches select no more: deleted, moved away, or no longer what the filter asks for.
    public var gone: Set<String>
    /// Whether `gone` is everybody who has gone. A directory that does not show what was deleted
    /// leaves that to the next full reading.
    public var goneReading: Completeness

    public init(
        users: [DirectoryUser] = [], groups: [DirectoryGroup] = [], gone: Set<String> = [],
        goneReading: Completeness = .complete
    ) {
        self.users = users
        self.groups = groups
        self.gone = gone
        self.goneReading = goneReading
    }

    public var isEmpty: Bool { users.isEmpty && groups.isEmpty && gone.isEmpty }
}

extension DirectorySnapshot {
    /// The directory as it is after the changes. Complete only if this is, and all that has gone is known.
    public func applying(_ delta: DirectoryDelta) -> DirectorySnapshot {
        var next = self
        Self.merge(delta.users, into: &next.users, without: delta.gone, by: \.externalID)
        Self.merge(delta.groups, into: &next.groups, without: delta.gone, by: \.externalID)
        if !delta.goneReading.isComplete {
            if usersReading.isComplete { next.usersReading = delta.goneReading }
            if groupsReading.isComplete { next.groupsReading = delta.goneReading }
        }
        return next
    }

    private static func merge<Entry>(
        _ changed: [Entry], into entries: inout [Entry], without gone: Set<String>, by id: (Entry) -> String
    ) {
        guard !changed.isEmpty || !gone.isEmpty else { return }
        let latest = Dictionary(changed.map { (id($0), $0) }, uniquingKeysWith: { $1 })
        if !gone.isEmpty { entries.removeAll { gone.contains(id($0)) && latest[id($0)] == nil } }
        // An entry that was read twice, on two pages, changes in both places.
        for index in entries.indices {
            if let entry = latest[id(entries[index])] { entries[index] = entry }
        }
        var known = Set(entries.map(id))
        // What is new comes in the order in which it was read.
        entries += changed.compactMap { known.insert(id($0)).inserted ? latest[id($0)] : nil }
    }
}
