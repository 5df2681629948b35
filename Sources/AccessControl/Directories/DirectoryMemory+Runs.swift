import AccessModel

extension StoreReader {
    /// Why removals that a reading of a directory calls for are not to be believed; nil if nothing speaks against them.
    func doubt(of directory: Directory, at clock: DirectoryClock) throws(AccessError) -> String? {
        guard let memory = try memory(of: directory.name),
            try self.directory(named: directory.name)?.revision == memory.settingsRevision
        else { return nil }
        return memory.doubt ?? clock.regression(since: memory.clock)
    }
}

extension StoreWriter {
    /// Brings what is remembered of a directory up to date after a good run. Other runs say too little.
    func remember(_ run: SyncRun, updating update: (inout DirectoryMemory) -> Void) throws(AccessError) {
        guard run.mode == .run, run.isComplete, run.state == .applied || run.state == .held else { return }
        let known = try memory(of: run.directory).flatMap { $0.settingsRevision == run.settingsRevision ? $0 : nil }
        let before =
            known
            ?? DirectoryMemory(settingsRevision: run.settingsRevision, clock: DirectoryClock(), doubt: nil, groups: [])
        var memory = before
        update(&memory)
        if memory != known { try keep(memory, of: run.directory) }
    }
}

extension DirectoryMemory {
    /// Doubt stays until a person approves what is held for it, or until nothing is: with the next change the directory
    /// may be further than it ever was, and what was lost is lost all the same.
    mutating func take(_ resolved: ResolvedDirectory, _ planned: PlannedSynchronization, isWhole: Bool) {
        groups = resolved.knownGroups
        let isHeld = planned.plan.changes.contains { $0.removal != nil }
        doubt = isHeld ? planned.doubt : nil
        if doubt == nil { clock = resolved.clock.following(clock, isWhole: isWhole) }
    }
}
