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

    /// So many people may leave by what a directory says has changed; more are looked for in a whole reading.
    private static let fewLeavers = 5

    private func readAndPlan(_ run: inout SyncRun) async throws(AccessError) {
        let known = service.mirrors.mirror(of: directory.name, settings: run.settingsRevision)
        var reading = try await service.read(
            directory, sealed: sealedPassword, since: extent == .full ? nil : known, progress: progress)
        try take(reading, &run)
        if run.isComplete, let mirror = reading.mirror,
            let settled = try await service.settledRun(of: directory, run.settingsRevision, as: mirror, at: clock.now)
        {
            return try await finishUnchanged(&run, like: settled)
        }
        if try await lookAgain(&reading) { try take(reading, &run) }
        let now = clock.now
        let resolved = ResolvedDirectory(reading.snapshot, settings: directory.settings, now: now)
        if try await !planAndApply(resolved, digest: reading.mirror?.digest, &run) {
            // What this run had to leave open is for the next one, which reads everything.
            service.mirrors.remember(nil, of: directory.name, settings: run.settingsRevision)
        }
    }

    private var clock: WallClock { service.clock }

    /// Notes what was read, and keeps it for the next run.
    private func take(_ reading: DirectoryReading, _ run: inout SyncRun) throws(AccessError) {
        guard !Task.isCancelled else { throw .directory(.cancelled) }
        run.read = reading.extent
        run.usersRead = reading.snapshot.users.count
        run.groupsRead = reading.snapshot.groups.count
        run.entriesChanged = reading.entriesChanged
        run.isComplete = reading.snapshot.isComplete
        run.message = reading.snapshot.incompleteness
        for line in reading.log { run.note(line, at: clock.now) }
        service.mirrors.remember(reading.mirror, of: directory.name, settings: run.settingsRevision)
    }

    /// Before anybody is called gone: many are looked for in a whole reading, and each once more by name.
    /// - Returns: whether the reading has become another one.
    private func lookAgain(_ reading: inout DirectoryReading) async throws(AccessError) -> Bool {
        var isAnother = false
        var leavers = try await service.leavers(in: reading.snapshot, of: directory)
        if reading.extent == .incremental, leavers.count > Self.fewLeavers {
            let reason = "reads everything: \(leavers.count) people would be gone"
            reading = try await service.read(directory, sealed: sealedPassword, since: nil, progress: progress)
            reading.log.insert(reason, at: 0)
            leavers = try await service.leavers(in: reading.snapshot, of: directory)
            isAnother = true
        }
        if let reason = await service.doubt(leavers, of: directory, sealed: sealedPassword) {
            reading.snapshot.usersReading = .incomplete(reason: reason)
            reading.mirror = nil
            if !isAnother { reading.log = [] }
            isAnother = true
        }
        return isAnother
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

extension AccessService {
    /// The active people of a directory whom a complete reading of it did not give.
    fileprivate func leavers(
        in snapshot: DirectorySnapshot, of directory: Directory
    ) async throws(AccessError) -> [DirectoryLink] {
        guard snapshot.usersReading.isComplete else { return [] }
        let linked = try await store.read { (reader) throws(AccessError) in
            try reader.activeLinks(to: directory.name)
        }
        guard !linked.isEmpty else { return [] }
        let read = Set(snapshot.users.map(\.externalID))
        return linked.filter { !read.contains($0.externalID) && !$0.dn.isEmpty }
    }

    /// Looks once more for people who would be called gone, by their names and not by a search. More than this are
    /// many, and held.
    /// - Returns: why the reading was not complete after all; nil if nothing speaks against it.
    fileprivate func doubt(
        _ leavers: [DirectoryLink], of directory: Directory, sealed: [UInt8]?
    ) async -> String? {
        guard !leavers.isEmpty else { return nil }
        do {
            let unread = try await directorySource.firstUnread(
                of: Array(leavers.prefix(200)), directory.settings,
                bindPassword: bindPassword(of: directory, sealed: sealed))
            return unread.map {
                "\($0.dn) is there and passes the filter, and was not among what the server gave: perhaps it lacks an index"
            }
        } catch {
            return "whether \(leavers.count) people are gone cannot be told: \(error)"
        }
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
            message = "incomplete, so nothing was removed: \(gap)"
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
