import AccessModel

/// A plan with what the brake says of it, and the revision both were made from.
struct PlannedSynchronization: Sendable {
    let plan: SyncPlan
    let braked: BrakedPlan
    let revision: Revision
    /// Why the reading counts as incomplete though the directory gave it as complete.
    let gap: String?
    /// Whether it is about everybody: there is no gap, and nobody was left out.
    let isWhole: Bool

    /// - Parameter begin: the revision when the reading began.
    init(
        _ resolved: ResolvedDirectory, _ directory: Directory, since begin: Revision, _ reader: any StoreReader
    ) throws(AccessError) {
        var (resolved, state) = (resolved, try DirectoryState(of: directory, from: reader))
        let known = state.accounts.count
        try state.leaveOut(linkedSince: begin, unlessIn: resolved, reader)
        gap = resolved.emptiness(against: state)
        isWhole = gap == nil && state.accounts.count == known
        if let gap { resolved.usersReading = .incomplete(reason: gap) }
        plan = SyncPlan(directory: resolved, state: state)
        let hasRun = try reader.lastGoodSyncRun(of: directory.name) != nil
        let isFirstRun = !hasRun || state.isUntouched(justInTime: directory.settings.justInTime)
        braked = Brake.apply(plan, limits: directory.settings.brake, state: state, isFirstRun: isFirstRun)
        revision = try reader.revision()
    }
}

extension ResolvedDirectory {
    /// A search that selects nobody at all is more likely a filter or a right that went wrong than a company
    /// without people. nil if there is nothing to lose by it.
    fileprivate func emptiness(against state: DirectoryState) -> String? {
        guard people.isEmpty, usersReading.isComplete, !state.accounts.isEmpty else { return nil }
        return
            "the search for users selects nobody at all: check the filter, the base and the rights of the bind account"
    }
}

extension DirectoryState {
    /// Whether the directory has given nothing yet: people are at most linked to it by command, or came by
    /// a login.
    fileprivate func isUntouched(justInTime: Bool) -> Bool {
        (justInTime || accounts.allSatisfy { $0.account.directory?.dn.isEmpty ?? true })
            && !organizationMembers.contains { $0.managedBy == directory }
            && !teamMembers.contains { $0.managedBy == directory }
    }

    /// Leaves out people who came while the directory was read, by a login or a command: a reading
    /// that began before they were in the directory knows nothing of them.
    fileprivate mutating func leaveOut(
        linkedSince begin: Revision, unlessIn resolved: ResolvedDirectory, _ reader: any StoreReader
    ) throws(AccessError) {
        var recent: Set<AccountID> = []
        let page = 10_000
        var end = begin
        var entries: [LoggedChange]
        repeat {
            entries = try reader.changes(after: end, limit: page)
            for entry in entries {
                guard case .account(let account)? = entry.change.after, account.directory?.directory == directory
                else { continue }
                if case .account(let before)? = entry.change.before, before.directory?.directory == directory {
                    continue
                }
                recent.insert(account.id)
            }
            end = entries.last?.revision ?? end
        } while entries.count == page
        guard !recent.isEmpty else { return }
        let known = Set(resolved.people.map(\.externalID))
        accounts.removeAll { linked in
            let account = linked.account
            guard recent.contains(account.id), !known.contains(account.directory?.externalID ?? "") else {
                return false
            }
            takenNames[account.name] = .directory(directory)
            if let login = account.login { takenNames[login] = .directory(directory) }
            return true
        }
    }
}

/// Applies what the brake lets pass. The run must still be this process's to finish.
struct ApplyPlanned: Command {
    let first: PlannedSynchronization
    let resolved: ResolvedDirectory
    let directory: Directory
    let run: SyncRun
    let clock: WallClock

    struct Result: Sendable {
        var run: SyncRun
        /// Whether the plan was about everybody.
        var isWhole: Bool
    }

    func perform(in context: WriteContext) throws(AccessError) -> Result {
        var run = run
        try context.writer.requireOurs(run)
        try context.writer.requireUnchanged(run)
        let planned =
            try context.writer.revision() == first.revision
            ? first
            : PlannedSynchronization(resolved, directory, since: run.baseRevision, context.writer)
        run.take(planned, at: clock.now)
        run.appliedCount = try ApplySyncChanges(directory: directory.name, changes: planned.braked.apply)
            .perform(in: context)
        run.state = planned.braked.held.isEmpty ? .applied : .held
        run.revision = try context.writer.revision()
        try context.writer.settleEarlierRuns(before: &run)
        run.note("applied \(run.appliedCount) changes", at: clock.now)
        run.finishedAt = clock.now
        try context.writer.finish(run)
        return Result(run: run, isWhole: planned.isWhole)
    }
}

/// Applies what waits in a run, and only once: its state is read in the same transaction.
struct SettleRun: Command {
    let id: String
    let expected: SyncRun.State
    let changes: [SyncChange]
    let approvedBy: String
    let clock: WallClock

    func perform(in context: WriteContext) throws(AccessError) -> SyncRun {
        guard var run = try context.writer.syncRun(id), run.state == expected else {
            throw .conflict(code: "wrong-state", detail: "the synchronisation \(id) was settled by somebody else")
        }
        try context.writer.requireUnchanged(run)
        run.appliedCount += try ApplySyncChanges(directory: run.directory, changes: changes).perform(in: context)
        guard try context.writer.activeSystemAdministratorCount() > 0 else {
            throw .conflict(
                code: "last-administrator",
                detail: "no active system administrator would remain: make another one first")
        }
        run.state = .applied
        run.revision = try context.writer.revision()
        run.note("approved by \(approvedBy): applied \(changes.count) changes", at: clock.now)
        run.message = [run.message, "approved by \(approvedBy)"].compactMap { $0 }.joined(separator: "; ")
        for earlier in try context.writer.waitingSyncRuns(of: run.directory) where earlier.id != run.id {
            try context.writer.lapse(earlier, because: "settled by \(run.id)")
        }
        try context.writer.save(run)
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
        guard run.isWaiting else { throw AccessService.wrongState(run) }
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
    func settleEarlierRuns(before run: inout SyncRun) throws(AccessError) {
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
            throw .conflict(code: "sync-running", detail: "another process has taken over: nothing was changed")
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
                code: "plan-lapsed",
                detail: "the settings of \"\(run.directory)\" have changed since it was read: synchronise again")
        }
    }
}

extension SyncPlan {
    /// How many changes there are of each kind.
    var counts: [String: Int] {
        changes.reduce(into: [:]) { $0[SyncChangeRecord(action: $1.action).action, default: 0] += 1 }
    }
}
