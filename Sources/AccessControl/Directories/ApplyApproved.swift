import AccessModel

/// Applies what waits in a run, and only once: its state is read in the same transaction.
struct ApplyApproved: Command {
    let id: String
    let expected: SyncRun.State
    let changes: [SyncChange]
    let approvedBy: String
    let clock: WallClock

    func perform(in context: WriteContext) throws(AccessError) -> SyncRun {
        guard var run = try context.writer.syncRun(id), run.state == expected else {
            throw .conflict(
                code: .wrongState, detail: "the synchronisation \(id) was applied or cancelled by somebody else")
        }
        try context.writer.requireUnchanged(run)
        run.appliedCount &+= try ApplySyncChanges(directory: run.directory, changes: changes).perform(in: context)
        guard try context.writer.activeSystemAdministratorCount() > 0 else {
            throw .conflict(
                code: .lastAdministrator,
                detail: "no active system administrator would remain: make another one first")
        }
        run.state = .applied
        run.revision = try context.writer.revision()
        run.note("approved by \(approvedBy): applied \(changes.count) changes", at: clock.now)
        run.message = [run.message, "approved by \(approvedBy)"].compactMap { $0 }.joined(separator: "; ")
        for earlier in try context.writer.waitingSyncRuns(of: run.directory) where earlier.id != run.id {
            try context.writer.lapse(earlier, because: "replaced by \(run.id)")
        }
        try context.writer.save(run)
        try context.writer.trust(run.directory)
        try context.writer.endReferences(to: run, because: "approved in \(run.id)")
        return run
    }
}

/// Gives up what waits in a run.
struct CancelRun: Command {
    let id: String
    let clock: WallClock

    func perform(in context: WriteContext) throws(AccessError) -> SyncRun {
        guard var run = try context.writer.syncRun(id) else { throw .notFound(kind: "synchronisation", name: id) }
        guard run.isWaiting else { throw DirectorySynchronization.wrongState(run) }
        run.state = .cancelled
        run.finishedAt = clock.now
        try context.writer.save(run)
        try context.writer.endReferences(to: run, because: "given up in \(run.id)")
        return run
    }
}

extension StoreWriter {
    /// A later run saw the directory as it is now: what an earlier one planned or held is out of
    /// date, unless this one says exactly the same. Then whoever read the earlier one may still
    /// approve it, and this one refers to it. An incomplete reading says nothing about removals,
    /// and lets them wait.
    func lapseOutdatedRuns(before run: inout SyncRun) throws(AccessError) {
        for (place, earlier) in try waitingSyncRuns(of: run.directory).filter({ $0.id != run.id }).enumerated() {
            let isSame =
                earlier.settingsRevision == run.settingsRevision
                && (earlier.state == .held
                    ? earlier.held == run.held : run.appliedCount == 0 && earlier.plan?.changes == run.plan?.changes)
            if !isSame {
                // So many are enough to choose from, where no complete reading ends them.
                if run.isComplete || place >= 19 { try lapse(earlier, because: "planned anew by \(run.id)") }
            } else if earlier.state == .held {
                run.waitsIn = earlier.id
            }
        }
    }

    /// Another process may have taken this one for dead, and run in its place.
    func requireOurs(_ run: SyncRun) throws(AccessError) {
        guard try syncRun(run.id)?.state == .running else {
            throw .conflict(code: .syncRunning, detail: "another process has taken over: nothing was changed")
        }
    }

    func lapse(_ run: SyncRun, because reason: String) throws(AccessError) {
        var lapsed = run
        lapsed.state = .lapsed
        lapsed.message = reason
        try save(lapsed)
        try endReferences(to: run, because: reason)
    }

    /// Runs that held the same as one that waits no longer.
    func endReferences(to run: SyncRun, because reason: String) throws(AccessError) {
        for var other in try syncRuns(referringTo: run.id, of: run.directory) {
            other.state = .lapsed
            other.message = reason
            try save(other)
        }
    }

    /// A plan follows the directory's settings as they were when it was read.
    func requireUnchanged(_ run: SyncRun) throws(AccessError) {
        guard try directory(named: run.directory)?.revision == run.settingsRevision else {
            throw .conflict(
                code: .planLapsed,
                detail: "the settings of \"\(run.directory)\" have changed since it was read: synchronise again")
        }
    }
}
