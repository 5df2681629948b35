import AccessModel

extension StoreReader {
    /// Why nothing that a reading of a directory calls for is to be believed; nil if nothing speaks against it.
    func doubt(of directory: Directory, at clock: DirectoryClock) throws(AccessError) -> String? {
        guard let memory = try memory(of: directory.name) else { return nil }
        return memory.doubt ?? clock.regression(since: memory.clock)
    }
}

extension StoreWriter {
    /// Notes how far a directory was that says what it said before.
    func remember(_ run: SyncRun, _ clock: DirectoryClock) throws(AccessError) {
        guard run.mode == .run, let known = try memory(of: run.directory) else { return }
        var memory = known
        memory.clock = clock.following(known.clock, isWhole: run.read == .full && run.isComplete)
        if memory != known { try upsert(memory, of: run.directory) }
    }

    /// Notes what a run saw that was planned.
    ///
    /// Doubt stays until a person approves what is held for it, or until all was read and nothing is to be done: with the
    /// next change the directory may be further than it ever was, and what was lost is lost all the same.
    func remember(
        _ run: SyncRun, _ resolved: ResolvedDirectory, _ planned: PlannedSynchronization
    ) throws(AccessError) {
        guard run.mode == .run, run.state == .applied || run.state == .held else { return }
        let known = try memory(of: run.directory) ?? DirectoryMemory(clock: DirectoryClock())
        let isAll = run.isComplete && planned.isWhole && resolved.feeds.allSatisfy(\.reading.isComplete)
        if let doubt = planned.doubt, !isAll || !planned.plan.isEmpty {
            try upsert(DirectoryMemory(clock: known.clock, doubt: doubt, doubted: resolved.clock), of: run.directory)
        } else {
            let clock = resolved.clock.following(known.clock, isWhole: isAll && run.read == .full)
            try upsert(DirectoryMemory(clock: clock), of: run.directory)
        }
        guard run.isComplete else { return }
        let groups = try knownGroups(of: run.directory, settings: run.settingsRevision) ?? []
        try upsert(resolved.knownGroups(after: groups), of: run.directory, settings: run.settingsRevision)
    }

    /// A person approved what a run of the directory held, or a plan of it: that was meant, and all before it.
    func trust(_ directory: String) throws(AccessError) {
        try deleteTallies(of: directory)
        guard let memory = try memory(of: directory), let doubted = memory.doubted else { return }
        try upsert(DirectoryMemory(clock: doubted.replacing(memory.clock)), of: directory)
    }
}
