public import AccessModel

extension DirectorySynchronization {
    /// Reads a directory and plans; in the mode `run` also applies what the brake lets pass. One
    /// at a time for each directory and database, whichever process asks. A directory that cannot
    /// be read gives a run in the state `failed`, not an error: it is kept and shown like any other.
    /// - Parameters:
    ///   - extent: how much is read; nil for what changed where that is known, else all.
    ///   - dueSince: a run that began since then and was complete is as good: it is the answer. nil for a run in any case.
    ///   - progress: called now and then with the number of entries read.
    public func synchronize(
        _ name: String, mode: SyncRun.Mode, extent: SyncRun.Extent? = nil, dueSince: Timestamp? = nil,
        as caller: Caller,
        progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws(AccessError) -> SyncRun {
        let (stored, sealed) = try await managedDirectory(name, as: caller)
        var begun = SyncRun(
            id: Identifier<SyncRun>.make(at: clock.now).rawValue, directory: name, mode: mode,
            actor: caller.actor.text, startedAt: clock.now, settingsRevision: stored.revision)
        begun.baseRevision = published.current.revision
        let run = begun
        let work = Synchronization(
            synchronization: self, directory: stored.value, sealedPassword: sealed, extent: extent,
            time: TimeForDirectory(timeForDirectory), progress: progress)
        running.runs.withLock { $0[run.id] = {} }
        defer { running.runs.withLock { $0[run.id] = nil } }
        if let earlier = try await begin(run, extent, dueSince: dueSince) { return earlier }
        let task = Task { () -> Result<SyncRun, AccessError> in
            do throws(AccessError) { return .success(try await work.perform(run)) } catch { return .failure(error) }
        }
        let heartbeat = Task { await renewLease(of: run.id) }
        running.runs.withLock { $0[run.id] = { task.cancel() } }
        defer { heartbeat.cancel() }
        let outcome = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        return try outcome.get()
    }
}

/// The work of one run, from reading to applying.
struct Synchronization: Sendable {
    let synchronization: DirectorySynchronization
    let directory: Directory
    let sealedPassword: [UInt8]?
    let extent: SyncRun.Extent?
    let time: TimeForDirectory
    let progress: @Sendable (Int) -> Void

    /// The run as it ended, which is kept.
    func perform(_ begun: SyncRun) async throws(AccessError) -> SyncRun {
        var run = begun
        do throws(AccessError) {
            try await readAndPlan(&run)
        } catch {
            run.state = Task.isCancelled || error == .directory(.cancelled) ? .cancelled : .failed
            run.message = run.state == .cancelled ? "cancelled; nothing was changed" : error.description
            run.finishedAt = synchronization.clock.now
            if run.state == .failed {
                synchronization.logger.warning(
                    "synchronisation failed", metadata: ["directory": "\(directory.name)", "reason": "\(error)"])
            }
            // What is kept of a cancelled run must be written all the same.
            try await synchronization.saveOutsideOfTask(run)
        }
        synchronization.transactions.figures.count(.synchronizations, [directory.name, run.state.rawValue])
        if run.state != .failed { log(run) }
        return run
    }

    private func log(_ run: SyncRun) {
        let isAsExpected = run.state != .held && !run.hasFailed && run.frozen ?? 0 == 0
        synchronization.logger.log(
            level: isAsExpected ? .info : .notice, "synchronised",
            metadata: [
                "directory": "\(directory.name)", "run": "\(run.id)", "state": "\(run.state.rawValue)",
                "applied": "\(run.appliedCount)", "held": "\(run.heldCount)", "frozen": "\(run.frozen ?? 0)",
                "complete": "\(run.isComplete)",
            ])
    }

    /// So many removals may follow from what a directory says has changed; for more it is read whole.
    private static let fewRemovals = 5

