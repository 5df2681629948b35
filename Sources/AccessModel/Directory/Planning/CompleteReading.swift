/// Proof that what a removal rests on was read to its end. `SyncChange.removing` asks for one,
/// and there is no other way to get one than from a complete reading: so no plan made from half
/// a directory can take anything from anybody.
struct CompleteReading {
    /// That everybody whom the search for users selects was read.
    init?(ofUsersIn directory: ResolvedDirectory) {
        guard directory.usersReading.isComplete else { return nil }
    }

    /// That everybody and everything was read, and all of `feeds` to the last member.
    init?(of feeds: [ResolvedFeed], in directory: ResolvedDirectory) {
        guard directory.usersReading.isComplete, directory.groupsReading.isComplete,
            feeds.allSatisfy({ $0.reading.isComplete })
        else { return nil }
    }
}
