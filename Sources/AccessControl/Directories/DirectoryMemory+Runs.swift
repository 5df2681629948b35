import AccessModel

extension StoreReader {
    /// Why removals that a reading of a directory calls for are not to be believed; nil if nothing speaks against them.
    func doubt(of directory: Directory, at clock: DirectoryClock) throws(AccessError) -> String? {
        guard let settings = try self.directory(named: directory.name)?.revision,
            let memory = try memory(of: directory.name, settings: settings)
        else { return nil }
        return memory.doubt ?? clock.regression(since: memory.clock)
    }
}

extension StoreWriter {
    /// Notes what a good run that planned nothing saw.
    func remember(_ run: SyncRun, _ clock: DirectoryClock) throws(AccessError) {
        guard run.isGood, let known = try memory(of: run.directory, settings: run.settingsRevision) else { return }
        var memory = known
        memory.clock = clock.following(known.clock, isWhole: run.read == .full)
        if memory != known { try keep(memory, groups: nil, of: run.directory) }
    }

    /// Notes what a good run saw. Other runs say too little.
    ///
    /// Doubt stays until a person approves what is held for it, or until nothing is: with the next change the directory
    /// may be further than it ever was, and what was lost is lost all the same.
    func remember(
        _ run: SyncRun, _ resolved: ResolvedDirectory, _ planned: PlannedSynchronization
    ) throws(AccessError) {
        guard run.isGood else { return }
        let known = try memory(of: run.directory, settings: run.settingsRevision)
        let clock = known?.clock ?? DirectoryClock()
        let isHeld = planned.plan.changes.contains { $0.removal != nil }
        let doubt = isHeld ? planned.doubt : nil
        let memory = DirectoryMemory(
            settingsRevision: run.settingsRevision,
            clock: doubt == nil ? resolved.clock.following(clock, isWhole: run.read == .full) : clock, doubt: doubt)
        try keep(memory, groups: resolved.knownGroups, of: run.directory)
    }
}

extension SyncRun {
    /// Whether it read all there is and did what was to be done, or held it.
    fileprivate var isGood: Bool { mode == .run && isComplete && (state == .applied || state == .held) }
}