    private func readAndPlan(_ run: inout SyncRun) async throws(AccessError) {
        let known = synchronization.mirrors.mirror(of: directory.name, settings: run.settingsRevision)
        let (remembered, last) = try await synchronization.store.read { (reader) throws(AccessError) in
            (
                try reader.memory(of: directory.name)?.clock ?? DirectoryClock(),
                try reader.lastGoodSyncRun(of: directory.name)
            )
        }
        var reading = try await read(since: extent == .full ? nil : known, watching: remembered)
        try take(&reading, &run, comparing: last)
        let hasGoneBack = reading.clock.regression(since: remembered) != nil
        if hasGoneBack, reading.extent == .incremental {
            // What has changed since a time that has not come yet says nothing.
            try await readAll(&reading, because: "the directory went back", watching: remembered)
            try take(&reading, &run, comparing: last)
        }
        if !hasGoneBack, run.isComplete, let mirror = reading.mirror,
            let settled = try await synchronization.settledRun(
                of: directory, run.settingsRevision, as: mirror, at: clock.now)
        {
            return try await finishUnchanged(&run, like: settled, clock: reading.clock)
        }
        var (resolved, planned) = try await plan(&reading, run)
        if reading.extent == .incremental, let reason = try await reasonToReadAll(planned) {
            try await readAll(&reading, because: reason, watching: remembered)
            try take(&reading, &run, comparing: last)
            (resolved, planned) = try await plan(&reading, run)
        }
        if await lookAgain(&reading, at: planned.grounds) {
            (resolved, planned) = try await plan(&reading, run)
        }
        try take(&reading, &run, comparing: last)
        if try await !apply(planned, resolved, digest: reading.mirror?.digest, &run) {
            // What this run had to leave open is for the next one, which reads everything.
            synchronization.mirrors.remember(nil, of: directory.name, settings: run.settingsRevision)
        }
    }

    private var clock: WallClock { synchronization.clock }

    /// - Parameter clock: what is remembered, whose entries are watched.
    private func read(
        since mirror: DirectoryMirror?, watching clock: DirectoryClock
    ) async throws(AccessError) -> DirectoryReading {
        let watched = Set(clock.newest.keys)
        return try await time.ask { () async throws(AccessError) in
            try await synchronization.directories.read(
                directory, sealed: sealedPassword, since: mirror, watching: watched, progress: progress)
        }
    }

    private func readAll(
        _ reading: inout DirectoryReading, because reason: String, watching clock: DirectoryClock
    ) async throws(AccessError) {
        reading = try await read(since: nil, watching: clock)
        reading.log.insert("reads everything: \(reason)", at: 0)
    }

    /// Notes what was read, and keeps it for the next run.
    /// - Parameter last: the last run that knew everything.
    private func take(
        _ reading: inout DirectoryReading, _ run: inout SyncRun, comparing last: SyncRun?
    ) throws(AccessError) {
        guard !Task.isCancelled else { throw .directory(.cancelled) }
        run.read = reading.extent
        run.usersRead = reading.snapshot.users.count
        run.groupsRead = reading.snapshot.groups.count
        run.entriesChanged = reading.entriesChanged
        run.isComplete = reading.snapshot.isComplete
        run.message = reading.snapshot.incompleteness(since: last)
        for line in reading.log { run.note(line, at: clock.now) }
        reading.log = []
        synchronization.mirrors.remember(reading.mirror, of: directory.name, settings: run.settingsRevision)
    }

    // MARK: Second looks

    /// Plans against the rows, once groups that fed something and were not read have been looked for.
    private func plan(
        _ reading: inout DirectoryReading, _ run: SyncRun
    ) async throws(AccessError) -> (ResolvedDirectory, PlannedSynchronization) {
        let (directory, begin) = (directory, run.baseRevision)
        let known = try await synchronization.store.read { (reader) throws(AccessError) in
            try reader.knownGroups(of: directory.name, settings: run.settingsRevision) ?? []
        }
        let lost = await look(for: known, in: &reading)
        let snapshot = try await foreignMembersNamed(in: &reading)
        var resolved = ResolvedDirectory(
            snapshot, settings: directory.settings, now: clock.now, known: known)
        resolved.clock = reading.clock
        resolved.freeze(lost)
        let found = resolved
        let planned = try await synchronization.store.read { (reader) throws(AccessError) in
            try PlannedSynchronization(found, directory, since: begin, reader)
        }
        return (resolved, planned)
    }

    /// Why changes that a directory told are to be seen in a whole reading before they are made; nil if they are few.
    private func reasonToReadAll(_ planned: PlannedSynchronization) async throws(AccessError) -> String? {
        let removals = planned.plan.changes.count { $0.removal != nil }
        let isHeld = !planned.braked.held.isEmpty
        guard isHeld || removals > Self.fewRemovals else { return nil }
        // What waits already was read whole.
        let waiting = try await synchronization.store.read { (reader) throws(AccessError) in
            try reader.waitingSyncRuns(of: directory.name)
        }
        let fresh = planned.braked.apply.count { $0.removal != nil }
        if waiting.contains(where: { $0.state == .held && $0.held == planned.braked.held }), fresh <= Self.fewRemovals {
            return nil
        }
        return removals > Self.fewRemovals
            ? "\(removals) removals would follow from what has changed" : "something would be held"
    }

