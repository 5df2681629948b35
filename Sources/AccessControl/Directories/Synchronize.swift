import AccessModel

extension AccessService {
    /// Reads a directory and plans; in the mode `run` also applies what the brake lets pass. One
    /// at a time for each directory and database, whichever process asks. A directory that cannot
    /// be read gives a run in the state `failed`, not an error: it is kept and shown like any other.
    /// - Parameters:
    ///   - extent: how much is read; nil for what changed where that is known, else all.
    ///   - progress: called now and then with the number of entries read.
    public func synchronize(
        _ name: String, mode: SyncRun.Mode, extent: SyncRun.Extent? = nil, as caller: Caller,
        progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws(AccessError) -> SyncRun {
        let (stored, sealed) = try await managedDirectory(name, as: caller)
        var begun = SyncRun(
            id: Identifier<SyncRun>.make(at: clock.now).rawValue, directory: name, mode: mode,
            actor: caller.actor.text, startedAt: clock.now, settingsRevision: stored.revision)
        begun.baseRevision = published.current.revision
        let run = begun
        let work = Synchronization(
            service: self, directory: stored.value, sealedPassword: sealed, extent: extent, progress: progress)
        runningSyncs.runs.withLock { $0[run.id] = {} }
        defer { runningSyncs.runs.withLock { $0[run.id] = nil } }
        try await begin(run)
        let task = Task { () -> Result<SyncRun, AccessError> in
            do throws(AccessError) { return .success(try await work.perform(run)) } catch { return .failure(error) }
        }
        let heartbeat = Task { await renewLease(of: run.id) }
        runningSyncs.runs.withLock { $0[run.id] = { task.cancel() } }
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
    let service: AccessService
    let directory: Directory
    let sealedPassword: [UInt8]?
    let extent: SyncRun.Extent?
    let progress: @Sendable (Int) -> Void

    /// The run as it ended, which is kept.
    func perform(_ begun: SyncRun) async throws(AccessError) -> SyncRun {
        var run = begun
        do throws(AccessError) {
            try await readAndPlan(&run)
        } catch {
            run.state = Task.isCancelled || error == .directory(.cancelled) ? .cancelled : .failed
            run.message = run.state == .cancelled ? "cancelled; nothing was changed" : error.description
            run.finishedAt = service.clock.now
            if run.state == .failed {
                service.logger.warning(
                    "synchronisation failed", metadata: ["directory": "\(directory.name)", "reason": "\(error)"])
            }
            // What is kept of a cancelled run must be written all the same.
            try await service.saveOutsideOfTask(run)
        }
        return run
    }

    private func readAndPlan(_ run: inout SyncRun) async throws(AccessError) {
        let known = service.mirrors.mirror(of: directory.name, settings: run.settingsRevision)
        let reading = try await service.read(
            directory, sealed: sealedPassword, since: extent == .full ? nil : known, progress: progress)
        guard !Task.isCancelled else { throw .directory(.cancelled) }
        let now = service.clock.now
        run.read = reading.extent
        run.usersRead = reading.snapshot.users.count
        run.groupsRead = reading.snapshot.groups.count
        run.entriesChanged = reading.entriesChanged
        run.isComplete = reading.snapshot.isComplete
        run.message = reading.snapshot.incompleteness
        for line in reading.log { run.note(line, at: now) }
        service.mirrors.remember(reading.mirror, of: directory.name, settings: run.settingsRevision)
        if run.isComplete, let mirror = reading.mirror,
            let settled = try await service.settledRun(of: directory, run.settingsRevision, as: mirror, at: now)
        {
            return try await finishUnchanged(&run, like: settled)
        }
        let resolved = ResolvedDirectory(reading.snapshot, settings: directory.settings, now: now)
        if try await !planAndApply(resolved, digest: reading.mirror?.digest, &run) {
            // What this run had to leave open is for the next one, which reads everything.
            service.mirrors.remember(nil, of: directory.name, settings: run.settingsRevision)
        }
    }

    /// Neither the directory nor anything that it concerns here has changed since nothing was left to do.
    private func finishUnchanged(_ run: inout SyncRun, like earlier: SyncRun) async throws(AccessError) {
        var done = run
        done.plan = SyncPlan(directory: directory.name, changes: [], notes: earlier.settlement?.notes ?? [])
        done.settlement = earlier.settlement
        done.state = run.mode == .plan ? .planned : .applied
        done.baseRevision = earlier.revision ?? run.baseRevision
        done.revision = run.mode == .plan ? nil : earlier.revision
        done.finishedAt = service.clock.now
        done.note("nothing has changed since the last run", at: service.clock.now)
        // What was planned or held of a state in between is out of date: the directory is as it was.
        run = try await end(done)
    }

    /// Keeps a run that changes nothing, if it is still this process's.
    /// - Returns: the run as it is kept.
    private func end(_ run: SyncRun) async throws(AccessError) -> SyncRun {
        try await service.store.write(as: .service) { (writer) throws(AccessError) in
            var run = run
            try writer.requireOurs(run)
            if run.mode == .run { try writer.settleEarlierRuns(before: &run) }
            try writer.finish(run)
            return run
        }
    }

    /// Plans against the rows, then applies in one transaction; if the rows have moved in
    /// between, plans again inside it.
    /// - Parameter digest: of the reading; nil if it was not complete.
    /// - Returns: whether the plan was about everybody.
    private func planAndApply(
        _ resolved: ResolvedDirectory, digest: String?, _ run: inout SyncRun
    ) async throws(AccessError) -> Bool {
        let directory = directory
        let begin = run.baseRevision
        let first = try await service.store.read { (reader) throws(AccessError) in
            try PlannedSynchronization(resolved, directory, since: begin, reader)
        }
        guard run.mode == .run, !first.braked.apply.isEmpty || !first.braked.held.isEmpty else {
            run.take(first, at: service.clock.now)
            run.state = run.mode == .plan ? .planned : .applied
            run.revision = run.mode == .plan ? nil : first.revision
            run.finishedAt = service.clock.now
            run.settle(digest, with: first, plannedAt: resolved.time)
            run = try await end(run)
            return first.isWhole
        }
        guard !Task.isCancelled else { throw .directory(.cancelled) }
        let command = ApplyPlanned(
            first: first, resolved: resolved, digest: digest, directory: directory, run: run, clock: service.clock)
        let done = try await service.perform(command, as: Caller(actor: .directory(directory.name), proof: .file)).value
        run = done.run
        return done.isWhole
    }
}

extension SyncRun {
    mutating func take(_ planned: PlannedSynchronization, at now: Timestamp) {
        plan = planned.plan
        held = planned.braked.held
        heldCount = held.reduce(0) { $0 + $1.changes.count }
        baseRevision = planned.revision
        if let gap = planned.gap {
            isComplete = false
            message = "incomplete, so nothing was removed: people: \(gap)"
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

extension DirectorySnapshot {
    var isComplete: Bool { incompleteness == nil && groups.allSatisfy(\.membersReading.isComplete) }

    /// What was not read to the end; nil when all was.
    var incompleteness: String? {
        var reasons: [String] = []
        if let reason = usersReading.reason { reasons.append("people: \(reason)") }
        if let reason = groupsReading.reason, reason != usersReading.reason { reasons.append("groups: \(reason)") }
        return reasons.isEmpty ? nil : "incomplete, so nothing was removed: " + reasons.joined(separator: "; ")
    }
}