    /// Neither the directory nor anything that it concerns here has changed since nothing was left to do.
    private func finishUnchanged(
        _ run: inout SyncRun, like earlier: SyncRun, clock read: DirectoryClock
    ) async throws(AccessError) {
        var done = run
        done.plan = SyncPlan(directory: directory.name, changes: [], notes: earlier.settlement?.notes ?? [])
        done.settlement = earlier.settlement
        done.frozen = earlier.frozen
        done.state = run.mode == .plan ? .planned : .applied
        done.baseRevision = earlier.revision ?? run.baseRevision
        done.revision = run.mode == .plan ? nil : earlier.revision
        done.finishedAt = synchronization.clock.now
        done.note("nothing has changed since the last run", at: synchronization.clock.now)
        // What was planned or held of a state in between is out of date: the directory is as it was.
        run = try await end(done) { (run, writer) throws(AccessError) in try writer.remember(run, read) }
    }

    /// Keeps a run that changes nothing, if it is still this process's.
    /// - Parameter remember: notes what it saw.
    /// - Returns: the run as it is kept.
    private func end(
        _ run: SyncRun, _ remember: @Sendable @escaping (SyncRun, any StoreWriter) throws(AccessError) -> Void
    ) async throws(AccessError) -> SyncRun {
        try await synchronization.store.write(as: .service) { (writer) throws(AccessError) in
            var run = run
            try writer.requireOurs(run)
            if run.mode == .run { try writer.lapseOutdatedRuns(before: &run) }
            try writer.finish(run)
            try remember(run, writer)
            return run
        }
    }

    /// Applies a plan in one transaction; if the rows have moved since it was made, plans again inside it.
    /// - Parameter digest: of the reading; nil if it was not complete.
    /// - Returns: whether the plan was about everybody.
    private func apply(
        _ first: PlannedSynchronization, _ resolved: ResolvedDirectory, digest: String?, _ run: inout SyncRun
    ) async throws(AccessError) -> Bool {
        guard run.mode == .run, !first.braked.apply.isEmpty || !first.braked.held.isEmpty else {
            run.take(first, at: synchronization.clock.now)
            run.state = run.mode == .plan ? .planned : .applied
            run.revision = run.mode == .plan ? nil : first.revision
            run.finishedAt = synchronization.clock.now
            run.settle(digest, with: first, plannedAt: resolved.time)
            run = try await end(run) { (run, writer) throws(AccessError) in
                try writer.remember(run, resolved, first)
            }
            return first.isWhole
        }
        guard !Task.isCancelled else { throw .directory(.cancelled) }
        let command = ApplyPlanned(
            first: first, resolved: resolved, digest: digest, directory: directory, run: run,
            clock: synchronization.clock)
        let done = try await synchronization.transactions.perform(
            command, as: Caller(actor: .directory(directory.name), proof: .file)
        ).value
        run = done.run
        return done.isWhole
    }
}

extension SyncRun {
    mutating func take(_ planned: PlannedSynchronization, at now: Timestamp) {
        plan = planned.plan
        held = planned.braked.held
        heldCount = held.reduce(0) { $0 + $1.changes.count }
        frozen = planned.frozen
        baseRevision = planned.revision
        if let gap = planned.gap {
            isComplete = false
            message = planned.isFrozen ? "incomplete: \(gap)" : "incomplete, so nothing was removed: \(gap)"
        }
        counts = planned.plan.counts
        let changes = planned.plan.changes.count
        note("planned \(changes) changes, of which the brake holds \(changes - planned.braked.apply.count)", at: now)
    }

    /// Notes that nothing is left to do, if nothing is: all was read, planned and applied.
    mutating func settle(_ digest: String?, with planned: PlannedSynchronization, plannedAt: Timestamp) {
        guard let digest, mode == .run, state == .applied, isComplete, planned.isWhole else { return }
        settlement = Settlement(digest: digest, rules: SyncPlan.rules, plannedAt: plannedAt, notes: planned.plan.notes)
    }
}
